"""Reading documents: what waits for the school, what ends soon, versions of one."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.documents.checklist import EXPIRES_SOON, Item, Standing, checklist, checklists
from portico.documents.models import Document, Giver, Requirement, StudentRecord
from portico.internships.models import Placement
from portico.internships.rules import seen_by
from portico.internships.states import HOLDING, State

FROM_THEN_ON = (State.START_REQUESTED, State.ACTIVE)  # what is missing now is urgent


@dataclass(frozen=True)
class Waiting:
    """A placement whose documents wait for somebody at the school, and since when."""

    placement: Placement
    items: list[Item]
    since: datetime

    @property
    def to_check(self) -> list[Item]:
        return [item for item in self.items if item.standing == Standing.TO_CHECK]


def waiting_for_school() -> list[Waiting]:
    """What was given and not looked at; what is missing where a start is asked or was let.

    One query where the school requires nothing.
    """
    if not Requirement.objects.filter(is_active=True).exists():
        return []
    placements = list(
        Placement.objects.filter(state__in=HOLDING).select_related("student__teacher")
    )
    lists = checklists(placements)
    found = []
    for placement in placements:
        wanted = [item for item in lists[placement.id] if _waits(item, placement)]
        if wanted:
            since = min(_since(item, placement) for item in wanted)
            found.append(Waiting(placement, wanted, since))
    return found


def _waits(item: Item, placement: Placement) -> bool:
    if placement.state in FROM_THEN_ON:
        return not item.counts
    return item.standing == Standing.TO_CHECK


def _since(item: Item, placement: Placement) -> datetime:
    if item.standing == Standing.TO_CHECK and item.document is not None:
        return item.document.given_at
    return placement.started_at or placement.start_requested_at or placement.requested_at


def requirements() -> QuerySet[Requirement]:
    """All the school ever required: what it asks for now first."""
    return Requirement.objects.order_by("-is_active", "created_at", "id")


def seen_documents(*, person: Person) -> QuerySet[Document]:
    """What *person* may read (rules.may_read), of all placements."""
    seen = Placement.objects.filter(seen_by(person))
    found = Document.objects.filter(placement__in=seen).select_related("requirement", "student")
    if person.has_role(Role.TEACHER, Role.COORDINATOR):
        return found
    return found.exclude(giver=Giver.MENTOR)


def get_document(*, document_id: uuid.UUID) -> Document:
    """One document with its placement; DoesNotExist if not this school's."""
    return Document.objects.select_related(
        "requirement", "placement__student__teacher", "placement__opportunity", "checked_by"
    ).get(id=document_id)


def versions_of(document: Document) -> list[Document]:
    """Everything given for the same requirement of the same placement, the newest first."""
    return list(
        Document.objects.filter(
            requirement=document.requirement_id, placement=document.placement_id
        ).defer("text")
    )


def ending(*, until: date | None = None) -> list[Document]:
    """Accepted documents of running internships that end by *until* (default: in a month).

    The first to end first. Left out where a later one of the same kind is accepted.
    """
    last = until or timezone.localdate() + EXPIRES_SOON
    found = (
        Document.objects.filter(
            state=Document.State.ACCEPTED,
            valid_until__lte=last,
            requirement__is_active=True,
            placement__state__in=HOLDING,
        )
        .select_related("requirement", "placement__student__teacher")
        .defer("text")
        .order_by("valid_until", "id")
    )
    lists = checklists([document.placement for document in found])
    newest = {item.document.id for items in lists.values() for item in items if item.document}
    return [document for document in found if document.id in newest]


def item_of(placement: Placement, requirement_id: uuid.UUID) -> Item:
    """One line of the checklist; Requirement.DoesNotExist where it is not asked for."""
    for item in checklist(placement):
        if item.requirement.id == requirement_id:
            return item
    raise Requirement.DoesNotExist


def marked_concentrators() -> set[uuid.UUID]:
    """The students marked as concentrators (Perkins V), by id."""
    marked = StudentRecord.objects.filter(is_concentrator=True)
    return set(marked.values_list("student", flat=True))
