"""Who is where today. Reads only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.substitutes import own_advisees
from portico.attendance.models import Attendance, AttendancePolicy, Flag, MentorReach, Where
from portico.attendance.queries import policy
from portico.attendance.schedule import Expected, expected_on, holiday_name
from portico.internships.models import Placement
from portico.internships.states import State
from portico.notices.models import Notice


class Whereabouts(StrEnum):
    MISSING = "missing"  # expected, past the grace, not checked in
    EXPECTED = "expected"  # later today, or within the grace
    HERE = "here"
    LEFT = "left"
    ESTIMATED = "estimated"  # never checked out


LABELS = {
    Whereabouts.MISSING: _("missing"),
    Whereabouts.EXPECTED: _("expected"),
    Whereabouts.HERE: _("at work"),
    Whereabouts.LEFT: _("checked out"),
    Whereabouts.ESTIMATED: _("no check-out"),
}
TONES = {
    Whereabouts.MISSING: "bad",
    Whereabouts.EXPECTED: "info",
    Whereabouts.HERE: "good",
    Whereabouts.LEFT: "",
    Whereabouts.ESTIMATED: "warn",
}
ORDER = list(Whereabouts)


@dataclass(frozen=True)
class Row:
    """One student who is expected, or was seen, today."""

    placement: Placement
    whereabouts: Whereabouts
    expected: Expected | None
    day: Attendance | None

    @property
    def label(self) -> str:
        return str(LABELS[self.whereabouts])

    @property
    def tone(self) -> str:
        return TONES[self.whereabouts]

    @property
    def notes(self) -> list[str]:
        """What was unusual, and where the phone was if not at the site."""
        if self.day is None:
            return []
        notes = [str(Flag(flag).label) for flag in self.day.flags if flag in Flag.values]
        if self.day.where_in == Where.AWAY:
            notes.append(str(Where.AWAY.label))
        return notes

    @property
    def is_low(self) -> bool:
        """A pulse that asks for a word."""
        return self.day is not None and self.day.pulse is not None and self.day.pulse <= 2


@dataclass(frozen=True)
class Board:
    at: datetime
    rows: list[Row]
    holiday: str | None

    @property
    def missing(self) -> int:
        return self._count(Whereabouts.MISSING)

    @property
    def here(self) -> int:
        return self._count(Whereabouts.HERE)

    @property
    def expected(self) -> int:
        return self._count(Whereabouts.EXPECTED)

    @property
    def left(self) -> int:
        return self._count(Whereabouts.LEFT) + self._count(Whereabouts.ESTIMATED)

    def _count(self, whereabouts: Whereabouts) -> int:
        return sum(row.whereabouts == whereabouts for row in self.rows)


def board(*, teacher: Person | None = None) -> Board:
    """Today at the school, or of *teacher*'s own students: missing ones first."""
    now = timezone.now()
    today = timezone.localdate(now)
    rules = policy()
    placements = Placement.objects.select_related("student__teacher")
    if teacher is not None:
        placements = placements.filter(own_advisees(teacher, student="student"))
    days = {
        day.placement_id: day
        for day in Attendance.objects.filter(day=today, placement__in=placements)
    }
    wanted = placements.filter(state=State.ACTIVE) | placements.filter(id__in=list(days))
    rows = []
    for placement in wanted.distinct():
        row = _row(placement, days.get(placement.id), rules, now)
        if row is not None:
            rows.append(row)
    rows.sort(key=lambda row: (ORDER.index(row.whereabouts), row.placement.student.family_name))
    return Board(at=now, rows=rows, holiday=holiday_name(rules.holidays, today))


def _row(
    placement: Placement, day: Attendance | None, rules: AttendancePolicy, now: datetime
) -> Row | None:
    expected = expected_on(
        placement,
        timezone.localdate(now),
        zone=timezone.get_current_timezone(),
        holidays=rules.holidays,
    )
    if day is not None:
        whereabouts = {
            Attendance.State.OPEN: Whereabouts.HERE,
            Attendance.State.CLOSED: Whereabouts.LEFT,
            Attendance.State.ESTIMATED: Whereabouts.ESTIMATED,
        }[Attendance.State(day.state)]
        return Row(placement, whereabouts, expected, day)
    if expected is None:
        return None
    late = expected.start + timedelta(minutes=rules.grace_minutes)
    return Row(
        placement, Whereabouts.MISSING if now >= late else Whereabouts.EXPECTED, expected, None
    )


# --- what waits for somebody at the school ------------------------------------------------


def worries() -> list[Attendance]:
    """Quiet words nobody has read yet; for coordinators alone."""
    return list(
        Attendance.objects.exclude(worry="")
        .filter(worry_seen_at__isnull=True)
        .select_related("placement__student")
        .order_by("day")
    )


def disputed() -> list[Attendance]:
    """Days a mentor says were not so, and the school has not settled."""
    return list(
        Attendance.objects.filter(mentor_state=Attendance.MentorState.DISPUTED)
        .exclude(corrected_by="staff")
        .select_related("placement__student")
        .order_by("day")
    )


@dataclass(frozen=True)
class SilentMentor:
    reach: MentorReach
    bounced: bool  # else quiet for two weeks
    waiting_days: int


def silent_mentors(*, teacher: Person | None = None) -> list[SilentMentor]:
    """Mentors whose mail comes back, and those who have not answered for two weeks."""
    unanswered = Attendance.objects.filter(
        state=Attendance.State.CLOSED,
        mentor_state=Attendance.MentorState.UNCONFIRMED,
        corrected_by="",
        reach__isnull=False,
    )
    if teacher is not None:
        unanswered = unanswered.filter(own_advisees(teacher, student="placement__student"))
    waiting = Counter(unanswered.values_list("reach_id", flat=True))
    reaches = MentorReach.objects.filter(id__in=list(waiting)).order_by("name", "email")
    failed = _failed_addresses(reach.email for reach in reaches)
    found = []
    for reach in reaches:
        bounced = reach.bounced_at is not None or reach.email.lower() in failed
        if bounced or reach.quiet_since is not None:
            found.append(SilentMentor(reach, bounced, waiting[reach.id]))
    return found


def _failed_addresses(emails: Iterable[str]) -> set[str]:
    """Those of *emails* the mail server would not take for all our attempts."""
    return set(
        Notice.objects.filter(email__in=list(emails), state=Notice.State.FAILED).values_list(
            "email", flat=True
        )
    )
