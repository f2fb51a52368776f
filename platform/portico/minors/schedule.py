"""A schedule day by day, and which of them are school days. No database, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

LONGEST = 400  # days looked at: past any school year
SCHOOL_DAYS = range(1, 6)  # ISO: Monday to Friday
SUMMER_MONTHS = (7, 8)  # no school, wherever the calendar says nothing else
USUAL_SCHOOL_HOURS = (time(8), time(15))


@dataclass(frozen=True)
class Schedule:
    """From *starts_on* to *ends_on*, both included, on *days* (ISO), at the site's times."""

    starts_on: date
    ends_on: date
    days: Sequence[int]
    start_time: time
    end_time: time

    @property
    def minutes(self) -> int:
        """Of one day; a break is not known, so none is taken off."""
        return max(0, _minutes(self.end_time) - _minutes(self.start_time))

    def dates(self) -> Iterator[date]:
        last = min(self.ends_on, self.starts_on + timedelta(days=LONGEST))
        day = self.starts_on
        while day <= last:
            if day.isoweekday() in self.days:
                yield day
            day += timedelta(days=1)


@dataclass(frozen=True)
class SchoolCalendar:
    """*holidays*: [{"from", "to"}], days of the calendar as ISO text, both included."""

    holidays: Sequence[Mapping[str, Any]] = field(default_factory=list)

    def is_school_day(self, day: date) -> bool:
        """Monday to Friday, outside July and August and the school's days off."""
        if day.isoweekday() not in SCHOOL_DAYS or day.month in SUMMER_MONTHS:
            return False
        text = day.isoformat()
        return not any(one["from"] <= text <= one["to"] for one in self.holidays)

    def is_school_week(self, monday: date) -> bool:
        """True when school is held on any day of the week that begins on *monday*."""
        return any(self.is_school_day(monday + timedelta(days=number)) for number in range(7))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def is_summer(day: date) -> bool:
    """June 1 to Labor Day, the first Monday of September, both included."""
    first = date(day.year, 9, 1)
    labor_day = first + timedelta(days=(8 - first.isoweekday()) % 7)
    return date(day.year, 6, 1) <= day <= labor_day


def _minutes(at: time) -> int:
    return 60 * at.hour + at.minute
