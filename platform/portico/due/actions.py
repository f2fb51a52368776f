"""Planning due work, from within the tenant whose work it is."""

import uuid
from datetime import datetime

from django.utils import timezone

from portico.due.models import DueWork
from portico.due.waking import wake_after_commit
from tenants.context import current_schema


def plan_work(*, kind: str, subject_id: uuid.UUID, due_at: datetime) -> None:
    """Have *kind* done for *subject_id* at *due_at* (aware); a later plan replaces an earlier.

    What is due already wakes the worker as soon as this transaction is committed.
    """
    DueWork.objects.bulk_create(
        [DueWork(school=current_schema(), kind=kind, subject_id=subject_id, due_at=due_at)],
        update_conflicts=True,
        unique_fields=["school", "kind", "subject_id"],
        update_fields=["due_at", "attempts"],
    )
    if due_at <= timezone.now():
        wake_after_commit(kind)


def drop_work(*, kind: str, subject_id: uuid.UUID) -> None:
    """Forget planned work; nothing happens when there is none."""
    DueWork.objects.filter(school=current_schema(), kind=kind, subject_id=subject_id).delete()
