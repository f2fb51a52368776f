"""The slots of the region that a restored school holds, or believes it holds."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.backups.locked_pool import LockedPool
from portico.due.actions import drop_work
from portico.internships.actions.moving import (
    EXPIRE,
    facts,
    is_past_deadline,
    move,
    tell_coordinators,
)
from portico.internships.models import Placement
from portico.internships.states import HOLDING, State
from portico.notices.actions import tell
from sharing.models import Hold, OwnerQuestion
from tenants.context import current_schema
from tenants.queries import tenant_by_schema

RESTORE = "restore"  # who acted, in history
Placements = dict[uuid.UUID, Placement]


def give_back(pool: LockedPool, placements: Placements) -> None:
    """Holds of placements that keep no slot; the others become what the school knows of them."""
    for hold in pool.own_holds():
        placement = placements.get(hold.placement_id)
        question = pool.questions.get(hold.placement_id)
        agreed = question is not None and question.state == OwnerQuestion.State.AGREED
        if placement is not None and keeps_a_slot(placement):
            _match(pool, hold, placement)
        elif agreed and placement is not None and placement.state == State.AWAITING_OWNER:
            # the owner's yes has yet to reach the restored school: its time begins anew
            if hold.state != Hold.State.HELD or hold.until is None:
                hold.state = Hold.State.HELD
                hold.until = timezone.now() + timedelta(days=question.days)  # type: ignore[union-attr]
                hold.save()
        else:
            whose = f"placement {hold.placement_id}"
            why = f"is {placement.state}" if placement else "is not known to the school"
            pool.holds[hold.listing_id].remove(hold)
            hold.delete()
            pool.say(hold.listing_id, f"slot given back: {whose} {why}")


def take_again(pool: LockedPool, placements: Placements) -> list[Placement]:
    """Slots the school believes it has and lost; returns the placements that get none."""
    held = {hold.placement_id for hold in pool.own_holds()}
    lost = []
    for placement in sorted(placements.values(), key=lambda one: one.id):
        if not keeps_a_slot(placement) or placement.id in held:
            continue
        listing = pool.listings.get(placement.listing_id) if placement.listing_id else None
        if listing is None or len(pool.holds[listing.id]) >= listing.slots:
            lost.append(placement)
            pool.say(
                placement.listing_id,
                f"no slot is free any more: placement {placement.id}, {placement.state}, ended",
            )
            continue
        hold = Hold.objects.create(
            listing_id=listing.id,
            school=pool.school,
            placement_id=placement.id,
            **_as_held(placement),
        )
        pool.holds[listing.id].append(hold)
        pool.say(listing.id, f"slot taken again for placement {placement.id}")
    return lost


def end_without_slot(placement: Placement) -> None:
    """Out of a state that keeps a slot, by the edges everybody takes; people are told.

    In the school's context, and its language.
    """
    now = timezone.now()
    lost = _("The slot was given back after the day the school was restored to.")
    drop_work(kind=EXPIRE, subject_id=placement.id)
    if placement.state == State.ACTIVE:
        move(placement, "end_early", actor=None, label=RESTORE, ended_at=now, reason=lost)
        school = tenant_by_schema(current_schema())
        data = facts(placement, decider=school.name)
        tell(kind="placement_ended", person=placement.student, data=data)
        return
    if placement.state == State.START_REQUESTED:
        back: dict[str, Any] = {"deadline": now, "time_left": None, "reason": lost}
        move(placement, "decline_start", actor=None, label=RESTORE, **back)
    move(placement, "expire", actor=None, label=RESTORE, ended_at=now, reason=lost)
    tell(kind="pursuit_expired", person=placement.student, data=facts(placement))
    tell_coordinators(kind="pursuit_expired_staff", placement=placement)


def keeps_a_slot(placement: Placement) -> bool:
    return placement.state in HOLDING and not is_past_deadline(placement)


def _as_held(placement: Placement) -> dict[str, Any]:
    return {
        "state": Hold.State.FILLED if placement.state == State.ACTIVE else Hold.State.HELD,
        "until": placement.deadline if placement.state == State.PURSUING else None,
    }


def _match(pool: LockedPool, hold: Hold, placement: Placement) -> None:
    wanted = _as_held(placement)
    if (hold.state, hold.until) != (wanted["state"], wanted["until"]):
        hold.state, hold.until = wanted["state"], wanted["until"]
        hold.save()
        until = f" until {hold.until:%Y-%m-%d %H:%M} UTC" if hold.until else ""
        pool.say(hold.listing_id, f"slot of placement {placement.id} {hold.state}{until} again")
