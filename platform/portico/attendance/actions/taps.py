"""What a student taps: in, out, “yes, that is when I left”.

This is the hot path of a morning: it runs in the transaction the tenant already is in, with
no savepoint of its own, and refuses before it writes anything. The placement's row is the
lock, so taps of one student line up, and a key that comes twice finds its first answer.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.attendance import words
from portico.attendance.actions.checking import (
    check_in,
    check_out,
    confirm_estimate,
    find_day,
)
from portico.attendance.location import Fix
from portico.attendance.models import Attendance, Tap
from portico.attendance.queries import as_json
from portico.attendance.tap_time import TapTime, real_time
from portico.internships.models import Placement
from portico.telemetry.counters import CHECK_INS, count_after_commit
from tenants.context import current_alias
from tenants.errors import Refused

# By hand, like the other reads of a tap: compiling them took longer than all the rest of it.
# Whether the student has switched the position off comes along with the placement.
_LOCKED = """
    SELECT one.*, EXISTS (
        SELECT FROM attendance_studentchoice
        WHERE student_id = %(student)s AND NOT share_location
    ) AS location_off
    FROM internships_placement one
    WHERE id = %(placement)s AND student_id = %(student)s AND started_at IS NOT NULL
    FOR UPDATE OF one
"""
_EARLIER = """
    SELECT tap.*, student_id
    FROM attendance_tap tap
    JOIN attendance_attendance day ON day.id = attendance_id
    JOIN internships_placement placement ON placement.id = placement_id
    WHERE key = %s
"""


@dataclass(frozen=True, kw_only=True)
class NewTap:
    """One tap as a phone or a form sends it."""

    key: uuid.UUID
    placement_id: uuid.UUID
    kind: str
    client_time: datetime | None = None
    skew_ms: int | None = None
    elapsed_ms: int | None = None
    goals: tuple[str, ...] = ()
    done: tuple[int, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    reflection: str = ""
    pulse: int | None = None
    worry: str = ""
    fix: Fix | None = None
    location_status: str = "unavailable"
    # of an estimate that is confirmed
    attendance_id: uuid.UUID | None = None
    end: time | None = None


@dataclass(frozen=True)
class Answer:
    """`body` is what the phone gets, the same for every repeat of one key."""

    body: dict[str, Any]
    is_repeat: bool


def record_tap(*, student: Person, tap: NewTap) -> Answer:
    """Record *tap* of *student*, once for its key.

    Refused: `unknown_placement` (not this student's, or never started), `key_reused` (the key
    is somebody else's), `unknown_day` and `end` when an estimate cannot be confirmed like
    this. Everything else is recorded, however odd: late, early, twice, elsewhere, after the
    internship's end.
    """
    placement = _lock(student=student, placement_id=tap.placement_id)
    for earlier in Tap.objects.raw(_EARLIER, [tap.key]):
        if earlier.student_id != student.id:  # type: ignore[attr-defined]
            raise Refused("key_reused", _("This key belongs to another request."), field="key")
        return Answer(earlier.answer, is_repeat=True)
    when = real_time(
        client_time=tap.client_time,
        skew_ms=tap.skew_ms,
        elapsed_ms=tap.elapsed_ms,
        received=timezone.now(),
    )
    day, says = _do(placement, tap, when)
    body = {"attendance": as_json(day), "says": says}
    Tap.objects.create(
        key=tap.key,
        attendance=day,
        kind=tap.kind,
        at=when.at,
        client_time=tap.client_time,
        skew_ms=tap.skew_ms,
        elapsed_ms=tap.elapsed_ms,
        received_at=timezone.now(),
        answer=body,
    )
    count_after_commit(CHECK_INS, using=current_alias(), kind=tap.kind)
    return Answer(body, is_repeat=False)


def _lock(*, student: Person, placement_id: uuid.UUID) -> Placement:
    asked = Placement.objects.raw(_LOCKED, {"placement": placement_id, "student": student.id})
    placement = next(iter(asked), None)
    if placement is None:
        raise Refused(
            "unknown_placement", _("You do not intern there (any more)."), field="placement"
        )
    placement.student = student
    return placement


def _do(placement: Placement, tap: NewTap, when: TapTime) -> tuple[Attendance, str]:
    if tap.kind == Tap.Kind.CONFIRM:
        day = confirm_estimate(placement, attendance_id=tap.attendance_id, end=tap.end)
        return day, words.estimate_confirmed(day)
    found = find_day(placement, at=when.at, leaving=tap.kind == Tap.Kind.OUT)
    act = check_in if tap.kind == Tap.Kind.IN else check_out
    return act(placement, tap, when, found)
