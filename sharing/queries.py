"""Reading the pool, from a school's side and from the region's."""

import uuid

from django.db.models import QuerySet
from django.utils import timezone

from sharing.models import Hold, MentorContact, OwnerQuestion, OwnListing, VisibleListing
from tenants.context import current_schema


def contact_for(*, listing_id: uuid.UUID) -> MentorContact | None:
    """The mentor's contact of a pool listing; None unless this school holds a slot now.

    PostgreSQL decides: row-level security compares the hold's deadline with its clock.
    """
    return MentorContact.objects.filter(listing_id=listing_id).first()


def own_releases() -> QuerySet[OwnListing]:
    """This school's releases, newest first: slots and how many are in use, never by whom."""
    return OwnListing.objects.order_by("-published_at")


def questions_to_us(*, open_only: bool = True) -> QuerySet[OwnerQuestion]:
    """What other schools ask this one."""
    questions = OwnerQuestion.objects.filter(owner=current_schema()).select_related(None)
    return questions.filter(state=OwnerQuestion.State.ASKED) if open_only else questions


def question_about(*, placement_id: uuid.UUID) -> OwnerQuestion | None:
    """The question this school asked for a placement of its own."""
    return OwnerQuestion.objects.filter(school=current_schema(), placement_id=placement_id).first()


def visible_listing(*, listing_id: uuid.UUID) -> VisibleListing | None:
    """A pool listing this school may see, or None."""
    return VisibleListing.objects.defer("doc").filter(id=listing_id).first()


def live_hold(*, listing_id: uuid.UUID, placement_id: uuid.UUID) -> Hold | None:
    """This school's hold for a placement, if its deadline has not passed."""
    hold = Hold.objects.filter(listing_id=listing_id, placement_id=placement_id).first()
    if hold is None or (hold.until is not None and hold.until <= timezone.now()):
        return None
    return hold
