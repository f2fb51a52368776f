"""Releasing own slots to the pool, as the clock has them.

A pursuit whose time is up keeps its slot in the ledger until somebody tidies up; whoever
releases does, as whoever claims does.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from portico.accounts.models import Person
from portico.internships.actions.moving import expire_overdue
from sharing import actions as sharing
from sharing.actions import Release


@transaction.atomic
def release_slots(
    *,
    actor: Person,
    opportunity_id: uuid.UUID,
    slots: int,
    visible_from: datetime | None = None,
    ask_owner: bool = False,
) -> uuid.UUID:
    """As sharing.actions.release_slots, after overdue pursuits have given their slots back."""
    expire_overdue(opportunity_id=opportunity_id)
    return sharing.release_slots(
        actor=actor,
        opportunity_id=opportunity_id,
        slots=slots,
        visible_from=visible_from,
        ask_owner=ask_owner,
    )


@transaction.atomic
def release_unwanted(
    *,
    actor: Person,
    opportunity_ids: Collection[uuid.UUID],
    visible_from: datetime | None = None,
    ask_owner: bool = False,
) -> list[Release]:
    """As sharing.actions.release_unwanted, after overdue pursuits have given their slots back."""
    for opportunity_id in sorted(set(opportunity_ids)):
        expire_overdue(opportunity_id=opportunity_id)
    return sharing.release_unwanted(
        actor=actor,
        opportunity_ids=opportunity_ids,
        visible_from=visible_from,
        ask_owner=ask_owner,
    )
