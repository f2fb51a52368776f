"""Doing what is due: one tenant, one piece of work, one transaction at a time.

A piece is taken with an advisory lock, not with a lock on its row: people's actions lock
their subject first and then the row of its due work, and the worker must not do it the
other way round.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from portico.due.models import DueWork
from portico.due.queues import live_at, work_of
from portico.telemetry.counters import DUE_WORK_DONE
from tenants.context import tenant_context
from tenants.retry import again_on_deadlock

log = logging.getLogger(__name__)

BATCH = 200


@dataclass(frozen=True)
class PutOff:
    """A handler's answer: not now, and nothing else of this kind in this run.

    For work that needs something outside: one piece asks whether it is back, the others
    do not wait for the same silence one after another.
    """

    until: datetime


def run_due(*, region: str, queue: str = "") -> int:
    """Do all work of *region* that is due now; return how many pieces were done.

    With *queue* only the kinds of work that wait in it.

    Safe to run twice at once: a second worker passes by what the first is doing. A piece
    that fails is put off with doubling delay and never stops the others.
    """
    done = 0
    tried: set[uuid.UUID] = set()
    halted: set[str] = set()
    wanted = work_of(queue) if queue else Q()
    while True:
        with tenant_context(region):
            rows = list(
                DueWork.objects.filter(wanted, live_at(timezone.now()))
                .exclude(id__in=tried)
                .exclude(kind__in=halted)
                .order_by("due_at")
                .values_list("id", "school", "kind")[:BATCH]
            )
        if not rows:
            return done
        for work_id, school, kind in rows:
            tried.add(work_id)
            if kind in halted:
                continue
            try:
                outcome = _do(work_id=work_id, school=school)
            except Exception:
                # The log says which piece, and where it broke; never a person's data.
                log.exception("due work failed: kind=%s school=%s id=%s", kind, school, work_id)
                DUE_WORK_DONE.labels(kind, "failed").inc()
                _put_off(region=region, work_id=work_id)
                continue
            if isinstance(outcome, PutOff):
                DUE_WORK_DONE.labels(kind, "halted").inc()
                halted.add(kind)
            elif outcome:
                DUE_WORK_DONE.labels(kind, "done").inc()
                done += outcome


def _do(*, work_id: uuid.UUID, school: str) -> int | PutOff:
    """Do one piece in its tenant: 1, or 0 when it is not due any more or another does it."""
    with tenant_context(school):
        if not _take(work_id):
            return 0
        work = DueWork.objects.filter(id=work_id, due_at__lte=timezone.now()).first()
        if work is None:
            return 0
        handler = import_string(settings.DUE_WORK[work.kind])
        again = again_on_deadlock(lambda: handler(subject_id=work.subject_id))
        until = again.until if isinstance(again, PutOff) else again
        # Planned anew while it was done: the new plan stands.
        mine = DueWork.objects.filter(id=work_id, due_at=work.due_at)
        if until is None:
            mine.delete()
        else:
            mine.update(due_at=until, attempts=0)
        return again if isinstance(again, PutOff) else 1


def _take(work_id: uuid.UUID) -> bool:
    """Keep the piece to this transaction; False when another has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"due {work_id}"]
        )
        return bool(cursor.fetchone()[0])


def _put_off(*, region: str, work_id: uuid.UUID) -> None:
    """After a failure. In the region's name: the school itself may be what is broken."""
    with tenant_context(region):
        work = DueWork.objects.filter(id=work_id).first()
        if work is not None:
            delay = timedelta(seconds=15 * 2 ** (work.attempts + 1))
            DueWork.objects.filter(id=work_id, due_at=work.due_at).update(
                attempts=work.attempts + 1, due_at=timezone.now() + delay
            )
