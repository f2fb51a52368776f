"""What the clock calls, inside the school's transaction (settings.DUE_WORK)."""

import uuid
from datetime import datetime

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.internships import actions
from portico.notices.actions import tell
from sharing.models import OwnListing
from sharing.queries import questions_to_us


def expire_placement(*, subject_id: uuid.UUID) -> datetime | None:
    """A pursuit's deadline; the new one when it was moved."""
    return actions.expire_pursuit(placement_id=subject_id)


def apply_owner_answer(*, subject_id: uuid.UUID) -> None:
    """The owning school answered about this school's placement *subject_id*."""
    actions.apply_owner_answer(placement_id=subject_id)


def tell_owner(*, subject_id: uuid.UUID) -> None:
    """Another school asks for a slot of this one: tell its coordinators."""
    question = questions_to_us().filter(id=subject_id).select_related(None).first()
    if question is None:
        return
    listing = OwnListing.objects.get(id=question.listing_id)
    for person in Person.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True):
        tell(
            kind="owner_asked",
            person=person,
            data={
                "school": question.school_name,
                "grade": question.grade,
                "title": listing.title,
            },
        )
