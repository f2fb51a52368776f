"""Documents in the API: a checklist, a file sent and fetched, the school's look at it."""

import hashlib
from typing import Any

import pytest

from portico.audit.models import Entry
from portico.documents.models import Document, DocumentLink
from tests.api.conftest import problem_of
from tests.portico.documents.papers import a_file, a_pdf, a_requirement, papers, with_guardian
from tests.portico.documents.test_checklist import asking
from tests.world import School

pytestmark = pytest.mark.django_db


def send(api: Any, **body: Any) -> Any:
    return api.client.post("/api/v1/documents/", body, headers=api.headers)


def test_a_program_sends_a_file_and_the_school_accepts_it(
    api: Any, token: Any, met: School
) -> None:
    requirement, placement = papers(met), asking(met)
    bob = api(met, token=token(met, placement.student, access="write"))
    alice = api(met, token=token(met, met.coordinator(), access="write"))
    items = bob.get(f"/checklists/{placement.id}/").json()["items"]
    assert [(item["standing"], item["counts"]) for item in items] == [("missing", False)]
    sent = send(bob, placement=str(placement.id), requirement=str(requirement.id), file=a_file())
    assert sent.status_code == 201, sent.json()
    document = sent.json()
    assert (document["state"], document["content_type"]) == ("given", "application/pdf")
    assert bob.post(f"/documents/{document['id']}/accept/").status_code == 403
    accepted = alice.post(f"/documents/{document['id']}/accept/")
    assert accepted.json()["state"] == "accepted"
    fetched = alice.get(f"/documents/{document['id']}/file/")
    assert hashlib.sha256(fetched.getvalue()).hexdigest() == document["sha256"]
    assert fetched["Content-Disposition"].startswith("attachment")
    with met:
        assert Entry.objects.filter(action="document_read").count() == 1


def test_what_is_no_paper_is_a_conflict_and_leaves_nothing(api: Any, met: School) -> None:
    requirement, placement = papers(met), asking(met)
    bob = api(met, placement.student)
    body = {"placement": str(placement.id), "requirement": str(requirement.id)}
    problem = problem_of(send(bob, **body, file=a_file(b"<html>")), 409, "file")
    assert problem["errors"][0]["field"] == "file"
    assert send(bob, **body).status_code == 400
    with met:
        assert not Document.objects.exists()


def test_a_signature_is_asked_for(api: Any, met: School) -> None:
    a_requirement(met)
    placement = asking(met)
    with_guardian(met, placement.student)
    bob = api(met, placement.student)
    path = f"/checklists/{placement.id}/ask/"
    asked = bob.post(path, {"giver": "guardian"})
    assert asked.json()["items"][0]["standing"] == "asked"
    problem_of(bob.post(path, {"giver": "guardian"}), 409, "asked")
    assert bob.post(path, {"giver": "everybody"}).status_code == 400
    with met:
        assert DocumentLink.objects.count() == 1


def test_a_start_says_what_is_missing_and_takes_a_reason(api: Any, met: School) -> None:
    papers(met)
    placement = asking(met, teacher=met.person("teacher"))
    path = f"/placements/{placement.id}/approve-start/"
    alice, teacher = api(met, met.coordinator()), api(met, placement.student.teacher)
    problem_of(teacher.post(path), 409, "missing")
    assert teacher.post(path, {"despite": "I know them."}).status_code == 403
    started = alice.post(path, {"despite": "The papers are in the mail."})
    assert started.json()["state"] == "active"


def test_others_documents_do_not_exist(api: Any, met: School, academy: School) -> None:
    requirement, placement = papers(met), asking(met, teacher=met.person("teacher"))
    bob = api(met, placement.student)
    body = {"placement": str(placement.id), "requirement": str(requirement.id)}
    document = send(bob, **body, file=a_file(a_pdf())).json()
    for other in (api(met, met.student()), api(met, met.person("teacher"))):
        assert other.get("/documents/").json()["results"] == []
        assert other.get(f"/documents/{document['id']}/").status_code == 404
        assert other.get(f"/documents/{document['id']}/file/").status_code == 404
        assert other.get(f"/checklists/{placement.id}/").status_code == 404
        assert send(other, **body, file=a_file()).status_code == 404
    charlie = api(academy, academy.coordinator())
    assert charlie.get(f"/documents/{document['id']}/").status_code == 404
