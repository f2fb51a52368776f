"""What the clock calls, inside the school's transaction (settings.DUE_WORK)."""

import uuid
from datetime import datetime

from portico.attendance import actions
from portico.attendance.school_time import in_school_time


def close_forgotten(*, subject_id: uuid.UUID) -> datetime | None:
    """An hour past the scheduled end nobody has checked out of the day *subject_id*."""
    return actions.close_forgotten(attendance_id=subject_id)


@in_school_time
def mentor_mail(*, subject_id: uuid.UUID) -> datetime | None:
    """One message to a mentor about every day of every intern that waits for their word."""
    return actions.write_to_mentor(reach_id=subject_id)


@in_school_time
def quiet_mentor(*, subject_id: uuid.UUID) -> datetime | None:
    """Two weeks have passed since this mentor was asked."""
    return actions.note_quiet_mentor(reach_id=subject_id)


@in_school_time
def expected(*, subject_id: uuid.UUID) -> datetime | None:
    """The student of this placement is expected now, or soon."""
    return actions.watch_day(placement_id=subject_id)


@in_school_time
def week_digest(*, subject_id: uuid.UUID) -> datetime | None:
    """Friday afternoon: this teacher's week."""
    return actions.send_week_digest(teacher_id=subject_id)
