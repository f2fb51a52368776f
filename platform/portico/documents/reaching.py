"""How a guardian and a mentor are reached, neither of whom has an account."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import Mentor
from portico.documents.models import Giver, StudentRecord
from portico.internships.models import Placement, Source
from sharing.models import MentorContact


@dataclass(frozen=True)
class Reach:
    """An address; *email* in lower case, empty where there is none."""

    name: str
    email: str
    language: str


NOBODY = Reach("", "", "en")


def mentors_of(placements: Sequence[Placement]) -> dict[uuid.UUID, Reach]:
    """The mentor of each of *placements*, in two queries.

    A pool listing's contact is read as PostgreSQL shows it: while the school holds the slot.
    """
    own = {one.opportunity_id for one in placements if one.source == Source.OWN}
    pool = {one.listing_id for one in placements if one.source == Source.POOL}
    found: dict[uuid.UUID | None, Reach] = {}
    if own:
        mentors = Mentor.objects.filter(opportunities__in=own)
        for offer_id, *facts in mentors.values_list("opportunities", "name", "email", "language"):
            found[offer_id] = _reach(*facts)
    if pool:
        contacts = MentorContact.objects.filter(listing_id__in=pool)
        for offer_id, *facts in contacts.values_list("listing_id", "name", "email", "language"):
            found[offer_id] = _reach(*facts)
    return {one.id: found.get(one.offer_id, NOBODY) for one in placements}


def guardian_of(student_id: uuid.UUID) -> Reach:
    """The guardian as the student's record has them."""
    record = StudentRecord.objects.filter(student=student_id).first()
    if record is None:
        return NOBODY
    return _reach(record.guardian_name, record.guardian_email, record.guardian_language)


def reach(giver: str, placement: Placement) -> Reach:
    """How *giver*, a guardian or a mentor, is reached about *placement*."""
    if giver == Giver.GUARDIAN:
        return guardian_of(placement.student_id)
    return mentors_of([placement])[placement.id]


def _reach(name: str, email: str, language: str) -> Reach:
    return Reach(name, email.lower(), language or "en")
