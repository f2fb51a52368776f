"""The slots a school keeps for its own students: claims, in one guarded statement.

own holds + released slots ≤ capacity. Read-then-write lets many win one slot; an UPDATE
that carries its own condition lets one.
"""

import uuid
from datetime import datetime

from django.db import connection
from django.db.models import F
from django.utils import timezone

from catalog.models import Opportunity


def claim_own_slot(*, opportunity_id: uuid.UUID, until: datetime | None) -> bool:
    """Take one slot for an own student; False when none is free or it is not published.

    Expired pursuits must have been ended first (internships does, it owns placements).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalog_opportunity
            SET taken = taken + 1, frees_at = least(frees_at, %s)
            WHERE id = %s AND state = 'published' AND taken + released < capacity
            RETURNING taken
            """,
            [until, opportunity_id],
        )
        return cursor.fetchone() is not None


def free_own_slot(*, opportunity_id: uuid.UUID, frees_at: datetime | None) -> None:
    """Give a slot back. *frees_at* is the earliest deadline among the holds left."""
    Opportunity.objects.filter(id=opportunity_id).update(taken=F("taken") - 1, frees_at=frees_at)


def set_frees_at(*, opportunity_id: uuid.UUID, frees_at: datetime | None) -> None:
    """Record the earliest deadline among an opportunity's holds."""
    Opportunity.objects.filter(id=opportunity_id).update(frees_at=frees_at)


def lock_opportunity(*, opportunity_id: uuid.UUID) -> Opportunity:
    """The opportunity, its row locked until the transaction ends; DoesNotExist if none."""
    return Opportunity.objects.select_for_update().get(id=opportunity_id)


def own_slots_open(opportunity: Opportunity) -> int:
    """Slots left for own students as the ledger stands (expired pursuits still count)."""
    return max(0, opportunity.capacity - opportunity.released - opportunity.taken)


def has_expired_hold(opportunity: Opportunity) -> bool:
    """True when a pursuit's deadline has passed and its slot is really free."""
    return opportunity.frees_at is not None and opportunity.frees_at <= timezone.now()
