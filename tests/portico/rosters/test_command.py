"""`portico roster`: what it shows, what it does, what it refuses."""

from pathlib import Path

import pytest

from catalog.models import Term
from portico import cli
from portico.accounts.models import Person
from portico.audit.models import Entry
from tests.portico.rosters.exports import Export, small_school
from tests.world import School

pytestmark = pytest.mark.usefixtures("committed_db", "schools_as_they_were")


def run(folder: Path, export: Export, *options: str) -> int:
    path = export.write(folder)
    return cli.run(["roster", str(path), "--region", "bronx", *options])


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_one_school(
    version: str, tmp_path: Path, met: School, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, small_school(version), "--school", "met", "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "Luz S1" in shown
    assert "A dry run: nothing was changed." in shown
    with met:
        assert not Person.objects.exists()

    assert run(tmp_path, small_school(version), "--school", "met") == 0
    with met:
        dana = Person.objects.get(source_id="t1")
        assert (dana.roles, dana.email) == (["teacher"], "dana@met.example.org")
        luz, kofi = Person.objects.filter(roles=["student"]).order_by("source_id")
        assert (luz.full_name, luz.grade, luz.teacher) == ("Luz S1", 11, dana)
        assert (kofi.email, kofi.grade, kofi.teacher) == ("", 9, dana)
        assert not luz.has_usable_password()
        assert Term.objects.get().name == "Fall 2026"
        entry = Entry.objects.get(action="roster_applied")
        assert (entry.after["new"], entry.via) == (3, "command")

    capsys.readouterr()
    assert run(tmp_path, small_school(version), "--school", "met") == 0
    with met:
        assert Person.objects.count() == 3
        assert Entry.objects.count() == 1


def district() -> Export:
    export = small_school().org("o-aca", "Bronx Academy").user("s8", "o-aca")
    return export.org("o-new", "Hunts Point High", identifier="08X999").user("s9", "o-new")


def test_a_region(
    tmp_path: Path, met: School, academy: School, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, district()) == 1
    said = capsys.readouterr()
    assert "Bronx Academy (o-aca), id o-aca: no school here; left out" in said.out
    assert "No org of the file is a school here" in said.err
    options = ["--match", "o-met=met", "--match", "o-aca=academy", "--add-schools"]
    assert run(tmp_path, district(), *options, "--dry-run") == 0
    assert run(tmp_path, district(), *options) == 0
    for school, students in ((met, 2), (academy, 1), (School("bronx__08x999"), 1)):
        with school:
            assert Person.objects.filter(roles=["student"]).count() == students
    assert run(tmp_path, district()) == 0, "the matches are kept"
    with academy:
        assert Entry.objects.filter(action="roster_applied").count() == 1


def test_one_school_of_a_districts_file_is_named(
    tmp_path: Path, academy: School, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, district(), "--school", "academy") == 1
    assert run(tmp_path, district(), "--school", "academy", "--match", "o-aca=met") == 1
    assert "write it as ORG=CODE; orgs: o-met" in capsys.readouterr().err
    assert run(tmp_path, district(), "--school", "academy", "--match", "o-aca=academy") == 0
    with academy:
        assert Person.objects.get().source_id == "s8"


def test_what_is_wrong_is_said_line_by_line(
    tmp_path: Path, met: School, capsys: pytest.CaptureFixture[str]
) -> None:
    export = small_school().enroll("nowhere", "s1").user("s1", "o-met")
    assert run(tmp_path, export, "--school", "met") == 1
    said = capsys.readouterr()
    assert "bad  users.csv, line 5: sourcedId s1 is on line 3 already" in said.out
    assert "bad  enrollments.csv, line 5: classSourcedId nowhere is not in classes.csv" in said.out
    assert said.err == "Error: The roster was not used; nothing was changed.\n"
    with met:
        assert not Person.objects.exists()


def test_many_gone_need_allow(
    tmp_path: Path, met: School, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, small_school(), "--school", "met")
    export = Export().org("o-met", identifier="MET1").user("s1", "o-met")
    capsys.readouterr()
    assert run(tmp_path, export, "--school", "met") == 1
    assert "2 of 3 people would be deactivated" in capsys.readouterr().out
    with met:
        assert Person.objects.filter(is_active=True).count() == 3
    assert run(tmp_path, export, "--school", "met", "--allow") == 0
    with met:
        assert Person.objects.filter(is_active=True).count() == 1


def test_an_unknown_region_or_school(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(small_school().write(tmp_path))
    assert cli.run(["roster", path, "--region", "queens"]) == 1
    assert cli.run(["roster", path, "--region", "bronx", "--school", "hunts"]) == 1
    said = capsys.readouterr().err
    assert "There is no region queens" in said
    assert "There is no school hunts in bronx" in said
