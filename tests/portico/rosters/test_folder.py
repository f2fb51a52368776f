"""The nightly pull: a folder a region, the newest zip or a service."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from portico.accounts.models import Person
from portico.rosters.folder import pull_all
from portico.rosters.uploads import uploads_of
from tenants.context import OWNER, public_context
from tenants.models import School as SchoolRow
from tests.portico.rosters.exports import Export, small_school
from tests.portico.rosters.service import met_service, running
from tests.world import School

pytestmark = pytest.mark.usefixtures("schools_as_they_were")


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.ROSTER_FOLDER = str(tmp_path / "nightly")
    with public_context(using=OWNER):
        SchoolRow.objects.filter(code="met").update(external_id="MET1")
    (tmp_path / "nightly" / "bronx").mkdir(parents=True)
    return tmp_path / "nightly" / "bronx"


def leave(export: Export, folder: Path, name: str, *, age: int) -> None:
    path = export.write(folder, name)
    os.utime(path, (time.time() - age, time.time() - age))


def students(met: School) -> list[str]:
    with met:
        return sorted(
            Person.objects.filter(roles=["student"], is_active=True).values_list(
                "source_id", flat=True
            )
        )


def test_the_newest_whole_file_is_brought_in(folder: Path, met: School) -> None:
    leave(Export().org("o-met", identifier="MET1").user("old", "o-met"), folder, "a.zip", age=9000)
    leave(small_school(), folder, "b.zip", age=900)
    leave(small_school().user("s9", "o-met"), folder, "c.zip", age=5)  # still arriving
    pull_all()
    assert students(met) == ["s1", "s2"]
    assert [upload.state for upload in uploads_of("bronx")] == ["done"]
    pull_all()
    assert len(uploads_of("bronx")) == 1, "a night without changes leaves nothing to look at"


def test_too_many_gone_waits_for_somebody(folder: Path, met: School) -> None:
    leave(small_school(), folder, "a.zip", age=900)
    pull_all()
    leave(Export().org("o-met", identifier="MET1").user("s1", "o-met"), folder, "b.zip", age=100)
    pull_all()
    assert students(met) == ["s1", "s2"]
    assert uploads_of("bronx")[0].state == "ready"


def test_a_bad_file_waits_too(folder: Path, met: School) -> None:
    leave(small_school().enroll("nowhere", "s1"), folder, "a.zip", age=900)
    pull_all()
    assert students(met) == []
    (upload,) = uploads_of("bronx")
    assert "nowhere" in upload.faults[0]


def test_a_service_goes_before_files(folder: Path, met: School) -> None:
    leave(small_school().user("s9", "o-met"), folder, "a.zip", age=900)
    with running(met_service()) as service:
        (folder / "oneroster.toml").write_text(service.toml())
        pull_all()
    assert students(met) == ["s1", "s2"]


def test_no_folder_no_pull(settings: Any, met: School) -> None:
    settings.ROSTER_FOLDER = ""
    pull_all()
    assert uploads_of("bronx") == []


# --- deltas ----------------------------------------------------------------------------


def delta() -> Export:
    return Export(mode="delta", status="active").org("o-met", identifier="MET1")


def gone(*ids: str) -> Export:
    export = delta()
    for source_id in ids:
        export.user(source_id, "o-met", status="tobedeleted")
    return export


def test_deltas_are_brought_in_one_after_the_other_and_once(folder: Path, met: School) -> None:
    leave(small_school(), folder, "a.zip", age=9000)
    leave(delta().user("s3", "o-met"), folder, "b.zip", age=8000)
    leave(delta().user("s4", "o-met"), folder, "c.zip", age=7000)
    pull_all()
    assert students(met) == ["s1", "s2", "s3", "s4"]
    with met:
        Person.objects.filter(source_id="s3").update(given_name="Renamed")
    pull_all()
    with met:
        assert Person.objects.get(source_id="s3").given_name == "Renamed"
    leave(delta().user("s5", "o-met"), folder, "d.zip", age=600)
    pull_all()
    assert students(met) == ["s1", "s2", "s3", "s4", "s5"]


def test_a_newer_bulk_file_takes_the_place_of_deltas_before_it(folder: Path, met: School) -> None:
    leave(small_school(), folder, "a.zip", age=9000)
    pull_all()
    leave(delta().user("s3", "o-met"), folder, "b.zip", age=8000)
    leave(small_school().user("s7", "o-met"), folder, "c.zip", age=7000)
    pull_all()
    assert students(met) == ["s1", "s2", "s7"]


def test_several_small_deltas_are_a_large_one(folder: Path, met: School) -> None:
    """Each takes a twentieth; together they would take more than a tenth unasked."""
    school = small_school()
    for number in range(37):
        school.user(f"x{number:02}", "o-met")
    leave(school, folder, "a.zip", age=9000)
    for at in range(3):
        leave(gone(f"x{2 * at:02}", f"x{2 * at + 1:02}"), folder, f"b{at}.zip", age=8000 - at)
    leave(delta().user("s3", "o-met"), folder, "c.zip", age=100)
    pull_all()
    assert len(students(met)) == 39 - 4, "the third waits"
    assert "s3" not in students(met), "and so does what stands on it"
    assert uploads_of("bronx")[0].state == "ready"
    assert uploads_of("bronx")[0].too_many


def test_one_that_cannot_be_read_hides_none_before_it(folder: Path, met: School) -> None:
    leave(small_school(), folder, "a.zip", age=9000)
    (folder / "b.zip").write_bytes(b"no zip at all")
    os.utime(folder / "b.zip", (time.time() - 800, time.time() - 800))
    pull_all()
    assert students(met) == ["s1", "s2"]
    assert [upload.state for upload in uploads_of("bronx")] == ["refused", "done"]
