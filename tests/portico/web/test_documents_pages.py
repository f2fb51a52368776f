"""Documents' pages: what each role sees and does, and that a second click is harmless."""

import datetime

import pytest
from django.utils import timezone

from portico.documents.models import Document, Requirement, StudentRecord
from portico.internships.models import Placement
from portico.notices.models import Notice
from portico.reports.worklist import Kind, cases_of
from tests.portico.documents.papers import (
    a_file,
    a_requirement,
    papers,
    uploaded,
    with_guardian,
)
from tests.portico.documents.test_checklist import asking, standings
from tests.portico.web.budgets import query_budget
from tests.world import School

pytestmark = pytest.mark.django_db


@pytest.fixture
def placement(met: School) -> Placement:
    """A start that waits, with a requirement of every kind."""
    for kind in Requirement.Kind.values:
        papers(met, kind=kind, title=f"Paper: {kind}")
    a_requirement(met)
    return asking(met, teacher=met.person("teacher"))


def test_student_teacher_and_coordinator_see_the_checklist(
    met: School, placement: Placement
) -> None:
    for person in (placement.student, placement.student.teacher, met.coordinator()):
        assert person is not None
        answer = met.client(person).get(f"/documents/{placement.id}/")
        body = answer.content.decode()
        for title in ("Guardian&#x27;s consent", "Paper: clearance", "missing"):
            assert title in body
    assert met.client(met.student()).get(f"/documents/{placement.id}/").status_code == 404
    assert met.client(met.person("teacher")).get(f"/documents/{placement.id}/").status_code == 404


def test_budget(met: School, placement: Placement) -> None:
    client = met.client(met.coordinator())
    client.get(f"/documents/{placement.id}/")
    with query_budget("documents-of"):
        client.get(f"/documents/{placement.id}/")
    with query_budget("coordinator-requirements"):
        client.get("/coordinator/documents/")


def test_among_the_starts_one_that_waits_for_documents_offers_no_approval(
    met: School, placement: Placement
) -> None:
    assert placement.student.teacher is not None
    body = met.client(placement.student.teacher).get("/teacher/starts/").content.decode()
    assert "Paper: clearance" in body
    assert f"/documents/{placement.id}/" in body
    assert "approve_start" not in body
    assert "decline_start" in body


def test_the_teacher_cannot_and_the_coordinator_can_let_it_start_anyway(
    met: School, placement: Placement
) -> None:
    assert placement.student.teacher is not None
    teacher, alice = met.client(placement.student.teacher), met.client(met.coordinator())
    page = teacher.get(f"/teacher/placements/{placement.id}/").content.decode()
    assert "Documents are missing" in page
    assert "Approve the start" not in page
    assert "Let it start anyway" not in page
    teacher.post(f"/teacher/placements/{placement.id}/approve_start/")
    teacher.post(f"/teacher/placements/{placement.id}/start_anyway/", {"reason": "Please."})
    assert _state(met, placement) == "start_requested"
    path = f"/coordinator/placements/{placement.id}/start_anyway/"
    assert alice.post(path, {"reason": ""}).status_code == 422
    for _twice in range(2):
        assert alice.post(path, {"reason": "The form is in the mail."}).status_code == 302
    assert _state(met, placement) == "active"
    history = alice.get(f"/coordinator/placements/{placement.id}/").content.decode()
    assert "The form is in the mail." in history


def _state(met: School, placement: Placement) -> str:
    with met:
        return Placement.objects.get(id=placement.id).state


def test_the_link_in_the_teachers_mail_says_what_is_missing(
    met: School, placement: Placement
) -> None:
    with met:
        secret = Notice.objects.get(kind="start_requested").secret
    client = met.client()
    assert "Documents are missing" in client.get(f"/start/{secret}/").content.decode()
    answer = client.post(f"/start/{secret}/", {"answer": "approve"})
    assert answer.status_code == 409
    assert "Missing before the start" in answer.content.decode()
    assert _state(met, placement) == "start_requested"


def test_a_student_sends_staff_check_and_correct_the_day(met: School) -> None:
    requirement = papers(met, kind="clearance", valid_months=12)
    placement = asking(met)
    bob, alice = met.client(placement.student), met.client(met.coordinator())
    path = f"/documents/{placement.id}/give/{requirement.id}/"
    prefix = f"d{requirement.id.hex[-8:]}"
    assert bob.get(path).status_code == 200
    assert bob.post(path, {f"{prefix}-name": "Bob"}).status_code == 422
    sent = {f"{prefix}-name": "Bob Number", f"{prefix}-file": a_file()}
    assert bob.post(path, sent).status_code == 302
    with met:
        document = Document.objects.get()
    check = f"/document/{document.id}/check/"
    assert bob.post(check, {"answer": "accept"}).status_code == 403
    assert alice.post(check, {"answer": "send_back", "reason": ""}).status_code == 422
    day = timezone.localdate() + datetime.timedelta(days=100)
    for _twice in range(2):
        answer = alice.post(check, {"answer": "accept", "valid_until": day.isoformat()})
        assert answer.status_code == 302
    with met:
        document.refresh_from_db()
    assert (document.state, document.valid_until) == ("accepted", day)
    assert "send it back" not in bob.get(f"/document/{document.id}/").content.decode().lower()


def test_staff_file_what_was_signed_on_paper(met: School) -> None:
    requirement = a_requirement(met)
    placement = asking(met)
    alice = met.client(met.coordinator())
    path = f"/documents/{placement.id}/give/{requirement.id}/"
    prefix = f"d{requirement.id.hex[-8:]}"
    alice.post(path, {f"{prefix}-name": "Ines Number", f"{prefix}-file": a_file()})
    with met:
        document = Document.objects.get()
    assert (document.state, document.given_name, document.giver) == (
        "accepted",
        "Ines Number",
        "guardian",
    )
    bob = met.client(placement.student)
    answer = bob.get(path)  # a consent is not the student's to give
    assert answer.headers["Location"] == f"/documents/{placement.id}/"


def test_the_student_names_the_guardian_and_writes_to_them(met: School) -> None:
    a_requirement(met)
    placement = asking(met)
    bob = met.client(placement.student)
    assert "Say who the guardian is" in bob.get(f"/documents/{placement.id}/").content.decode()
    guardian = {"name": "Ines Number", "email": placement.student.email, "language": "es"}
    assert bob.post(f"/documents/{placement.id}/guardian/", guardian).status_code == 422
    guardian["email"] = "ines@example.org"
    assert bob.post(f"/documents/{placement.id}/guardian/", guardian).status_code == 302
    for _twice in range(2):
        bob.post(f"/documents/{placement.id}/ask/", {"giver": "guardian"})
    assert standings(met, placement) == ["asked"]
    staff = met.client(met.coordinator()).get(f"/documents/{placement.id}/").content.decode()
    assert "The student entered the guardian." in staff


def test_staff_note_a_birth_date_and_a_concentrator(met: School) -> None:
    placement = asking(met)
    alice = met.client(met.coordinator())
    path = f"/documents/{placement.id}/student/"
    assert alice.post(path, {"birth_date": "1980-01-01"}).status_code == 422
    assert (
        alice.post(path, {"birth_date": "2010-05-06", "is_concentrator": "on"}).status_code == 302
    )
    with met:
        record = StudentRecord.objects.get(student=placement.student_id)
    assert (record.birth_date, record.is_concentrator) == (datetime.date(2010, 5, 6), True)


def test_a_requirement_is_written_changed_and_stopped(met: School) -> None:
    alice = met.client(met.coordinator())
    form = {
        "kind": "agreement",
        "title": "Internship agreement",
        "giver": "student",
        "way": "signature",
        "text": "",
        "covers": "placement",
        "applies_to": "all",
    }
    assert alice.post("/coordinator/documents/new/", form).status_code == 422  # no text to sign
    form |= {"text": "I will be on time.", "title_es": "Acuerdo", "text_es": "Seré puntual."}
    assert alice.post("/coordinator/documents/new/", form).status_code == 302
    with met:
        one = Requirement.objects.get()
    assert one.translations == {"es": {"title": "Acuerdo", "text": "Seré puntual."}}
    path = f"/coordinator/documents/{one.id}/"
    assert "Seré puntual." in alice.get(path).content.decode()
    alice.post(path, form | {"text_es": "Voy a ser puntual.", "sign_anew": "on"})
    with met:
        one.refresh_from_db()
    assert (one.version, one.since_version) == (2, 2)
    for _twice in range(2):
        alice.post(f"{path}active/", {"active": "no"})
    with met:
        one.refresh_from_db()
    assert not one.is_active


def test_what_ends_soon_is_listed(met: School) -> None:
    requirement = papers(met, kind="clearance", valid_months=1, needs_check=False)
    placement = asking(met)
    alice = met.client(met.coordinator())
    assert "Nothing ends soon" in alice.get("/coordinator/documents/ending/").content.decode()
    uploaded(met, placement, requirement)
    with met:  # a month is longer than thirty days
        Document.objects.update(valid_until=timezone.localdate())
    page = alice.get("/coordinator/documents/ending/").content.decode()
    assert "Working papers" in page
    assert placement.student.full_name in page


def test_the_worklist_names_them_and_asks_in_one_click(met: School) -> None:
    a_requirement(met)
    placement = asking(met)
    with_guardian(met, placement.student)
    alice = met.client(met.coordinator())
    with met:
        assert [case.key for case in cases_of(Kind.DOCUMENTS)] == [placement.id]
    assert "Ask for them" in alice.get("/coordinator/?show=documents").content.decode()
    for _twice in range(2):
        alice.post("/coordinator/work/documents/ask/", {"id": str(placement.id)})
    assert standings(met, placement) == ["asked"]
