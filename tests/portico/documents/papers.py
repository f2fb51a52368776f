"""Requirements and files for the tests of documents."""

import io
import re
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from fpdf import FPDF
from PIL import Image

from portico.accounts.models import Person
from portico.documents.actions import Signature, save_requirement, set_guardian, upload_document
from portico.documents.links import hash_of
from portico.documents.models import Document, Requirement
from portico.internships.models import Placement
from portico.notices.models import Notice
from tests.world import School

CONSENT = "I agree that my child interns at this place and know whom to call."
GUARDIAN = "ines@example.org"


def a_requirement(school: School, **facts: Any) -> Requirement:
    """A requirement of *school*: the guardian's signed consent unless *facts* say otherwise."""
    facts = {
        "kind": "consent",
        "title": "Guardian's consent",
        "text": CONSENT,
        "giver": "guardian",
        "way": "signature",
    } | facts
    with school:
        return save_requirement(actor=school.coordinator(), requirement=Requirement(**facts))


def papers(school: School, **facts: Any) -> Requirement:
    """A file from the student that the school looks at."""
    return a_requirement(
        school,
        **{
            "kind": "working_papers",
            "title": "Working papers",
            "text": "Bring the blue card.",
            "giver": "student",
            "way": "upload",
            "needs_check": True,
        }
        | facts,
    )


def with_guardian(school: School, student: Person, *, language: str = "en") -> None:
    with school:
        set_guardian(
            student_id=student.id,
            actor=school.coordinator(),
            name="Ines Number",
            email=GUARDIAN,
            language=language,
        )


def a_pdf(words: str = "Working papers") -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("helvetica")
    page.cell(text=words)
    return bytes(page.output())


def a_photo(kind: str = "JPEG") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(kept, kind)
    return kept.getvalue()


def a_file(content: bytes | None = None, *, name: str = "../../evil.html") -> File:
    """An upload as a browser sends it; by default with a name that lies."""
    return SimpleUploadedFile(name, a_pdf() if content is None else content, "text/html")


def signed(requirement: Requirement, **facts: Any) -> Signature:
    """A good signature under *requirement*, as it is."""
    language = facts.get("language", "en")
    facts = {
        "name": "Ines Number",
        "language": language,
        "text_hash": hash_of(requirement.text_in(language)),
        "agrees": True,
    } | facts
    return Signature(**facts)


def uploaded(school: School, placement: Placement, requirement: Requirement) -> Document:
    """The student has sent a file for *requirement*."""
    with school:
        return upload_document(
            placement_id=placement.id,
            requirement_id=requirement.id,
            actor=placement.student,
            name="",
            file=a_file(),
        )


def last_link(school: School, *, email: str = GUARDIAN) -> str:
    """The path of the newest link that was sent to *email*."""
    with school:
        notice = (
            Notice.objects.filter(kind="documents_wanted", email=email)
            .order_by("-created_at", "-id")
            .first()
        )
    assert notice is not None, "nothing was sent"
    return f"/sign/{notice.secret}/"


def field_of(body: str, name: str) -> str:
    """The value of a hidden field whose name ends with *name*."""
    found = re.search(rf'name="[^"]*{name}" value="([^"]*)"', body)
    assert found is not None, f"no field {name}"
    return found[1]
