"""A document is given: signed under its text, or brought as a file.

By whoever has the link in a guardian's or mentor's e-mail, by a student, by staff. What was
given before stays; the new one is a row of its own.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.attendance.rules import is_staff_of
from portico.audit.actions import record, source
from portico.documents.actions.ending import good_until, plan_end
from portico.documents.checklist import checklist
from portico.documents.files import keep
from portico.documents.links import find_link, hash_of
from portico.documents.models import Document, Requirement
from portico.documents.reaching import mentors_of
from portico.documents.rules import may_sign, may_upload, require
from portico.internships.models import Placement
from portico.internships.states import OPEN, State
from tenants.errors import Refused
from tenants.ids import new_id

MOST_VERSIONS = 20  # of one requirement for one placement: whoever needs more should call


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What is typed under a text. *text_hash*: of the text as it was shown (links.hash_of)."""

    name: str
    text_hash: str
    language: str
    agrees: bool = False


@dataclass(frozen=True, kw_only=True)
class _Who:
    """Who gives it: a person of the school, or the reader of a link (*person* is None)."""

    giver: str
    name: str
    person: Person | None = None
    is_staff: bool = field(default=False)


@transaction.atomic
def sign_by_link(*, secret: str, requirement_id: uuid.UUID, signature: Signature) -> Document:
    """A guardian's or mentor's signature. LinkDead; Refused as _sign says."""
    link = find_link(secret=secret, for_use=True)
    requirement = _wanted(link.placement, requirement_id, giver=link.giver)
    return _sign(link.placement, requirement, signature, _Who(giver=link.giver, name=""))


@transaction.atomic
def upload_by_link(*, secret: str, requirement_id: uuid.UUID, name: str, file: File) -> Document:
    """A guardian's or mentor's file. LinkDead; Refused as _upload says."""
    link = find_link(secret=secret, for_use=True)
    requirement = _wanted(link.placement, requirement_id, giver=link.giver)
    return _upload(link.placement, requirement, file, _Who(giver=link.giver, name=name))


@transaction.atomic
def sign_document(
    *, placement_id: uuid.UUID, requirement_id: uuid.UUID, actor: Person, signature: Signature
) -> Document:
    """The student's own signature, or the school's. Refused: `forbidden`, and as _sign says."""
    placement = _locked(placement_id)
    requirement = _wanted(placement, requirement_id)
    require(may_sign(actor, placement, requirement))
    who = _Who(giver=requirement.giver, name="", person=actor)
    return _sign(placement, requirement, signature, who)


@transaction.atomic
def upload_document(
    *, placement_id: uuid.UUID, requirement_id: uuid.UUID, actor: Person, name: str, file: File
) -> Document:
    """A file from the student, or a paper that staff have in hand: theirs counts at once.

    *name*: who signed the paper. Refused: `forbidden`, and as _upload says.
    """
    placement = _locked(placement_id)
    requirement = _wanted(placement, requirement_id)
    require(may_upload(actor, placement, requirement))
    who = _Who(
        giver=requirement.giver,
        name=name or actor.full_name,
        person=actor,
        is_staff=is_staff_of(actor, placement),
    )
    return _upload(placement, requirement, file, who)


def _locked(placement_id: uuid.UUID) -> Placement:
    return (
        Placement.objects.select_for_update(of=("self",))
        .select_related("student__teacher")
        .get(id=placement_id)
    )


def _wanted(placement: Placement, requirement_id: uuid.UUID, *, giver: str = "") -> Requirement:
    """The requirement, if it is on the placement's checklist (and *giver*'s to meet).

    Refused: `not_asked`, `over` (the placement has ended), `too_many` versions.
    """
    if placement.state not in OPEN - {State.REQUESTED}:
        raise Refused("over", _("This internship needs no documents now."))
    for item in checklist(placement):
        if item.requirement.id == requirement_id and giver in ("", item.requirement.giver):
            break
    else:
        raise Refused("not_asked", _("This document is not asked for."))
    given = Document.objects.filter(requirement=requirement_id, placement=placement).count()
    if given >= MOST_VERSIONS:
        raise Refused("too_many", _("It was sent many times already; call the school."))
    return item.requirement


def _sign(
    placement: Placement, requirement: Requirement, signature: Signature, who: _Who
) -> Document:
    """Refused: `not_signed` (it wants a file), `text_changed`, `name`, `agree`."""
    if requirement.way != Requirement.Way.SIGNATURE:
        raise Refused("not_signed", _("This one is not signed; send a file."))
    text = requirement.text_in(signature.language)
    if signature.text_hash != hash_of(text):
        raise Refused("text_changed", _("The text has changed meanwhile. Please read it again."))
    name = " ".join(signature.name.split())[:160]
    if len(name) < 3:
        raise Refused("name", _("Write your full name."), field="name")
    if not signature.agrees:
        raise Refused("agree", _("Say that you have read it and agree."), field="agrees")
    state = Document.State.GIVEN if requirement.needs_check else Document.State.ACCEPTED
    return _add(
        placement,
        requirement,
        who,
        state=state,
        given_name=name,
        text=text,
        text_hash=signature.text_hash,
        language=signature.language,
    )


def _upload(placement: Placement, requirement: Requirement, file: File, who: _Who) -> Document:
    """Refused: `name`, `not_uploaded` (it wants a signature), and as files.keep says."""
    if requirement.way != Requirement.Way.UPLOAD and not who.is_staff:
        raise Refused("not_uploaded", _("This one is signed here; no file is needed."))
    name = " ".join(who.name.split())[:160]
    if len(name) < 3:
        raise Refused("name", _("Write your full name."), field="name")
    on_behalf = who.person is not None and not who.is_staff and who.giver != "student"
    waits = (requirement.needs_check or on_behalf) and not who.is_staff
    document_id = new_id()
    kept = keep(file, document_id=document_id)
    return _add(
        placement,
        requirement,
        who,
        id=document_id,
        state=Document.State.GIVEN if waits else Document.State.ACCEPTED,
        given_name=name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
    )


def _add(
    placement: Placement, requirement: Requirement, who: _Who, *, state: str, **facts: object
) -> Document:
    now = timezone.now()
    accepted = state == Document.State.ACCEPTED
    valid_until: date | None = good_until(requirement, timezone.localdate(now))
    document = Document(
        requirement=requirement,
        placement=placement,
        student_id=placement.student_id,
        mentor_email=_mentor(placement, requirement),
        state=state,
        giver=who.giver,
        given_by=who.person,
        given_at=now,
        address=source.get().address,
        version=requirement.version,
        valid_until=valid_until if accepted else None,
        **facts,
    )
    document.save(force_insert=True)
    record(
        action="document_given",
        subject=placement,
        actor=who.person,
        label=document.given_name,
        after={
            "title": requirement.title,
            "document": document.id,
            "version": document.version,
            "state": document.state,
        },
    )
    plan_end(document)
    return document


def _mentor(placement: Placement, requirement: Requirement) -> str:
    if requirement.covers != Requirement.Covers.MENTOR:
        return ""
    return mentors_of([placement])[placement.id].email
