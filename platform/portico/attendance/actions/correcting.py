"""The school puts hours right: what was tapped stays, the old value is in the history."""

import uuid
from datetime import date, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.attendance.actions.answering import corrected_interval
from portico.attendance.hours import in_hours, interval, minutes, standing
from portico.attendance.models import Attendance, Source
from portico.attendance.rules import may_read_worries, require_staff
from portico.attendance.schedule import expected_on
from portico.audit.actions import record
from portico.internships.actions.moving import need_reason
from portico.internships.models import Placement
from portico.notices.actions import tell
from tenants.errors import Refused

OLDEST = timedelta(days=366)


@transaction.atomic
def correct_day(
    *,
    actor: Person,
    attendance_id: uuid.UUID,
    start: time | None,
    end: time | None,
    reason: str,
) -> Attendance:
    """Staff say from when until when a day was; it counts from then on.

    Refused: `forbidden`, `reason_required`, `times`.
    """
    day = _lock(attendance_id)
    require_staff(actor, day.placement)
    reason = need_reason(reason)
    before = _as_it_stands(day)
    day.corrected_in_at, day.corrected_out_at = corrected_interval(day.day, start, end)
    day.corrected_by = "staff"
    day.correction_reason = reason
    if day.state != Attendance.State.CLOSED:
        day.state = Attendance.State.CLOSED
        day.check_out_at = day.check_out_at or max(
            day.corrected_out_at, day.check_in_at or day.corrected_out_at
        )
        day.check_out_source = day.check_out_source or Source.STAFF
    after = _as_it_stands(day)
    if before == after:
        return day  # the same correction again
    day.save(
        update_fields=[
            "corrected_in_at",
            "corrected_out_at",
            "corrected_by",
            "correction_reason",
            "state",
            "check_out_at",
            "check_out_source",
        ]
    )
    record(action="attendance_correct", subject=day, actor=actor, before=before, after=after)
    _tell_student(day, actor, reason)
    return day


@transaction.atomic
def enter_day(
    *,
    actor: Person,
    placement_id: uuid.UUID,
    day: date,
    start: time | None,
    end: time | None,
    reason: str,
) -> Attendance:
    """Staff enter a day that was not tapped, from paper say. It shows its source and lateness.

    Refused: `forbidden`, `reason_required`, `times`, `day` (to come, too old, or before the
    start), `exists` when the day is recorded already.
    """
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("student__teacher")
        .get(id=placement_id, started_at__isnull=False)
    )
    require_staff(actor, placement)
    reason = need_reason(reason)
    today = timezone.localdate()
    if day > today:
        raise Refused("day", _("That day is still to come."), field="day")
    if day < today - OLDEST or (placement.starts_on and day < placement.starts_on):
        raise Refused("day", _("That is before the internship."), field="day")
    began, ended = corrected_interval(day, start, end)
    expected = expected_on(placement, day, zone=timezone.get_current_timezone(), holidays=[])
    entered = Attendance(
        placement=placement,
        day=day,
        scheduled_start=expected.start if expected else None,
        scheduled_end=expected.end if expected else None,
        state=Attendance.State.CLOSED,
        check_in_at=began,
        check_in_source=Source.STAFF,
        check_out_at=ended,
        check_out_source=Source.STAFF,
        correction_reason=reason,
        created_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            entered.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "exists", _("This day is recorded already; correct it instead."), field="day"
        ) from None
    record(action="attendance_enter", subject=entered, actor=actor, after=_as_it_stands(entered))
    _tell_student(entered, actor, reason)
    return entered


@transaction.atomic
def mark_worry_seen(*, actor: Person, attendance_id: uuid.UUID) -> None:
    """A coordinator has read the quiet words of a day and takes it from there."""
    day = _lock(attendance_id)
    if not may_read_worries(actor):
        raise Refused("forbidden", _("Your role does not allow this."))
    if day.worry_seen_at is None:
        day.worry_seen_at = timezone.now()
        day.save(update_fields=["worry_seen_at"])
        record(action="attendance_worry_seen", subject=day, actor=actor)


def _lock(attendance_id: uuid.UUID) -> Attendance:
    return (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("placement__student__teacher")
        .get(id=attendance_id)
    )


def _as_it_stands(day: Attendance) -> dict[str, object]:
    start, end = interval(day)
    return {
        "from": start,
        "until": end,
        "minutes": minutes(day),
        "standing": str(standing(day)),
        "reason": day.correction_reason,
    }


def _tell_student(day: Attendance, actor: Person, reason: str) -> None:
    tell(
        kind="hours_changed",
        person=day.placement.student,
        data={
            "who": actor.full_name,
            "site": day.placement.site_name,
            "day": day.day.isoformat(),
            "hours": in_hours(minutes(day)),
            "comment": reason,
        },
    )
