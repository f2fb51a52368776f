"""Guardians and mentors are written to, reminded a few times, and sign on a page of their own."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portico.attendance.school_time import school_time
from portico.audit.models import Entry
from portico.documents.actions import ask_everybody, ask_for_documents, set_guardian
from portico.documents.jobs import document_ends, document_wait
from portico.documents.models import Document, DocumentLink, StudentRecord
from portico.due.models import DueWork
from portico.internships.models import Placement
from portico.notices.models import Notice
from portico.notices.queries import in_words
from tenants.errors import Refused
from tests.portico.documents.papers import (
    GUARDIAN,
    a_pdf,
    a_requirement,
    field_of,
    last_link,
    papers,
    uploaded,
    with_guardian,
)
from tests.portico.documents.test_checklist import asking, standings
from tests.world import School

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def asked(met: School) -> Placement:
    """A start that waits for a guardian who has been written to, in Spanish."""
    a_requirement(met, translations={"es": {"title": "Permiso", "text": "Doy mi permiso."}})
    placement = asking(met)
    with_guardian(met, placement.student, language="es")
    with met:
        ask_for_documents(placement_id=placement.id, giver="guardian", actor=placement.student)
    return placement


def browser(school: School) -> Client:
    """A visitor without cookies, as strict as a real one."""
    return Client(SERVER_NAME=school.host, enforce_csrf_checks=True)


def test_the_message_is_in_the_guardians_language_and_names_what_is_needed(
    met: School, asked: Placement
) -> None:
    with met:
        notice = Notice.objects.get(kind="documents_wanted")
        message = in_words(notice, language=notice.language)
        link = DocumentLink.objects.get()
    assert notice.email == GUARDIAN
    assert "Permiso" in message.body
    assert asked.student.full_name in message.subject
    assert notice.secret not in str(vars(link))  # only its hash is kept
    assert standings(met, asked) == ["asked"]


def test_opening_the_page_changes_nothing(met: School, asked: Placement) -> None:
    path = last_link(met)
    client = browser(met)
    for answer in (client.get(path), client.head(path), client.get(path)):
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
    body = client.get(path).content.decode()
    assert 'lang="es"' in body
    assert "Doy mi permiso." in body
    with met:
        assert not Document.objects.exists()


def test_a_typed_name_signs_once_and_what_was_read_is_kept(met: School, asked: Placement) -> None:
    path, client = last_link(met), browser(met)
    body = client.get(path).content.decode()
    prefix = field_prefix(body)
    form = {
        "requirement": field_of(body, "requirement"),
        f"{prefix}-text_hash": field_of(body, "text_hash"),
        f"{prefix}-language": field_of(body, "-language"),
        f"{prefix}-name": "Inés Número",
        f"{prefix}-agrees": "on",
    }
    without_name = client.post(path, form | {f"{prefix}-name": ""})
    assert without_name.status_code == 422
    answer = client.post(path, form, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 302
    assert standings(met, asked) == ["given"]
    with met:
        document = Document.objects.get()
        entry = Entry.objects.get(action="document_given")
    assert (document.given_name, document.address) == ("Inés Número", "192.0.2.7")
    assert (document.text, document.language, document.version) == ("Doy mi permiso.", "es", 1)
    assert (entry.via, entry.actor_label) == ("link", "Inés Número")
    assert "Doy mi permiso." not in client.get(answer["Location"]).content.decode()


def field_prefix(body: str) -> str:
    """The prefix of the only form's fields."""
    start = body.index("-text_hash")
    return body[body.rindex('"', 0, start) + 1 : start]


def test_a_guardian_sends_a_file_by_the_link(met: School) -> None:
    requirement = papers(met, giver="guardian")
    placement = asking(met)
    with_guardian(met, placement.student)
    with met:
        ask_for_documents(placement_id=placement.id, giver="guardian", actor=met.coordinator())
    path, client = last_link(met), browser(met)
    prefix = f"d{requirement.id.hex[-8:]}"

    def send(content: bytes) -> int:
        form = {
            "requirement": str(requirement.id),
            f"{prefix}-name": "Ines Number",
            f"{prefix}-file": SimpleUploadedFile("x.pdf", content),
        }
        return client.post(path, form).status_code

    assert send(b"<html>") == 422
    assert standings(met, placement) == ["asked"]
    assert send(a_pdf()) == 302
    assert standings(met, placement) == ["to_check"]


def test_a_link_gives_no_more_than_its_readers_own(met: School, asked: Placement) -> None:
    """Another's requirement, another school's host, an old link, an ended placement."""
    mine = papers(met)
    path = last_link(met)
    answer = browser(met).post(path, {"requirement": str(mine.id)})
    assert answer.status_code == 422
    academy = School("bronx__academy")
    assert browser(academy).get(path).status_code == 410
    assert browser(met).get("/sign/nonsense/").status_code == 410
    with time_machine.travel(timezone.now() + 15 * DAY):
        assert browser(met).get(path).status_code == 410
    with met:
        Placement.objects.filter(id=asked.id).update(state="withdrawn")
    assert browser(met).get(path).status_code == 410
    with met:
        assert not Document.objects.exists()


def test_nobody_is_written_to_twice_a_day_nor_about_nothing(met: School, asked: Placement) -> None:
    with met:
        for giver, code in (("guardian", "asked"), ("mentor", "nothing"), ("staff", "nothing")):
            with pytest.raises(Refused) as refusal:
                ask_for_documents(placement_id=asked.id, giver=giver, actor=asked.student)
            assert refusal.value.code == code
        assert DocumentLink.objects.count() == 1


def test_without_an_address_it_says_so(met: School) -> None:
    a_requirement(met)
    placement = asking(met)
    with met, pytest.raises(Refused) as refusal:
        ask_everybody(placement_id=placement.id, actor=met.coordinator())
    assert refusal.value.code == "no_contact"


def test_everybody_who_can_be_written_to_is(met: School) -> None:
    a_requirement(met)
    papers(met)
    papers(met, giver="mentor", kind="clearance")
    placement = asking(met)
    with met:
        asked = ask_everybody(placement_id=placement.id, actor=met.coordinator())
    assert {item.requirement.giver for item in asked} == {"student", "mentor"}


def test_reminders_stop_after_a_few_and_the_student_is_told(met: School, asked: Placement) -> None:
    now = timezone.now()
    for days in range(3, 16, 3):
        with time_machine.travel(now + days * DAY, tick=False), met:
            for due in DueWork.objects.filter(kind="document_wait", due_at__lte=timezone.now()):
                document_wait(subject_id=due.subject_id)
                due.delete()
    with met:
        assert DocumentLink.objects.count() == 4
        told = Notice.objects.filter(kind="documents_unanswered", person=asked.student)
        assert told.count() == 1
        assert not DueWork.objects.filter(kind="document_wait").exists()


def test_no_reminder_once_all_is_given(met: School) -> None:
    requirement = papers(met, giver="guardian", needs_check=False)
    placement = asking(met)
    with_guardian(met, placement.student)
    with met:
        ask_for_documents(placement_id=placement.id, giver="guardian", actor=met.coordinator())
        link = DocumentLink.objects.get()
    uploaded(met, placement, requirement)  # by the student, so it waits to be checked
    with time_machine.travel(timezone.now() + 3 * DAY), met:
        assert document_wait(subject_id=link.id) is None
        assert DocumentLink.objects.count() == 1


def test_the_school_hears_a_month_before_a_clearance_ends(met: School) -> None:
    requirement = papers(met, kind="clearance", valid_months=6, needs_check=False)
    alice = met.coordinator()
    placement = asking(met)
    with met, school_time():
        document = uploaded(met, placement, requirement)
    assert document.valid_until is not None
    with met:
        planned = DueWork.objects.get(kind="document_ends", subject_id=document.id)
        assert document_ends(subject_id=document.id) == planned.due_at  # too early
        assert not Notice.objects.filter(kind="document_ends").exists()
    with time_machine.travel(planned.due_at, tick=False), met:
        assert document_ends(subject_id=document.id) is None
        notice = Notice.objects.get(kind="document_ends", person=alice)
    assert notice.data["day"] == document.valid_until.isoformat()


def test_a_student_says_who_the_guardian_is_until_the_school_has(met: School) -> None:
    bob = met.student()
    alice = met.coordinator()

    def say(actor: object, **facts: str) -> StudentRecord:
        facts = {"name": "Ines Number", "email": GUARDIAN, "language": "es"} | facts
        return set_guardian(student_id=bob.id, actor=actor, **facts)  # type: ignore[arg-type]

    with met:
        for facts, field in (
            ({"email": bob.email}, "email"),  # would sign for themselves
            ({"email": "nobody"}, "email"),
            ({"name": "I"}, "name"),
            ({"language": "xx"}, "language"),
        ):
            with pytest.raises(Refused) as refusal:
                say(bob, **facts)
            assert refusal.value.field == field
        assert say(bob).guardian_by_student
        assert not say(alice, name="Inés Number").guardian_by_student
        with pytest.raises(Refused) as refusal:
            say(bob, email="other@example.org")
        assert refusal.value.code == "forbidden"
        with pytest.raises(Refused) as refusal:
            say(met.student())
        assert refusal.value.code == "forbidden"
