"""What the clock calls, inside the school's transaction (settings.DUE_WORK)."""

import uuid
from datetime import datetime

from portico.attendance import actions


def close_forgotten(*, subject_id: uuid.UUID) -> datetime | None:
    """An hour past the scheduled end nobody has checked out of the day *subject_id*."""
    return actions.close_forgotten(attendance_id=subject_id)


def mentor_mail(*, subject_id: uuid.UUID) -> datetime | None:
    """One message to a mentor about every day of every intern that waits for their word."""
    return actions.write_to_mentor(reach_id=subject_id)
