"""A day nobody checked out of: closed as an estimate, and asked about."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portico.attendance.actions.checking import FORGOTTEN_AFTER, UNSCHEDULED_SHIFT
from portico.attendance.models import Attendance, Source
from portico.audit.actions import record
from portico.notices.actions import tell


@transaction.atomic
def close_forgotten(*, attendance_id: uuid.UUID) -> datetime | None:
    """Close an open day at its scheduled end, as an estimate that counts for nothing yet.

    The student says next time whether it is right. Returns when to look again if it is too
    early; None when there is nothing (more) to do.
    """
    day = (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("placement__student")
        .filter(id=attendance_id, state=Attendance.State.OPEN)
        .first()
    )
    if day is None or day.check_in_at is None:
        return None
    if day.scheduled_end is not None:
        end = max(day.scheduled_end, day.check_in_at)
        due = end + FORGOTTEN_AFTER
    else:  # nobody said how long: the estimate is nothing until the student says more
        end = day.check_in_at
        due = day.check_in_at + UNSCHEDULED_SHIFT + FORGOTTEN_AFTER
    if timezone.now() < due:
        return due
    day.state = Attendance.State.ESTIMATED
    day.check_out_at = end
    day.check_out_source = Source.ESTIMATE
    day.save(update_fields=["state", "check_out_at", "check_out_source"])
    record(action="attendance_estimate", subject=day, actor=None, after={"check_out_at": end})
    tell(
        kind="check_out_forgotten",
        person=day.placement.student,
        data={
            "title": day.placement.title,
            "site": day.placement.site_name,
            "day": day.day.isoformat(),
        },
    )
    return None
