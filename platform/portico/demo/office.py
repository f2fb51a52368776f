"""What a school's office keeps: groups, places to win, searches in vain, documents.

At one school of the demo. After its placements, which began before it required anything; of
the documents some are there, some wait to be checked, some are missing, as in life.
"""

import json
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from fpdf import FPDF

from catalog.cultivation import save_lead
from catalog.demand import note_missed_search
from catalog.models import Lead
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.documents.actions import (
    Signature,
    accept_document,
    save_requirement,
    set_concentrators,
    set_guardian,
    set_student_facts,
    sign_by_link,
    sign_document,
    upload_document,
)
from portico.documents.checklist import checklist
from portico.documents.links import hash_of, make_link
from portico.documents.models import Giver, Requirement
from portico.documents.queries import marked_concentrators
from portico.documents.reaching import reach
from portico.internships.actions.groups import keep_group
from portico.internships.models import Placement
from portico.internships.states import HOLDING, State
from tenants.context import tenant_context

LIVES_AT = "family.example.org"  # nobody's mailbox


def content() -> dict[str, Any]:
    text = files("portico.demo.content").joinpath("office.json").read_text("utf-8")
    return dict(json.loads(text))


def play(*, schema: str) -> None:
    """Fill the office of the school *schema*."""
    facts = content()
    with tenant_context(schema):
        alice = Person.objects.filter(roles__contains=[Role.COORDINATOR]).order_by("id")[0]
        students = list(Person.objects.filter(roles__contains=[Role.STUDENT]).order_by("id"))
        _groups(alice, students, facts)
        _wanted(alice, facts)
        _documents(alice, students, facts)


def _groups(alice: Person, students: list[Person], facts: dict[str, Any]) -> None:
    for number, (name, count) in enumerate(facts["groups"].items()):
        chosen = students[number :: len(facts["groups"])][:count]
        keep_group(actor=alice, name=name, students={one.id for one in chosen})
    seniors = [one for one in students if one.grade == 12]
    chosen = seniors[: facts["concentrators"]]
    set_concentrators(actor=alice, students={one.id for one in chosen})


def _wanted(alice: Person, facts: dict[str, Any]) -> None:
    for row in facts["leads"]:
        days = row.pop("in_days")
        next_on = timezone.localdate() + timedelta(days=days) if days is not None else None
        save_lead(actor=alice, lead=Lead(next_on=next_on, **row))
    for words, times in facts["missed_searches"].items():
        for _again in range(times):
            note_missed_search(words=words)


def _documents(alice: Person, students: list[Person], facts: dict[str, Any]) -> None:
    concentrators = marked_concentrators()
    for number, student in enumerate(students):
        set_guardian(
            student_id=student.id,
            actor=alice,
            name=f"{('Ana', 'Carlos', 'Denise', 'Femi')[number % 4]} {student.family_name}",
            email=f"family{number}@{LIVES_AT}",
            language="es" if number % 3 == 0 else "en",
        )
        set_student_facts(
            student_id=student.id,
            actor=alice,
            birth_date=_born(student, number),
            is_concentrator=student.id in concentrators,
        )
    agreement, consent, papers = (
        save_requirement(actor=alice, requirement=Requirement(**row))
        for row in facts["requirements"]
    )
    holding = Placement.objects.filter(state__in=HOLDING).select_related("student")
    for number, placement in enumerate(holding.order_by("requested_at", "id")):
        started = placement.state == State.ACTIVE
        complete = placement.student.email in facts["complete"]  # a start nothing holds up
        if started or complete or number % 2 == 0:
            _sign(placement, agreement)
        if started or complete:
            _consent(placement, consent)
        if started or complete or number % 3 == 0:
            checked = complete or (started and number % 3)
            _bring(placement, papers, checked_by=alice if checked else None)


def _born(student: Person, number: int) -> date:
    """Of the age of their grade, spread over the year."""
    years = (student.grade or 11) + 5
    today = timezone.localdate()
    return date(today.year - years, 1 + number % 12, 1 + number % 28)


def _bring(placement: Placement, papers: Requirement, *, checked_by: Person | None) -> None:
    """The student sends the papers, if their age asks for them; somebody has looked, or not."""
    if not any(item.requirement == papers for item in checklist(placement)):
        return
    document = upload_document(
        placement_id=placement.id,
        requirement_id=papers.id,
        actor=placement.student,
        name="",
        file=_scan(),
    )
    if checked_by is not None:
        accept_document(document_id=document.id, actor=checked_by)


def _signature(requirement: Requirement, *, name: str, language: str) -> Signature:
    return Signature(
        name=name,
        text_hash=hash_of(requirement.text_in(language)),
        language=language,
        agrees=True,
    )


def _sign(placement: Placement, requirement: Requirement) -> None:
    sign_document(
        placement_id=placement.id,
        requirement_id=requirement.id,
        actor=placement.student,
        signature=_signature(
            requirement, name=placement.student.full_name, language=placement.student.language
        ),
    )


def _consent(placement: Placement, requirement: Requirement) -> None:
    """As the guardian would, by the link."""
    to = reach(Giver.GUARDIAN, placement)
    _link, secret = make_link(placement=placement, giver=Giver.GUARDIAN, reach=to)
    sign_by_link(
        secret=secret,
        requirement_id=requirement.id,
        signature=_signature(requirement, name=to.name, language=to.language),
    )


def _scan() -> ContentFile:
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=20)
    page.cell(text="Working papers (an example)")
    return ContentFile(bytes(page.output()), name="papers.pdf")
