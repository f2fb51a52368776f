"""An event becomes one delivery for each subscription that wants it, where it happens."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from portico.due.models import DueWork
from portico.due.waking import wake_after_commit
from portico.webhooks.models import Delivery, Subscription
from tenants.context import current_schema

SEND = "webhook"  # kinds of due work
LOG = "webhook_log"
KEPT_FOR = timedelta(days=30)
_TIDIED_EVERY = timedelta(days=1)


def plan_event(
    *, kind: str, data: Mapping[str, Any], names: Mapping[str, str] | None = None
) -> int:
    """Have *kind* sent to every subscription of this school that asked for it; how many did.

    Call it in the transaction of what happened: both are there or neither. *data* is
    JSON-plain and holds ids, no person's name; *names* only goes to subscriptions the school
    has allowed names. A region's events are planned by sharing.telling.
    """
    wanting = Subscription.objects.filter(off="", events__contains=[kind])
    deliveries = [
        Delivery(
            subscription=subscription,
            event=kind,
            data=dict(data),
            names=dict(names or {}) if subscription.names_students else {},
            happened_at=timezone.now(),
        )
        for subscription in wanting.only("id", "names_students")
    ]
    plan_deliveries(deliveries)
    return len(deliveries)


def plan_deliveries(deliveries: list[Delivery]) -> None:
    """Save new *deliveries* and have them sent as soon as this transaction is committed."""
    if not deliveries:
        return
    now = timezone.now()
    Delivery.objects.bulk_create(deliveries)
    DueWork.objects.bulk_create(
        DueWork(school=current_schema(), kind=SEND, subject_id=one.id, due_at=now)
        for one in deliveries
    )
    wake_after_commit()


def tidied_next() -> datetime:
    """When a subscription's log is looked through for what is too old."""
    return timezone.now() + _TIDIED_EVERY
