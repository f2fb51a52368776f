"""Out of it: the student withdraws, or staff end an active internship."""

import uuid

from django.db import transaction
from django.utils import timezone

from portico.accounts.models import Person
from portico.internships.actions.moving import (
    facts,
    give_slot_back,
    lock_placement,
    move,
    need_reason,
    stop_asking,
    tell_coordinators,
)
from portico.internships.models import Placement
from portico.internships.rules import require_act
from portico.internships.states import HOLDING, State
from portico.notices.actions import tell


@transaction.atomic
def withdraw_placement(*, placement_id: uuid.UUID, actor: Person, reason: str = "") -> Placement:
    """The student steps back; a held slot is free at once."""
    placement = lock_placement(placement_id=placement_id)
    require_act(actor, placement, "withdraw")
    came_from = placement.state
    move(
        placement,
        "withdraw",
        actor=actor,
        reason=reason.strip()[:500],
        ended_at=timezone.now(),
        deadline=None,
        time_left=None,
    )
    if came_from in HOLDING:
        give_slot_back(placement)
    elif came_from == State.AWAITING_OWNER:
        stop_asking(placement)
    tell_coordinators(kind="placement_withdrawn", placement=placement)
    return placement


@transaction.atomic
def end_placement(
    *, placement_id: uuid.UUID, actor: Person, completed: bool, reason: str = ""
) -> Placement:
    """End an active internship: completed, or ended early with a reason. The slot is free."""
    if not completed:
        reason = need_reason(reason)
    action = "complete" if completed else "end_early"
    placement = lock_placement(placement_id=placement_id)
    require_act(actor, placement, action)
    move(placement, action, actor=actor, reason=reason.strip()[:500], ended_at=timezone.now())
    give_slot_back(placement)
    tell(
        kind="placement_ended",
        person=placement.student,
        data=facts(placement, decider=actor.full_name),
    )
    return placement
