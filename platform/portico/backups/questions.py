"""What a restored school asks other schools about their slots, brought in line with the region."""

import uuid
from datetime import datetime

from django.utils import timezone

from portico.backups.holds import Placements
from portico.backups.locked_pool import LockedPool
from portico.due.models import DueWork
from portico.internships.models import Placement
from portico.internships.states import HOLDING, State
from sharing.models import OwnerQuestion, PoolListing
from tenants.models import Tenant

Q = OwnerQuestion.State


def settle_questions(
    pool: LockedPool, placements: Placements, *, school: Tenant, made_at: datetime
) -> None:
    """Every question stands for a placement that awaits it, or is over. In the region's context."""
    for question in pool.questions.values():
        placement = placements.get(question.placement_id)
        if placement is None or placement.state == State.REQUESTED:
            # it would be in the way when the school asks (again)
            question.delete()
            pool.say(question.listing_id, f"no longer asked for placement {question.placement_id}")
        elif placement.state == State.AWAITING_OWNER:
            _await_answer(pool, question)
        elif placement.state not in HOLDING and question.state in (Q.ASKED, Q.AGREED):
            question.state, question.decided_at = Q.DROPPED, timezone.now()
            question.save()
    for placement in placements.values():
        if placement.state == State.AWAITING_OWNER and placement.id not in pool.questions:
            _ask_again(pool, placement, school)
    # what others asked meanwhile, and its coordinators have not been told as it stands now
    asked = OwnerQuestion.objects.filter(owner=pool.school, state=Q.ASKED, created_at__gte=made_at)
    for question in asked:
        plan_for(pool.school, kind="owner_asked", subject_id=question.id)


def _await_answer(pool: LockedPool, question: OwnerQuestion) -> None:
    if question.state == Q.DROPPED:
        question.state, question.decided_at = Q.ASKED, None
        question.save()
        plan_for(question.owner, kind="owner_asked", subject_id=question.id)
        pool.say(question.listing_id, f"asked again for placement {question.placement_id}")
    elif question.state != Q.ASKED:
        plan_for(pool.school, kind="owner_answer", subject_id=question.placement_id)


def _ask_again(pool: LockedPool, placement: Placement, school: Tenant) -> None:
    """The question is gone; where the listing is gone too, the placement hears a no."""
    listing = pool.listings.get(placement.listing_id) if placement.listing_id else None
    if listing is None or listing.state != PoolListing.State.OPEN or not listing.origin_schema:
        plan_for(pool.school, kind="owner_answer", subject_id=placement.id)
        return
    question = OwnerQuestion.objects.create(
        listing_id=listing.id,
        school=pool.school,
        school_name=school.name,
        owner=listing.origin_schema,
        placement_id=placement.id,
        grade=placement.student.grade,
        interest=placement.field,
        days=school.pursuit_days,
    )
    plan_for(question.owner, kind="owner_asked", subject_id=question.id)
    pool.say(listing.id, f"asked again for placement {placement.id}")


def plan_for(school: str, *, kind: str, subject_id: uuid.UUID) -> None:
    """Due work now, in whichever school's name."""
    DueWork.objects.update_or_create(
        school=school,
        kind=kind,
        subject_id=subject_id,
        defaults={"due_at": timezone.now(), "attempts": 0},
    )
