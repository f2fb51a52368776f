"""The owning school has answered; this school carries the answer out."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portico.internships.actions.deciding import begin_pursuit
from portico.internships.actions.moving import facts, lock_placement, move
from portico.internships.models import Placement
from portico.internships.states import State
from portico.notices.actions import tell
from sharing.models import OwnerQuestion
from sharing.queries import live_hold, question_about


@transaction.atomic
def apply_owner_answer(*, placement_id: uuid.UUID) -> None:
    """Move a placement that awaited its owner. Nothing happens when it no longer does."""
    if not Placement.objects.filter(id=placement_id).exists():
        return
    placement = lock_placement(placement_id=placement_id)
    question = question_about(placement_id=placement_id)
    if placement.state != State.AWAITING_OWNER:
        return
    label = placement.origin_name
    if question is None:  # the owning school has left the region
        _refuse(placement, label=label, reason=_("This internship is not offered any more."))
    elif question.state == OwnerQuestion.State.AGREED:
        assert placement.listing_id is not None
        hold = live_hold(listing_id=placement.listing_id, placement_id=placement.id)
        until = hold.until if hold and hold.until else timezone.now()
        move(
            placement,
            "agree",
            actor=None,
            label=label,
            deadline=until,
            revealed_at=timezone.now(),
            reason="",
        )
        begin_pursuit(placement, actor=None, label=label)
    elif question.state == OwnerQuestion.State.DECLINED:
        _refuse(placement, label=label, reason=question.reason)


def _refuse(placement: Placement, *, label: str, reason: str) -> None:
    move(
        placement,
        "refuse",
        actor=None,
        label=label,
        reason=reason,
        ended_at=timezone.now(),
    )
    tell(kind="owner_refused", person=placement.student, data=facts(placement))
