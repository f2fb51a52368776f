"""The functions of the region's schema, as Python functions (sharing/wall.sql).

A school changes the pool through these alone; PostgreSQL knows which school asks from
the role of the transaction.
"""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections

from portico.due.waking import wake_after_commit
from tenants.context import current_alias


def _call(statement: str, *parameters: Any) -> Any:
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder)


def release(*, offer: dict[str, Any], contact: dict[str, Any]) -> uuid.UUID | None:
    """Put an own offer into the pool or update it; None when fewer slots than are held."""
    return _call("SELECT pool_release(%s::jsonb, %s::jsonb)", _json(offer), _json(contact))


def recall(*, opportunity_id: uuid.UUID, slots: int) -> int:
    """Take up to *slots* free slots back; returns how many came."""
    return _call("SELECT pool_recall(%s, %s)", opportunity_id, slots)


def close(*, opportunity_id: uuid.UUID) -> None:
    """Let nobody claim an own release any more."""
    _call("SELECT pool_close(%s)", opportunity_id)


def claim(*, listing_id: uuid.UUID, placement_id: uuid.UUID, until: datetime) -> bool:
    """Take one slot for a placement until *until*; False when none is free for this school."""
    return _call("SELECT pool_claim(%s, %s, %s)", listing_id, placement_id, until)


def set_hold(
    *, listing_id: uuid.UUID, placement_id: uuid.UUID, state: str, until: datetime | None
) -> bool:
    """Move the deadline of a live hold (None: it stands still) or fill it; False when expired."""
    return _call("SELECT pool_set_hold(%s, %s, %s, %s)", listing_id, placement_id, state, until)


def free(*, listing_id: uuid.UUID, placement_id: uuid.UUID) -> bool:
    """Give an own slot back; False when there was none."""
    return _call("SELECT pool_free(%s, %s)", listing_id, placement_id)


def ask_owner(
    *,
    listing_id: uuid.UUID,
    placement_id: uuid.UUID,
    school_name: str,
    grade: int | None,
    interest: str,
    days: int,
) -> uuid.UUID | None:
    """Ask the owner for a slot; None when there is no such listing or nobody need be asked."""
    wake_after_commit("owner_asked")
    return _call(
        "SELECT pool_ask_owner(%s, %s, %s, %s::smallint, %s, %s::smallint)",
        listing_id,
        placement_id,
        school_name,
        grade,
        interest,
        days,
    )


def answer(*, question_id: uuid.UUID, agreed: bool, reason: str) -> str:
    """The owner's answer: `ok`, `gone` or `full`."""
    wake_after_commit("owner_answer")
    return _call("SELECT pool_answer(%s, %s, %s)", question_id, agreed, reason)


def drop_question(*, placement_id: uuid.UUID) -> None:
    """Ask no longer; a slot held by a yes goes back."""
    _call("SELECT pool_drop_question(%s)", placement_id)


def tell(*, kind: str, listing_id: uuid.UUID, event_id: uuid.UUID) -> int:
    """Plan the webhook event *kind* about a listing; how many subscriptions want it."""
    return _call("SELECT pool_tell(%s, %s, %s)", kind, listing_id, event_id)


def origins(listing_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
    """Of listings known here, open or not: the origin (a schema or a partner's id), the field.

    Those that are gone are missing.
    """
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("SELECT * FROM pool_origins(%s)", [sorted(listing_ids)])
        return {listing: (origin, field) for listing, origin, field in cursor.fetchall()}
