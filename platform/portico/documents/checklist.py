"""The checklist of a placement: what is required of it, and how each thing stands. Reads only.

A document counts once it is accepted, until it expires, if it is of a text that still
counts. Of several the newest that counts is shown, else the newest.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portico.documents.ages import age_on, is_under
from portico.documents.models import Document, DocumentLink, Giver, Requirement, StudentRecord
from portico.documents.reaching import mentors_of
from portico.internships.models import Placement

EXPIRES_SOON = timedelta(days=30)
YEARS = {Requirement.AppliesTo.UNDER_16: 16, Requirement.AppliesTo.UNDER_18: 18}


class Standing(models.TextChoices):
    """How an item stands; GIVEN and EXPIRING count."""

    MISSING = "missing", _("missing")
    ASKED = "asked", _("asked for")
    TO_CHECK = "to_check", _("to be checked")
    SENT_BACK = "sent_back", _("sent back")
    GIVEN = "given", _("there")
    EXPIRING = "expiring", _("expires soon")
    EXPIRED = "expired", _("expired")


COUNTS = frozenset({Standing.GIVEN, Standing.EXPIRING})


@dataclass(frozen=True)
class Item:
    """One line of a checklist. *asked_at*: when the guardian or mentor was last written to."""

    requirement: Requirement
    standing: Standing
    document: Document | None = None
    asked_at: datetime | None = None
    age_unknown: bool = False  # asked of everybody whose birth date nobody knows

    @property
    def counts(self) -> bool:
        return self.standing in COUNTS

    @property
    def title(self) -> str:
        return self.requirement.title_in(get_language() or "")

    @property
    def waits_for(self) -> str:
        """Who has to do something; empty when nobody has."""
        if self.counts:
            return ""
        return Giver.STAFF if self.standing == Standing.TO_CHECK else self.requirement.giver


@dataclass(frozen=True)
class _Facts:
    """What the database knows of a set of placements."""

    records: dict[uuid.UUID, StudentRecord]
    documents: dict[tuple[uuid.UUID, object], list[Document]]  # newest first
    asked: dict[tuple[uuid.UUID, str], datetime]
    mentors: dict[uuid.UUID, str]


def checklist(placement: Placement) -> list[Item]:
    """What *placement* needs before it starts, in the school's order."""
    return checklists([placement])[placement.id]


def missing_before_start(*, placement: Placement) -> list[str]:
    """The titles of what does not count yet (settings.START_CHECKS)."""
    return [item.title for item in checklist(placement) if not item.counts]


def checklists(placements: Sequence[Placement]) -> dict[uuid.UUID, list[Item]]:
    """A checklist for each of *placements*, in a handful of queries; one where nothing is asked."""
    requirements = list(Requirement.objects.filter(is_active=True))
    if not requirements or not placements:
        return {placement.id: [] for placement in placements}
    facts = _facts(placements, requirements)
    return {
        placement.id: [
            _item(requirement, placement, facts)
            for requirement in requirements
            if applies(requirement, placement, _birth_date(placement, facts))
        ]
        for placement in placements
    }


def first_day(placement: Placement) -> date:
    """The day that counts for an age: the first one, or today while none is proposed."""
    return placement.starts_on or timezone.localdate()


def applies(requirement: Requirement, placement: Placement, birth_date: date | None) -> bool:
    """Is *requirement* asked of *placement*, by its field and the student's age on the first day?

    An age nobody knows counts as young.
    """
    if requirement.only_fields and placement.field not in requirement.only_fields:
        return False
    years = YEARS.get(Requirement.AppliesTo(requirement.applies_to))
    return years is None or is_under(years, birth_date, first_day(placement))


def _facts(placements: Sequence[Placement], requirements: Iterable[Requirement]) -> _Facts:
    covers = {requirement.covers for requirement in requirements}
    students = [placement.student_id for placement in placements]
    mentors: dict[uuid.UUID, str] = {}
    wanted = Q(placement__in=[placement.id for placement in placements]) | Q(student__in=students)
    if Requirement.Covers.MENTOR in covers:
        mentors = {key: reach.email for key, reach in mentors_of(placements).items()}
        wanted |= Q(mentor_email__in={email for email in mentors.values() if email})
    documents: dict[tuple[uuid.UUID, object], list[Document]] = defaultdict(list)
    for document in Document.objects.filter(wanted).defer("text"):
        for good_for in (document.placement_id, document.student_id, document.mentor_email):
            documents[document.requirement_id, good_for].append(document)
    links = DocumentLink.objects.filter(placement__in=placements).order_by("created_at")
    return _Facts(
        records={
            record.student_id: record
            for record in StudentRecord.objects.filter(student__in=students)
        },
        documents=documents,
        asked={(link.placement_id, link.giver): link.created_at for link in links},
        mentors=mentors,
    )


def _birth_date(placement: Placement, facts: _Facts) -> date | None:
    record = facts.records.get(placement.student_id)
    return record.birth_date if record else None


def _item(requirement: Requirement, placement: Placement, facts: _Facts) -> Item:
    good_for: object = {
        Requirement.Covers.PLACEMENT: placement.id,
        Requirement.Covers.STUDENT: placement.student_id,
        Requirement.Covers.MENTOR: facts.mentors.get(placement.id) or placement.id,
    }[Requirement.Covers(requirement.covers)]
    given = facts.documents.get((requirement.id, good_for), [])
    current = [one for one in given if one.version >= requirement.since_version]
    best = _best(current)
    asked_at = facts.asked.get((placement.id, requirement.giver))
    return Item(
        requirement=requirement,
        standing=_standing(best, asked_at),
        document=best,
        asked_at=asked_at,
        age_unknown=requirement.applies_to in YEARS
        and age_on(_birth_date(placement, facts), first_day(placement)) is None,
    )


def _best(documents: Sequence[Document]) -> Document | None:
    for document in documents:
        if document.state == Document.State.ACCEPTED and not is_expired(document):
            return document
    return documents[0] if documents else None


def is_expired(document: Document) -> bool:
    """True from the day after its last good day on, in the school's zone."""
    return document.valid_until is not None and document.valid_until < timezone.localdate()


def _standing(document: Document | None, asked_at: datetime | None) -> Standing:
    if document is None:
        return Standing.ASKED if asked_at else Standing.MISSING
    if document.state == Document.State.GIVEN:
        return Standing.TO_CHECK
    if document.state == Document.State.SENT_BACK:
        return Standing.SENT_BACK
    if is_expired(document):
        return Standing.EXPIRED
    if document.valid_until and document.valid_until <= timezone.localdate() + EXPIRES_SOON:
        return Standing.EXPIRING
    return Standing.GIVEN
