"""Files: kept in the school's own folder, checked, handed out to those who may, recorded."""

import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.core.files.storage import storages

from portico.audit.models import Entry
from portico.documents.actions import upload_document
from portico.documents.files import files_of, remove_file
from portico.documents.models import Document
from tenants.errors import Refused
from tests.portico.documents.papers import a_file, a_pdf, a_photo, papers, uploaded
from tests.portico.documents.test_checklist import asking
from tests.world import School

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    """A folder of this test alone."""
    kept = dict(settings.STORAGES["documents"])  # type: ignore[attr-defined]
    kept["OPTIONS"] = kept["OPTIONS"] | {"location": str(tmp_path)}
    settings.STORAGES = settings.STORAGES | {"documents": kept}  # type: ignore[attr-defined]
    return tmp_path


def test_a_file_lies_in_its_schools_folder_under_its_documents_id(
    met: School, academy: School, folder: Path
) -> None:
    document = uploaded(met, asking(met), papers(met))
    path = folder / "bronx__met" / str(document.id)
    content = path.read_bytes()
    assert [one for one in folder.rglob("*") if one.is_file()] == [path]
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert (document.content_type, document.size) == ("application/pdf", len(content))
    assert list(files_of("bronx__met")) == [document.id]
    assert list(files_of("bronx__academy")) == []
    remove_file(schema="bronx__met", document_id=document.id)
    remove_file(schema="bronx__met", document_id=document.id)
    assert list(files_of("bronx__met")) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script>", "PDF or a photo"),
        (a_pdf() + b"\x00" * 2_000_000, "too large"),
    ],
)
def test_what_is_no_paper_is_turned_away_and_not_kept(
    met: School, settings: object, folder: Path, content: bytes, said: str
) -> None:
    settings.DOCUMENT_MAX_BYTES = 1_000_000  # type: ignore[attr-defined]
    requirement, placement = papers(met), asking(met)
    with met, pytest.raises(Refused) as refusal:
        upload_document(
            placement_id=placement.id,
            requirement_id=requirement.id,
            actor=placement.student,
            name="",
            file=a_file(content),
        )
    assert (refusal.value.code, refusal.value.field) == ("file", "file")
    assert said in str(refusal.value.message)
    assert list(folder.rglob("*")) == []


def test_it_is_handed_out_as_a_download_that_runs_nothing_and_that_is_recorded(
    met: School,
) -> None:
    document = uploaded(met, asking(met), papers(met))
    alice = met.coordinator()
    answer = met.client(alice).get(f"/document/{document.id}/file/")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.getvalue()).hexdigest() == document.sha256
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "evil" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    with met:
        entry = Entry.objects.get(action="document_read")
    assert entry.actor_id == alice.id
    assert entry.after["document"] == str(document.id)


def test_who_gets_it_and_for_whom_it_does_not_exist(met: School, academy: School) -> None:
    teacher = met.person("teacher")
    placement = asking(met, teacher=teacher)
    document = uploaded(met, placement, papers(met))
    path = f"/document/{document.id}/file/"
    for person, status in (
        (placement.student, 200),
        (teacher, 200),
        (met.student(), 404),
        (met.person("teacher"), 404),
    ):
        assert met.client(person).get(path).status_code == status, person
    assert academy.client(academy.coordinator()).get(path).status_code == 404
    assert met.client().get(path).status_code == 302


def test_a_student_does_not_read_what_a_mentor_gave_about_themselves(met: School) -> None:
    requirement = papers(met, giver="mentor", kind="clearance", covers="mentor")
    placement = asking(met)
    with met:
        document = upload_document(
            placement_id=placement.id,
            requirement_id=requirement.id,
            actor=met.coordinator(),
            name="Rosa Mentor",
            file=a_file(a_photo()),
        )
    path = f"/document/{document.id}/file/"
    assert met.client(met.coordinator()).get(path).headers["Content-Type"] == "image/jpeg"
    assert met.client(placement.student).get(path).status_code == 404


def test_a_file_that_is_gone_is_a_404_and_no_fault(met: School) -> None:
    document = uploaded(met, asking(met), papers(met))
    storages["documents"].delete(f"bronx__met/{document.id}")
    client = met.client(met.coordinator())
    assert client.get(f"/document/{document.id}/file/").status_code == 404
    assert client.get(f"/document/{document.id}/").status_code == 200
    with met:
        assert Document.objects.filter(id=document.id).exists()
