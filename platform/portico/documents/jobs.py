"""What the clock calls, inside the school's transaction (settings.DUE_WORK)."""

import uuid
from datetime import datetime

from portico.attendance.school_time import in_school_time
from portico.documents import actions


@in_school_time
def document_wait(*, subject_id: uuid.UUID) -> datetime | None:
    """A guardian or mentor was sent the link *subject_id* some days ago."""
    return actions.remind_of_documents(link_id=subject_id)


@in_school_time
def document_ends(*, subject_id: uuid.UUID) -> datetime | None:
    """The document *subject_id* ends in a month."""
    return actions.tell_of_end(document_id=subject_id)
