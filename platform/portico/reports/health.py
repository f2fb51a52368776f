"""How an internship goes, in one signal with its reasons. A pure function of a few numbers.

| sign | look closer (`watch`) | act (`bad`) | said of at least |
|---|---|---|---|
| attendance: expected days of the last 30 that were attended | under 90 % | under 75 % | 3 days |
| confirmation: days worked over 3 days ago that were answered | under 70 % | under 40 % | 3 days |
| pulse: the last three | mean under 3.5 | mean under 2.5, or the last is 1 or 2 | 1 pulse |
| goals of the last 30 days that were done | under 50 % | – | 5 goals |
| mentor: days since the school heard of them | over 14 | over 28 | – |

The signal is the gravest of its reasons. An internship with nothing to go by yet is `new`.
The thresholds are ours: a start, to be changed by what schools find.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portico.attendance.hours import counts
from portico.attendance.models import Attendance, AttendancePolicy, TimelineEntry
from portico.attendance.queries import policy
from portico.attendance.schedule import expected_days
from portico.internships.models import Placement

LOOK_BACK = timedelta(days=30)
ANSWER_TAKES = timedelta(days=3)
FEWEST_DAYS, FEWEST_GOALS, LAST_PULSES = 3, 5, 3
ATTENDANCE = (0.90, 0.75)
CONFIRMATION = (0.70, 0.40)
PULSE = (3.5, 2.5)
LOW_PULSE = 2
GOALS = 0.50
MENTOR_DAYS = (14, 28)


class Level(StrEnum):
    """How grave it is, the gravest last."""

    NEW = "new"
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"

    @property
    def label(self) -> str:
        return str(LABELS[self])

    @property
    def tone(self) -> str:
        """The tone of its pill."""
        return TONES[self]


LABELS = {
    Level.NEW: gettext_lazy("too early to say"),
    Level.GOOD: gettext_lazy("goes well"),
    Level.WATCH: gettext_lazy("look closer"),
    Level.BAD: gettext_lazy("needs you"),
}
TONES = {Level.NEW: "", Level.GOOD: "good", Level.WATCH: "warn", Level.BAD: "bad"}
_GRAVITY = list(Level)


@dataclass(frozen=True)
class Signs:
    """What is known about an internship. Days of the last 30, today not among them."""

    expected: int = 0
    attended: int = 0
    to_confirm: int = 0  # worked, and long enough ago for an answer
    confirmed: int = 0
    pulses: tuple[int, ...] = ()  # newest first
    goals: int = 0
    goals_done: int = 0
    mentor_silent: int | None = None  # days; None: no day worked yet


@dataclass(frozen=True)
class Reason:
    level: Level
    text: str


@dataclass(frozen=True)
class Health:
    level: Level
    reasons: tuple[Reason, ...]


def assess(signs: Signs) -> Health:
    """The signal of *signs*, with what speaks against it, the gravest first."""
    reasons = [
        reason
        for reason in (
            _attendance(signs),
            _pulse(signs),
            _confirmation(signs),
            _mentor(signs),
            _goals(signs),
        )
        if reason is not None
    ]
    reasons.sort(key=lambda reason: -_GRAVITY.index(reason.level))
    if reasons:
        return Health(reasons[0].level, tuple(reasons))
    knows = signs.attended or signs.pulses or signs.expected >= FEWEST_DAYS
    return Health(Level.GOOD if knows else Level.NEW, ())


def _below(share: float, thresholds: tuple[float, float]) -> Level | None:
    if share < thresholds[1]:
        return Level.BAD
    return Level.WATCH if share < thresholds[0] else None


def _attendance(signs: Signs) -> Reason | None:
    if signs.expected < FEWEST_DAYS:
        return None
    level = _below(signs.attended / signs.expected, ATTENDANCE)
    if level is None:
        return None
    words = _("came on %(n)d of %(of)d days") % {"n": signs.attended, "of": signs.expected}
    return Reason(level, words)


def _confirmation(signs: Signs) -> Reason | None:
    if signs.to_confirm < FEWEST_DAYS:
        return None
    level = _below(signs.confirmed / signs.to_confirm, CONFIRMATION)
    if level is None:
        return None
    words = {"n": signs.confirmed, "of": signs.to_confirm}
    return Reason(level, _("%(n)d of %(of)d days confirmed") % words)


def _pulse(signs: Signs) -> Reason | None:
    last = signs.pulses[:LAST_PULSES]
    if not last:
        return None
    level = _below(sum(last) / len(last), PULSE)
    if last[0] <= LOW_PULSE:
        level = Level.BAD
    if level is None:
        return None
    return Reason(level, _("pulse %(pulses)s of 5") % {"pulses": ", ".join(map(str, last))})


def _goals(signs: Signs) -> Reason | None:
    if signs.goals < FEWEST_GOALS or signs.goals_done / signs.goals >= GOALS:
        return None
    words = {"n": signs.goals_done, "of": signs.goals}
    return Reason(Level.WATCH, _("%(n)d of %(of)d goals done") % words)


def _mentor(signs: Signs) -> Reason | None:
    days = signs.mentor_silent
    if days is None or days <= MENTOR_DAYS[0]:
        return None
    level = Level.BAD if days > MENTOR_DAYS[1] else Level.WATCH
    words = ngettext(
        "mentor not heard for %(n)d day", "mentor not heard for %(n)d days", days
    ) % {"n": days}  # fmt: skip
    return Reason(level, words)


# --- reading the signs --------------------------------------------------------------------


def health_of(placements: Sequence[Placement]) -> dict[uuid.UUID, Health]:
    """The signal of each of *placements* that has begun. Four queries, however many."""
    begun = [one for one in placements if one.started_at is not None]
    if not begun:
        return {}
    rules, today = policy(), timezone.localdate()
    days: dict[uuid.UUID, list[Attendance]] = defaultdict(list)
    recent = Attendance.objects.filter(placement__in=begun, day__gte=today - LOOK_BACK)
    for day in recent.order_by("-day"):
        days[day.placement_id].append(day)
    heard = _mentors_heard(begun)
    return {
        one.id: assess(signs_of(one, days[one.id], rules, today, heard.get(one.id)))
        for one in begun
    }


def _mentors_heard(placements: Iterable[Placement]) -> dict[uuid.UUID, datetime]:
    """When the mentor of each last said anything: about hours, on the timeline."""
    found: dict[uuid.UUID, datetime] = {}
    answers = (
        Attendance.objects.filter(placement__in=placements, mentor_answered_at__isnull=False)
        .order_by()
        .values_list("placement_id")
        .annotate(at=Max("mentor_answered_at"))
    )
    entries = (
        TimelineEntry.objects.filter(placement__in=placements, voice=TimelineEntry.Voice.MENTOR)
        .order_by()
        .values_list("placement_id")
        .annotate(at=Max("created_at"))
    )
    for placement_id, at in (*answers, *entries):
        found[placement_id] = max(at, found.get(placement_id, at))
    return found


def signs_of(
    placement: Placement,
    days: Sequence[Attendance],
    rules: AttendancePolicy,
    today: date,
    heard: datetime | None,
) -> Signs:
    """The numbers *assess* wants. *days*: those of the last 30, newest first."""
    expected = {
        one.day
        for one in expected_days(
            placement,
            first=today - LOOK_BACK,
            last=min(today - timedelta(days=1), _last_day(placement, today)),
            zone=timezone.get_current_timezone(),
            holidays=rules.holidays,
        )
    }
    seen = {day.day for day in days}
    old = [day for day in days if today - day.day > ANSWER_TAKES and day.check_out_at is not None]
    goals = [goal for day in days for goal in day.goals]
    silent = None
    if days or heard:
        began = placement.starts_on or timezone.localdate(placement.started_at)
        silent = (today - (timezone.localdate(heard) if heard else began)).days
    return Signs(
        expected=len(expected),
        attended=len(expected & seen),
        to_confirm=len(old),
        confirmed=sum(_answered(day) for day in old),
        pulses=tuple(day.pulse for day in days if day.pulse is not None),
        goals=len(goals),
        goals_done=sum(bool(goal.get("done")) for goal in goals),
        mentor_silent=silent,
    )


def _answered(day: Attendance) -> bool:
    """The mentor has answered, or the school has settled it without them."""
    return counts(day) or day.mentor_state != Attendance.MentorState.UNCONFIRMED


def _last_day(placement: Placement, today: date) -> date:
    return timezone.localdate(placement.ended_at) if placement.ended_at else today
