"""An event becomes one delivery for each subscription that wants it, where it happens."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone

from portico.due.actions import plan_work
from portico.due.waking import wake_after_commit
from portico.webhooks.models import Delivery
from tenants.context import current_alias, current_schema
from tenants.ids import new_id

SEND = "webhook"  # kinds of due work
LOG = "webhook_log"
KEPT_FOR = timedelta(days=30)
_TIDIED_EVERY = timedelta(days=1)

# Ids keep the event's time in front, so that they sort by age. `pool_tell` does the same in a
# region (sharing/migrations/0009).
_PLAN = """
    WITH delivery AS (
        INSERT INTO webhooks_delivery (id, subscription_id, event, data, names, happened_at,
                                       state, attempts, answer, fault)
        SELECT overlay(gen_random_uuid()::text placing left(%(id)s, 15) from 1)::uuid,
               s.id, %(kind)s, %(data)s::jsonb,
               CASE WHEN s.names_students THEN %(names)s::jsonb ELSE '{}' END,
               %(now)s, 'waiting', 0, '', ''
        FROM webhooks_subscription s
        WHERE s.off = '' AND %(kind)s = ANY(s.events)
        RETURNING id)
    INSERT INTO due_duework (id, school, kind, subject_id, due_at, attempts)
    SELECT gen_random_uuid(), %(school)s, %(send)s, id, %(now)s, 0
    FROM delivery
"""


def plan_event(
    *, kind: str, data: Mapping[str, Any], names: Mapping[str, str] | None = None
) -> int:
    """Have *kind* sent to every subscription of this school that asked for it; how many did.

    Call it in the transaction of what happened: both are there or neither. One statement,
    cheap where nobody subscribes. *data* is JSON-plain and holds ids, no person's name;
    *names* only goes to subscriptions the school has allowed names. A region's events are
    planned by sharing.telling.
    """
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(
            _PLAN,
            {
                "id": str(new_id()),
                "kind": kind,
                "data": json.dumps(dict(data)),
                "names": json.dumps(dict(names or {})),
                "now": timezone.now(),
                "school": current_schema(),
                "send": SEND,
            },
        )
        planned: int = cursor.rowcount
    if planned:
        wake_after_commit(SEND)
    return planned


def plan_delivery(delivery: Delivery) -> None:
    """Save a new *delivery* and have it sent as soon as this transaction is committed."""
    delivery.save(force_insert=True)
    plan_work(kind=SEND, subject_id=delivery.id, due_at=delivery.happened_at)


def tidied_next() -> datetime:
    """When a subscription's log is looked through for what is too old."""
    return timezone.now() + _TIDIED_EVERY
