"""Which queue a piece of due work waits in, and how long each queue's line is."""

from datetime import datetime
from typing import Any, cast

from celery import current_app
from django.db.models import Q
from django.utils import timezone

from portico.due.models import DueWork
from portico.settings.queues import PUNCTUAL, QUEUES, WORK_QUEUES
from tenants.context import tenant_context

MOST_ATTEMPTS = 12  # the last about 17 hours after the first; then `portico doctor` tells


def queue_of(kind: str) -> str:
    """The queue of this kind of due work."""
    named = (queue for queue, kinds in WORK_QUEUES.items() if kind in kinds)
    return next(named, PUNCTUAL)


def live_at(moment: datetime) -> Q:
    """The condition for pieces that are due at *moment* and not given up."""
    return Q(due_at__lte=moment, attempts__lt=MOST_ATTEMPTS)


def work_of(queue: str) -> Q:
    """The condition for pieces of *queue*; the punctual one has whatever no other names."""
    if queue != PUNCTUAL:
        return Q(kind__in=WORK_QUEUES.get(queue, ()))
    elsewhere = [kind for kinds in WORK_QUEUES.values() for kind in kinds]
    return ~Q(kind__in=elsewhere)


def queues_with_work(*, region: str) -> set[str]:
    """The queues in which something of *region* is due now."""
    with tenant_context(region):
        due = DueWork.objects.filter(live_at(timezone.now()))
        return {queue_of(kind) for kind in due.order_by().values_list("kind", flat=True).distinct()}


def messages_waiting() -> dict[str, int]:
    """How many messages nobody has taken yet, by queue; RedisError when Valkey is away."""
    with current_app.connection_for_read() as connection:
        valkey = cast(Any, connection.default_channel).client
        return {queue: int(valkey.llen(queue)) for queue in QUEUES}


def queues_taken() -> set[str]:
    """The queues some worker takes from now; empty when none answers within a second."""
    workers = current_app.control.inspect(timeout=1).active_queues() or {}
    return {queue["name"] for taken in workers.values() for queue in taken}
