"""Doing what is due: one tenant, one piece of work, one transaction at a time."""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from portico.due.models import DueWork
from tenants.context import tenant_context

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 12
BATCH = 200


def run_due(*, region: str) -> int:
    """Do all work of *region* that is due now; return how many pieces were done.

    Safe to run twice at once: each piece is taken with SKIP LOCKED inside the
    transaction that does it. A piece that fails is put off with doubling delay and
    never stops the others.
    """
    done = 0
    tried: set[uuid.UUID] = set()
    while True:
        with tenant_context(region):
            rows = list(
                DueWork.objects.filter(due_at__lte=timezone.now(), attempts__lt=MOST_ATTEMPTS)
                .exclude(id__in=tried)
                .order_by("due_at")
                .values_list("id", "school", "kind")[:BATCH]
            )
        if not rows:
            return done
        for work_id, school, kind in rows:
            tried.add(work_id)
            done += _do(work_id=work_id, school=school, kind=kind)


def _do(*, work_id: uuid.UUID, school: str, kind: str) -> int:
    handler = import_string(settings.DUE_WORK[kind])
    with tenant_context(school):
        row = (
            DueWork.objects.select_for_update(skip_locked=True)
            .filter(id=work_id, due_at__lte=timezone.now())
            .first()
        )
        if row is None:
            return 0  # another worker has it, or it was put off meanwhile
        try:
            with transaction.atomic():
                again_at = handler(subject_id=row.subject_id)
        except Exception:
            # The log says which piece and why in general; never a person's data.
            log.exception("due work failed: kind=%s school=%s id=%s", kind, school, work_id)
            row.attempts += 1
            row.due_at = timezone.now() + timedelta(seconds=15 * 2**row.attempts)
            row.save(update_fields=["attempts", "due_at"])
            return 0
        if again_at is None:
            row.delete()
        else:
            row.due_at = again_at
            row.save(update_fields=["due_at"])
        return 1
