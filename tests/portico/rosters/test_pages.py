"""The roster's pages: who may, what they show, and that a click does it once."""

import io
import re
import uuid
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.rosters import jobs, tasks
from portico.rosters.uploads import Upload, find_upload, forget_old, uploads_of
from tests.portico.rosters.exports import Export, small_school
from tests.world import Region, School

pytestmark = pytest.mark.usefixtures("schools_as_they_were")
SHEET = "Student ID,First,Last,E-Mail,Grade Level,Advisor\n7,Luz,Vale,luz@met.example.org,11th,\n"


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What the pages ask of the worker; `work` does it."""
    asked: list[tuple[str, str, str]] = []
    for name in ("read_upload", "apply_upload"):
        monkeypatch.setattr(
            getattr(tasks, name),
            "delay",
            lambda tenant, upload, n=name: asked.append((n, tenant, upload)),
        )
    return asked


def work(queue: list[tuple[str, str, str]]) -> None:
    while queue:
        name, tenant, upload = queue.pop(0)
        getattr(jobs, name)(tenant=tenant, upload_id=upload)


def send(client: Client, path: str, content: bytes, name: str = "roster.zip", **more: str) -> Any:
    return client.post(path, {"file": SimpleUploadedFile(name, content), **more})


def zipped(export: Export, folder: Path) -> bytes:
    return export.write(folder).read_bytes()


def only(tenant: str) -> Upload:
    (upload,) = uploads_of(tenant)
    return upload


@pytest.fixture
def at_met(met: School) -> Client:
    return met.client(met.coordinator())


@pytest.fixture
def at_bronx(bronx: Region) -> Client:
    return bronx.client(bronx.person("district_admin", given_name="Dana", family_name="Ortiz"))


def test_who_may(met: School, bronx: Region, at_met: Client, at_bronx: Client) -> None:
    assert at_met.get("/coordinator/roster/").status_code == 200
    assert at_bronx.get("/rosters/").status_code == 200
    for role in ("student", "teacher"):
        assert met.client(met.person(role)).get("/coordinator/roster/").status_code == 403
    assert bronx.client(bronx.partner_staff()).get("/rosters/").status_code == 403
    assert met.client().get("/coordinator/roster/").status_code == 302
    assert 'href="/coordinator/roster/"' in at_met.get("/coordinator/settings/").content.decode()
    assert 'href="/rosters/"' in at_bronx.get("/schools/").content.decode()


def test_a_school_from_upload_to_done(
    met: School, at_met: Client, queue: Any, tmp_path: Path, roster_dir: Path
) -> None:
    answer = send(at_met, "/coordinator/roster/", zipped(small_school(), tmp_path))
    here = answer.headers["Location"]
    assert "Being read" in at_met.get(here).content.decode()
    assert b"Being read" in at_met.get(here, headers={"HX-Request": "true"}).content
    work(queue)
    assert at_met.get(here, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = at_met.get(here).content.decode()
    assert "Luz S1" in page
    assert "luz@met.example.org" in page
    with met:
        assert not Person.objects.filter(source_id="s1").exists()
    for _click in (1, 2):
        assert at_met.post(f"{here}apply/").headers["Location"] == here
    assert len(queue) == 1
    work(queue)
    assert "The roster has been applied" in at_met.get(here).content.decode()
    at_met.post(f"{here}apply/")
    assert not queue
    with met:
        assert Person.objects.filter(roles=["student"]).count() == 2
        entry = Entry.objects.get(action="roster_applied")
        assert (entry.actor_id, entry.via) == (met.coordinator().id, "web")
    left = list(roster_dir.rglob("*.*"))
    assert [path.name for path in left] == ["upload.json"]
    assert "Luz" not in left[0].read_text()


def test_another_school_does_not_have_it(
    met: School, academy: School, at_met: Client, queue: Any, tmp_path: Path
) -> None:
    send(at_met, "/coordinator/roster/", zipped(small_school(), tmp_path))
    work(queue)
    upload = only(met.schema)
    charlie = academy.client(academy.coordinator())
    path = f"/coordinator/roster/{upload.id}/"
    assert charlie.get(path).status_code == 404
    assert charlie.get(f"{path}0/").status_code == 404
    assert charlie.post(f"{path}apply/").status_code == 404
    charlie.post(f"{path}drop/")
    assert find_upload(tenant=met.schema, upload_id=upload.id) is not None
    assert at_met.get(f"/coordinator/roster/{uuid.uuid4()}/").status_code == 404


def test_files_are_their_owners_alone(at_met: Client, tmp_path: Path, roster_dir: Path) -> None:
    send(at_met, "/coordinator/roster/", zipped(small_school(), tmp_path), "../../etc/x.zip")
    (folder,) = (roster_dir / "bronx__met").iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.name for path in folder.iterdir()} == {"upload.json", "roster.zip"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


@pytest.mark.parametrize("name", ["people.pdf", "people", "people.zip.exe"])
def test_other_files_are_not_taken(at_met: Client, name: str) -> None:
    answer = send(at_met, "/coordinator/roster/", b"x", name)
    assert answer.status_code == 422
    assert uploads_of("bronx__met") == []


def test_a_region_takes_no_lists(at_bronx: Client) -> None:
    assert send(at_bronx, "/rosters/", SHEET.encode(), "people.csv").status_code == 422


def test_what_is_wrong_is_shown_with_file_and_line(
    at_met: Client, queue: Any, tmp_path: Path
) -> None:
    export = small_school().enroll("nowhere", "s1")
    here = send(at_met, "/coordinator/roster/", zipped(export, tmp_path)).headers["Location"]
    work(queue)
    page = at_met.get(here).content.decode()
    assert "enrollments.csv, line 5: classSourcedId nowhere is not in classes.csv" in page
    at_met.post(f"{here}apply/")
    assert not queue


def test_many_gone_need_a_word(met: School, at_met: Client, queue: Any, tmp_path: Path) -> None:
    for export in (small_school(), Export().org("o-met", identifier="MET1").user("s1", "o-met")):
        answer = send(at_met, "/coordinator/roster/", zipped(export, tmp_path))
        here = answer.headers["Location"]
        work(queue)
        refused = at_met.post(f"{here}apply/")
        work(queue)
    assert refused.status_code == 422
    assert "2 of 3 people" in refused.content.decode()
    with met:
        assert Person.objects.filter(is_active=True).exclude(source_id="").count() == 3
    at_met.post(f"{here}apply/", {"allow": "on"})
    work(queue)
    with met:
        assert Person.objects.filter(is_active=True).exclude(source_id="").count() == 1


def region_export() -> Export:
    export = small_school().org("o-aca", "Bronx Academy", identifier="ACA9")
    export.org("o-new", "Hunts Point High", identifier="08X999")
    return export.user("s8", "o-aca").user("s9", "o-new").user("t9", "o-new", role="teacher")


def test_a_region_matches_its_schools_and_makes_new_ones(
    met: School, academy: School, at_bronx: Client, queue: Any, tmp_path: Path
) -> None:
    here = send(at_bronx, "/rosters/", zipped(region_export(), tmp_path)).headers["Location"]
    work(queue)
    page = at_bronx.get(here).content.decode()
    assert "Schools that are not known yet" in page
    unknown = [org["id"] for org in only("bronx").unknown]
    assert unknown == ["o-aca", "o-new", "o-met"]
    twice = {"org-0": "met", "org-2": "met"}
    assert at_bronx.post(f"{here}match/", twice).status_code == 422
    at_bronx.post(f"{here}match/", {"org-0": "academy", "org-1": "new", "org-2": "met"})
    work(queue)
    page = at_bronx.get(here).content.decode()
    assert "Schools that are not known yet" not in page
    assert "new school" in page
    at = [school["name"] for school in only("bronx").schools].index("Hunts Point High")
    people = at_bronx.get(f"{here}{at}/").content.decode()
    words = re.findall(r"\w+", people)  # a token in the page may well have these letters within
    assert "s9" in words
    assert "S9" not in words, "names are the school's own to see"
    kept = "".join(path.read_text() for path in only("bronx").folder.glob("*.json"))
    assert "S9" not in kept
    assert "Luz" not in kept
    at_bronx.post(f"{here}apply/")
    work(queue)
    for schema, students in {"bronx__met": 2, "bronx__academy": 1, "bronx__08x999": 1}.items():
        with School(schema):
            assert Person.objects.filter(roles=["student"]).count() == students
            entry = Entry.objects.get(action="roster_applied")
            assert (entry.actor_id, entry.actor_label) == (None, "Dana Ortiz")
    # The next file finds them all, and has nothing to say.
    here = send(at_bronx, "/rosters/", zipped(region_export(), tmp_path)).headers["Location"]
    work(queue)
    assert "Nothing would change" in at_bronx.get(here).content.decode()


def test_somebody_moves_between_schools(
    met: School, academy: School, at_bronx: Client, queue: Any, tmp_path: Path
) -> None:
    def bring(export: Export) -> str:
        here = send(at_bronx, "/rosters/", zipped(export, tmp_path)).headers["Location"]
        work(queue)
        upload = uploads_of("bronx")[0]
        if upload.unknown:
            codes = {"o-aca": "academy", "o-met": "met", "o-new": ""}
            at_bronx.post(
                f"{here}match/",
                {f"org-{at}": codes[org["id"]] for at, org in enumerate(upload.unknown)},
            )
            work(queue)
        return here

    here = bring(region_export())
    at_bronx.post(f"{here}apply/")
    work(queue)
    later = region_export()
    next(row for row in later.rows["users"] if row["sourcedId"] == "s8")["orgSourcedIds"] = "o-met"
    here = bring(later)
    schools = [school["name"] for school in uploads_of("bronx")[0].schools]
    at_academy = at_bronx.get(f"{here}{schools.index('Bronx Academy')}/").content.decode()
    assert "to The Met High School" in at_academy
    at_the_met = at_bronx.get(f"{here}{schools.index('The Met High School')}/").content.decode()
    assert "from Bronx Academy" in at_the_met


# --- lists ---------------------------------------------------------------------------------


def test_a_list_is_matched_by_a_person(met: School, at_met: Client, queue: Any) -> None:
    teacher = met.person("teacher", given_name="Dana", family_name="Ortiz")
    text = SHEET.rstrip() + "Dana Ortiz\n"
    here = send(at_met, "/coordinator/roster/", text.encode(), "people.csv").headers["Location"]
    page = at_met.get(here).content.decode()
    assert '<option value="Grade Level" selected>' in page
    chosen = {
        "given_name": "First", "family_name": "Last", "email": "E-Mail", "id": "Student ID",
        "grade": "Grade Level", "teacher": "Advisor",
    }  # fmt: skip
    assert at_met.post(f"{here}columns/", chosen).status_code == 422, "student or teacher?"
    assert at_met.post(f"{here}columns/", {"everybody": "student"}).status_code == 422
    at_met.post(f"{here}columns/", chosen | {"everybody": "student"})
    work(queue)
    assert "Luz Vale" in at_met.get(here).content.decode()
    at_met.post(f"{here}apply/")
    work(queue)
    with met:
        luz = Person.objects.get(source_id="7")
        assert (luz.full_name, luz.grade, luz.teacher) == ("Luz Vale", 11, teacher)


def test_a_list_that_cannot_be_read_says_so(at_met: Client) -> None:
    here = send(at_met, "/coordinator/roster/", b"PK", "people.xlsx").headers["Location"]
    assert "This is not an XLSX file" in at_met.get(here).content.decode()


def test_the_template_is_read_as_it_is_given(at_met: Client, queue: Any) -> None:
    content = at_met.get("/coordinator/roster/template.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0].append(["7", "Luz", "Vale", "luz@met.example.org", "student", 11, ""])
    filled = io.BytesIO()
    book.save(filled)
    here = send(at_met, "/coordinator/roster/", filled.getvalue(), "people.xlsx").headers[
        "Location"
    ]
    page = at_met.get(here).content.decode()
    for header in ("id", "given name", "family name", "e-mail", "role", "grade", "teacher"):
        assert f'<option value="{header}" selected>' in page


def test_uploads_go_after_a_day(
    at_met: Client, tmp_path: Path, roster_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(at_met, "/coordinator/roster/", zipped(small_school(), tmp_path))
    assert forget_old() == 0
    monkeypatch.setattr("portico.rosters.uploads.KEEP_SECONDS", -1)
    assert forget_old() == 1
    assert list((roster_dir / "bronx__met").iterdir()) == []


def test_a_file_can_be_dropped(at_met: Client, queue: Any, tmp_path: Path) -> None:
    here = send(at_met, "/coordinator/roster/", zipped(small_school(), tmp_path)).headers[
        "Location"
    ]
    work(queue)
    for _click in (1, 2):
        assert at_met.post(f"{here}drop/").headers["Location"] == "/coordinator/roster/"
    assert uploads_of("bronx__met") == []
