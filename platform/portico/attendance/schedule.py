"""On which days, from when until when a student is expected. No database, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from portico.internships.models import Placement

LONGEST_SEARCH = 400  # days: past any school year


@dataclass(frozen=True)
class Expected:
    """One expected day, in UTC."""

    day: date
    start: datetime
    end: datetime


def holiday_name(holidays: Sequence[Mapping[str, Any]], day: date) -> str | None:
    """What the calendar calls *day* when it is free; None on a day like any other."""
    for holiday in holidays:
        if holiday["from"] <= day.isoformat() <= holiday["to"]:
            return str(holiday["name"])
    return None


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """*at* on *day* as a clock in *zone* shows it, in UTC.

    An hour that daylight saving skips becomes the one after it; of one that comes twice,
    the first is meant.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def is_within(placement: Placement, day: date) -> bool:
    """True between the placement's first and last day."""
    if placement.starts_on is None or placement.ends_on is None:
        return False
    return placement.starts_on <= day <= placement.ends_on


def expected_on(
    placement: Placement, day: date, *, zone: tzinfo, holidays: Sequence[Mapping[str, Any]]
) -> Expected | None:
    """When *placement*'s student is expected on *day*; None on a day off."""
    if not is_within(placement, day) or day.isoweekday() not in placement.days:
        return None
    if placement.start_time is None or placement.end_time is None:
        return None
    if holiday_name(holidays, day) is not None:
        return None
    start = moment(day, placement.start_time, zone)
    end = moment(day, placement.end_time, zone)
    return Expected(day, start, max(start, end))


def expected_days(
    placement: Placement,
    *,
    first: date,
    last: date,
    zone: tzinfo,
    holidays: Sequence[Mapping[str, Any]],
) -> Iterator[Expected]:
    """Every expected day from *first* to *last*, both included."""
    for number in range((last - first).days + 1):
        found = expected_on(placement, first + timedelta(days=number), zone=zone, holidays=holidays)
        if found:
            yield found


def next_expected(
    placement: Placement,
    *,
    after: datetime,
    zone: tzinfo,
    holidays: Sequence[Mapping[str, Any]],
) -> Expected | None:
    """The first expected day that starts later than *after*."""
    if placement.starts_on is None or placement.ends_on is None:
        return None
    first = max(after.astimezone(zone).date(), placement.starts_on)
    last = min(placement.ends_on, first + timedelta(days=LONGEST_SEARCH))
    days = expected_days(placement, first=first, last=last, zone=zone, holidays=holidays)
    return next((day for day in days if day.start > after), None)
