"""`portico import schools`: new schools with their coordinators, known ones brought up to date."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from portico import cli
from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.importing import schools as importing
from sharing.schools import remove_school
from tenants.context import OWNER, tenant_context
from tenants.models import School, Tenant

pytestmark = pytest.mark.usefixtures("committed_db")
HEAD = "dbn,school_name,address,zip,latitude,longitude,grade_min,grade_max,total_students\n"
HUNTS = "08X100,Hunts Point High,1 Hunts Point Ave,10474,40.81,-73.88,9,12,400\n"
MELROSE = "07X200,Melrose Prep,2 Melrose Ave,10451,40.82,-73.92,6,12,300\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "schools.csv"


@pytest.fixture(autouse=True)
def _schools_as_before(committed_db: None) -> Iterator[None]:
    before = set(Tenant.objects.values_list("code", flat=True))
    names = dict(Tenant.objects.values_list("code", "name"))
    yield
    for school in School.objects.exclude(code__in=before):
        remove_school(region="bronx", code=school.code)
    for code, name in names.items():
        Tenant.objects.using(OWNER).filter(code=code).update(name=name)


def run(file: Path, text: str, *options: str) -> int:
    file.write_text(text, encoding="utf-8")
    return cli.run(["import", "schools", str(file), "--region", "bronx", *options])


def made() -> set[str]:
    return set(School.objects.values_list("code", flat=True)) - {"met", "academy", "riverdale"}


def test_schools_are_made_with_what_the_file_knows(file: Path) -> None:
    assert run(file, HEAD + HUNTS + MELROSE) == 0
    assert made() == {"08x100", "07x200"}
    hunts = School.objects.get(code="08x100")
    assert (hunts.name, hunts.external_id) == ("Hunts Point High", "08X100")
    assert (hunts.address, hunts.zip_code, hunts.student_count) == (
        "1 Hunts Point Ave",
        "10474",
        400,
    )
    assert (hunts.latitude, hunts.grade_min, hunts.grade_max) == (40.81, 9, 12)


def test_importing_again_changes_what_differs(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(file, HEAD + HUNTS + MELROSE)
    capsys.readouterr()
    text = HEAD + HUNTS.replace(",400", ",450").replace("1 Hunts Point Ave", "") + MELROSE
    assert run(file, text, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "student_count 400 → 450" in " ".join(shown.split())
    assert "0 new, 1 changed, 1 the same" in shown
    assert School.objects.get(code="08x100").student_count == 400
    assert run(file, text) == 0
    hunts = School.objects.get(code="08x100")
    assert (hunts.student_count, hunts.address) == (450, "1 Hunts Point Ave")
    with tenant_context("bronx"):
        assert Entry.objects.get(action="school_changed").before == {"student_count": 400}


def test_a_known_school_is_found_by_its_code(file: Path) -> None:
    assert run(file, "code,name\nmet,The Met of the Bronx\n") == 0
    assert made() == set()
    assert School.objects.get(code="met").name == "The Met of the Bronx"


def test_without_code_and_id_the_name_makes_the_code(file: Path) -> None:
    assert run(file, "name\nÉcole & Collège of the Grand Concourse\n") == 0
    assert made() == {"ecole-college-of-the-grand-c"}


def test_a_coordinator_is_invited(file: Path) -> None:
    text = "code,name,coordinator email,coordinator first name,coordinator last name\n"
    assert run(file, text + "hunts,Hunts,nora@example.org,Nora,Vance\n") == 0
    with tenant_context("bronx__hunts"):
        assert Person.objects.get().email == "nora@example.org"


def test_one_bad_row_stops_all_and_every_one_is_named(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "code,name,dbn,lat,grade_min,grade_max,coordinator_email\n"
    bad = [
        "good,Good,1,40,9,12,",
        "Bad Code,Bad,2,40,9,12,",
        "three,,3,40,9,12,",
        "four,Four,4,400,9,12,",
        "five,Five,5,40,12,9,",
        "six,Six,6,40,9,12,six@example.org",
        "good,Again,7,40,9,12,",
    ]
    assert run(file, head + "\n".join(bad) + "\n") == 1
    printed = capsys.readouterr().out
    for line, reason in {
        3: "code: Use 1 to 28 lower-case letters",
        4: "name is empty",
        5: "latitude: Ensure this value is less than or equal to 90.",
        6: "grade_max: is lower than grade_min",
        7: "coordinator: coordinator_given_name, coordinator_family_name is missing too",
        8: "code: line 2 has “good” already",
    }.items():
        assert f"line {line}: {reason}" in printed
    assert "6 bad" in printed
    assert made() == set()


def test_codes_and_ids_that_contradict_what_is_there(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(file, HEAD + HUNTS)
    assert run(file, "code,dbn,name\nother,08X100,Hunts\n08x100,99X999,Other\n") == 1
    printed = capsys.readouterr().out
    assert "line 2: code: the school with this id is “08x100”; a code stays" in printed
    assert "line 3: code: “08x100” is the school with id 08X100" in printed


def test_what_is_done_stays_done_and_running_it_again_goes_on(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = importing.add_school

    def fail_at_the_second(**facts: object) -> object:
        if facts["code"] == "07x200":
            raise OSError("disk full")
        return real(**facts)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(importing, "add_school", fail_at_the_second)
        assert run(file, HEAD + HUNTS + MELROSE) == 1
    assert made() == {"08x100"}
    capsys.readouterr()
    assert run(file, HEAD + HUNTS + MELROSE) == 0
    assert made() == {"08x100", "07x200"}
    assert "1 new, 0 changed, 1 the same" in capsys.readouterr().out


def test_a_school_somebody_else_made_meanwhile_does_not_stop_the_others(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = importing.add_school

    def overtaken(**facts: Any) -> Any:
        if facts["code"] == "08x100":
            real(region="bronx", code="08x100", name="Faster", inviter="Another")
        return real(**facts)

    monkeypatch.setattr(importing, "add_school", overtaken)
    assert run(file, HEAD + HUNTS + MELROSE) == 1
    assert "failed line 2: This code is in use already." in capsys.readouterr().out
    assert made() == {"08x100", "07x200"}


def test_a_workbook_is_read_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["DBN", "School Name", "Total Students"])
    book.active.append(["08X100", "Hunts Point High", 400])
    book.save(tmp_path / "schools.xlsx")
    arguments = ["import", "schools", str(tmp_path / "schools.xlsx"), "--region", "bronx"]
    assert cli.run(arguments) == 0
    assert School.objects.get(code="08x100").student_count == 400


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"dbn,title\n1,x\n", "Missing: name. The file has: dbn, title."),
        (b"name\nok\nbad \x81\n", "Line 3: the byte 0x81"),
        (b'name\nok\n"open\n', "Line 3: not well-formed CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    file: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(content)
    assert cli.run(["import", "schools", str(file), "--region", "bronx"]) == 1
    assert said in capsys.readouterr().err
    assert made() == set()
