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
