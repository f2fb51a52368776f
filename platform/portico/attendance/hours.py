"""Hours: what a day counts for, in one place. Pages, certificate, API and digest ask here.

Minutes are counted between two moments in UTC, so a night on which the clocks change
counts what really passed. An estimate and a disputed day are shown and never counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from portico.attendance.models import Attendance, Source

LONGEST_DAY = timedelta(hours=16)


class Standing(StrEnum):
    """How far a day's hours can be trusted."""

    CONFIRMED = "confirmed"  # by the mentor, corrected or not
    CORRECTED = "corrected"  # by the school
    STAFF = "staff"  # entered by the school
    UNCONFIRMED = "unconfirmed"
    ESTIMATED = "estimated"
    DISPUTED = "disputed"
    OPEN = "open"

    @property
    def label(self) -> str:
        return str(LABELS[self])

    @property
    def tone(self) -> str:
        """The tone of its pill."""
        return TONES[self]


LABELS = {
    Standing.CONFIRMED: _("confirmed"),
    Standing.CORRECTED: _("corrected by the school"),
    Standing.STAFF: _("entered by the school"),
    Standing.UNCONFIRMED: _("not confirmed yet"),
    Standing.ESTIMATED: _("estimate, not counted"),
    Standing.DISPUTED: _("disputed, not counted"),
    Standing.OPEN: _("under way"),
}
TONES = {
    Standing.CONFIRMED: "good",
    Standing.CORRECTED: "good",
    Standing.STAFF: "info",
    Standing.UNCONFIRMED: "info",
    Standing.ESTIMATED: "warn",
    Standing.DISPUTED: "bad",
    Standing.OPEN: "brand",
}
COUNTED = frozenset({Standing.CONFIRMED, Standing.CORRECTED, Standing.STAFF})


def standing(day: Attendance) -> Standing:
    """What may be said of *day*'s hours."""
    if day.corrected_by == "staff":
        return Standing.CORRECTED
    if day.mentor_state == Attendance.MentorState.DISPUTED:
        return Standing.DISPUTED
    if day.mentor_state != Attendance.MentorState.UNCONFIRMED:
        return Standing.CONFIRMED
    if day.state == Attendance.State.OPEN:
        return Standing.OPEN
    if day.state == Attendance.State.ESTIMATED:
        return Standing.ESTIMATED
    if day.check_in_source == Source.STAFF:
        return Standing.STAFF
    return Standing.UNCONFIRMED


def interval(day: Attendance) -> tuple[datetime | None, datetime | None]:
    """From when until when: as corrected, else as tapped."""
    return day.corrected_in_at or day.check_in_at, day.corrected_out_at or day.check_out_at


def minutes_between(start: datetime | None, end: datetime | None) -> int:
    """Whole minutes that passed; 0 while an end is missing, never more than the longest day."""
    if start is None or end is None:
        return 0
    # in UTC: two times of one zone are subtracted as the clock on the wall shows them
    passed = end.astimezone(UTC) - start.astimezone(UTC)
    return max(0, int(min(passed, LONGEST_DAY).total_seconds() // 60))


def minutes(day: Attendance) -> int:
    """How long *day* was, whether or not it counts."""
    return minutes_between(*interval(day))


def counts(day: Attendance) -> bool:
    """True when *day* counts towards the hours required."""
    return standing(day) in COUNTED


@dataclass(frozen=True)
class Totals:
    """Minutes by how far they can be trusted."""

    confirmed: int = 0
    staff: int = 0  # entered or corrected by the school
    unconfirmed: int = 0
    estimated: int = 0
    disputed: int = 0
    days: int = 0  # that count

    @property
    def counted(self) -> int:
        return self.confirmed + self.staff


def totals(days: Iterable[Attendance]) -> Totals:
    """The minutes of *days*, added up."""
    sums = dict.fromkeys(Standing, 0)
    counted = 0
    for day in days:
        stands = standing(day)
        sums[stands] += minutes(day)
        counted += stands in COUNTED
    return Totals(
        confirmed=sums[Standing.CONFIRMED],
        staff=sums[Standing.CORRECTED] + sums[Standing.STAFF],
        unconfirmed=sums[Standing.UNCONFIRMED],
        estimated=sums[Standing.ESTIMATED],
        disputed=sums[Standing.DISPUTED],
        days=counted,
    )


@dataclass(frozen=True)
class Week:
    """A week that starts on *monday*, and how much had counted by its end."""

    monday: date
    totals: Totals
    counted_so_far: int


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def by_week(days: Sequence[Attendance]) -> list[Week]:
    """Weeks from the first worked to the last, the empty ones between included."""
    if not days:
        return []
    mondays: dict[date, list[Attendance]] = {}
    for day in days:
        mondays.setdefault(monday_of(day.day), []).append(day)
    weeks, so_far, monday = [], 0, min(mondays)
    while monday <= max(mondays):
        of_week = totals(mondays.get(monday, ()))
        so_far += of_week.counted
        weeks.append(Week(monday, of_week, so_far))
        monday += timedelta(days=7)
    return weeks


def in_hours(amount: int) -> str:
    """Minutes as “5 h 30 min”; “45 min” below an hour, “5 h” when it is full."""
    hours, rest = divmod(amount, 60)
    if not hours:
        return str(_("%(minutes)d min") % {"minutes": rest})
    if not rest:
        return str(_("%(hours)d h") % {"hours": hours})
    return str(_("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest})
