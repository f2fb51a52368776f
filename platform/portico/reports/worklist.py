"""The coordinator's one worklist: everything that waits for somebody at the school. Reads only.

Each kind of case says how long it may wait (PATIENCE). What may not wait at all comes
first, then whatever should have been dealt with longest ago. A pursuit's own deadline is
when it is due. Places where nobody acts are no cases: a start is its teacher's until the
teacher has been silent for two days.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from portico.attendance.models import Attendance, TimelineEntry
from portico.attendance.queries import LOOK_BACK
from portico.attendance.today import Whereabouts, disputed, silent_mentors, worries
from portico.attendance.today import board as who_is_where
from portico.documents.queries import waiting_for_school
from portico.internships.models import Placement
from portico.internships.queue import start_requests, waiting_requests
from portico.internships.states import State
from portico.notices.queries import given_up
from sharing.queries import questions_to_us


class Kind(StrEnum):
    """What a case is about, in the order of the tabs."""

    WORRY = "worry"
    MISSING = "missing"
    REQUEST = "request"
    START = "start"
    QUESTION = "question"
    EXPIRING = "expiring"
    PULSE = "pulse"
    DISPUTED = "disputed"
    ESTIMATE = "estimate"
    DOCUMENTS = "documents"
    MENTOR = "mentor"
    MAIL = "mail"


AT_ONCE = frozenset({Kind.WORRY, Kind.MISSING})
PATIENCE = {
    Kind.WORRY: timedelta(0),
    Kind.MISSING: timedelta(0),
    Kind.REQUEST: timedelta(days=3),
    Kind.START: timedelta(days=2),
    Kind.QUESTION: timedelta(days=3),
    Kind.EXPIRING: timedelta(0),  # counted from the deadline itself
    Kind.PULSE: timedelta(days=1),
    Kind.DISPUTED: timedelta(days=3),
    Kind.ESTIMATE: timedelta(days=5),
    Kind.DOCUMENTS: timedelta(days=2),
    Kind.MENTOR: timedelta(days=7),
    Kind.MAIL: timedelta(days=1),
}
EXPIRES_SOON = timedelta(days=3)
TEACHER_MAY_TAKE = timedelta(days=2)
LOW_PULSE = 2
PULSE_FOR = timedelta(days=14)  # an older low pulse has been lived with, or talked about


@dataclass(frozen=True)
class Case:
    """One thing that waits. `subject` is what the kind's finder found (see FINDERS)."""

    kind: Kind
    key: uuid.UUID
    since: datetime
    subject: Any
    deadline: datetime | None = None

    @property
    def due(self) -> datetime:
        """When it should have been dealt with."""
        return (self.deadline or self.since) + PATIENCE[self.kind]

    @property
    def order(self) -> tuple[bool, datetime, datetime, uuid.UUID]:
        return self.kind not in AT_ONCE, self.due, self.since, self.key


def worklist() -> list[Case]:
    """Everything that waits, most urgent and oldest first."""
    return sorted((case for kind in Kind for case in FINDERS[kind]()), key=lambda case: case.order)


def cases_of(kind: Kind) -> list[Case]:
    """What waits of one *kind*, in the same order."""
    return sorted(FINDERS[kind](), key=lambda case: case.order)


# --- requests, starts, questions ----------------------------------------------------------


def _requests() -> list[Case]:
    return [
        Case(Kind.REQUEST, one.placement.id, one.placement.requested_at, one)
        for one in waiting_requests()
    ]


def _starts() -> list[Case]:
    """Starts without a teacher to ask, and those the teacher has let wait."""
    waited = timezone.now() - TEACHER_MAY_TAKE
    mine = Q(student__teacher__isnull=True) | Q(start_requested_at__lte=waited)
    return [
        Case(Kind.START, one.id, one.start_requested_at or one.requested_at, one)
        for one in start_requests().filter(mine)
    ]


def _questions() -> list[Case]:
    return [Case(Kind.QUESTION, one.id, one.created_at, one) for one in questions_to_us()]


def _expiring() -> list[Case]:
    now = timezone.now()
    found = Placement.objects.filter(
        state=State.PURSUING, deadline__gt=now, deadline__lte=now + EXPIRES_SOON
    ).select_related("student__teacher")
    return [
        Case(Kind.EXPIRING, one.id, one.decided_at or one.requested_at, one, one.deadline)
        for one in found
    ]


# --- days at the internship ---------------------------------------------------------------


def _missing() -> list[Case]:
    return [
        Case(Kind.MISSING, row.placement.id, row.expected.start, row)
        for row in who_is_where().rows
        if row.whereabouts == Whereabouts.MISSING and row.expected is not None
    ]


def _worries() -> list[Case]:
    return [Case(Kind.WORRY, day.id, _end_of(day), day) for day in worries()]


def _pulses() -> list[Case]:
    """The last pulse was low, and nobody of the school has written anything about it since."""
    talked = TimelineEntry.objects.filter(
        placement=OuterRef("placement"), voice="staff", day__gte=OuterRef("day")
    )
    later = Attendance.objects.filter(
        placement=OuterRef("placement"), day__gt=OuterRef("day"), pulse__isnull=False
    )
    found = (
        Attendance.objects.filter(
            pulse__lte=LOW_PULSE,
            day__gte=timezone.localdate() - PULSE_FOR,
            placement__state=State.ACTIVE,
        )
        .exclude(~Q(worry="") & Q(worry_seen_at__isnull=True))  # the worry is a case itself
        .filter(~Exists(talked), ~Exists(later))
        .select_related("placement__student")
    )
    return [Case(Kind.PULSE, day.id, _end_of(day), day) for day in found]


def _disputed() -> list[Case]:
    return [
        Case(Kind.DISPUTED, day.id, day.mentor_answered_at or _end_of(day), day)
        for day in disputed()
    ]


def _estimates() -> list[Case]:
    found = Attendance.objects.filter(
        state=Attendance.State.ESTIMATED, day__gte=timezone.localdate() - LOOK_BACK
    ).select_related("placement__student")
    return [Case(Kind.ESTIMATE, day.id, _end_of(day), day) for day in found]


def _mentors() -> list[Case]:
    return [
        Case(
            Kind.MENTOR,
            one.reach.id,
            one.reach.quiet_since
            or one.reach.bounced_at
            or one.reach.last_asked_at
            or timezone.now(),
            one,
        )
        for one in silent_mentors()
    ]


def _end_of(day: Attendance) -> datetime:
    """When a day was over; of a day without times, its midnight."""
    return (
        day.check_out_at
        or day.check_in_at
        or timezone.make_aware(datetime.combine(day.day, time()))
    )


def _documents() -> list[Case]:
    return [Case(Kind.DOCUMENTS, one.placement.id, one.since, one) for one in waiting_for_school()]


def _mails() -> list[Case]:
    return [Case(Kind.MAIL, one.id, one.created_at, one) for one in given_up()]


FINDERS: dict[Kind, Callable[[], list[Case]]] = {
    Kind.WORRY: _worries,
    Kind.MISSING: _missing,
    Kind.REQUEST: _requests,
    Kind.START: _starts,
    Kind.QUESTION: _questions,
    Kind.EXPIRING: _expiring,
    Kind.PULSE: _pulses,
    Kind.DISPUTED: _disputed,
    Kind.ESTIMATE: _estimates,
    Kind.DOCUMENTS: _documents,
    Kind.MENTOR: _mentors,
    Kind.MAIL: _mails,
}
