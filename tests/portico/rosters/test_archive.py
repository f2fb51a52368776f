"""A zip from outside: what is refused before anything of it is used, and how that is said."""

import datetime
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from portico.rosters.faults import RosterRefused
from portico.rosters.oneroster import read_oneroster
from portico.rosters.roster import Roster
from tests.portico.rosters.exports import small_school

TODAY = datetime.date(2026, 11, 24)


def read(path: Path) -> Roster:
    return read_oneroster(path, today=TODAY)


def faults(path: Path) -> list[str]:
    with pytest.raises(RosterRefused) as caught:
        read(path)
    return [str(fault) for fault in caught.value.faults]


def with_part(folder: Path, name: str, text: str = "x", **facts: int) -> Path:
    path = small_school().write(folder)
    part = zipfile.ZipInfo(name)
    for fact, value in facts.items():
        setattr(part, fact, value)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(part, text)
    return path


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a/../../b.csv", "..\\users.csv", "C:users.csv"]
)
def test_names_that_lead_out_of_the_zip(tmp_path: Path, name: str) -> None:
    assert "is no plain file name" in faults(with_part(tmp_path, name))[0]


def test_a_link(tmp_path: Path) -> None:
    link = (stat.S_IFLNK | 0o777) << 16
    path = with_part(tmp_path, "more.csv", "/etc/passwd", external_attr=link)
    assert faults(path) == ["more.csv: is a link, not a file"]


def test_a_bomb_of_one_file(tmp_path: Path) -> None:
    path = small_school().write(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("demographics.csv", "0" * 20_000_000)
    assert faults(path) == ["demographics.csv: would unpack to far more than a roster can be"]


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    """The size in the directory is all that is ever unpacked; more is damage."""
    path = tmp_path / "roster.zip"
    export = small_school()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.csv", export.manifest())
        packed.writestr("orgs.csv", export.text("orgs") + "\n" * 3_000_000)
        for file in ("users", "classes", "enrollments", "academicSessions"):
            packed.writestr(f"{file}.csv", export.text(file))
    raw = path.read_bytes()
    size = len(export.text("orgs")) + 3_000_000
    lied = raw.replace(struct.pack("<L", size), struct.pack("<L", 400))
    assert lied != raw
    path.write_bytes(lied)
    assert "is damaged in the zip" in faults(path)[0]


def test_a_bomb_of_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portico.rosters.archive.MOST_UNPACKED", 400)
    assert "would be larger than" in faults(small_school().write(tmp_path))[0]
    monkeypatch.setattr("portico.rosters.archive.MOST_FILES", 3)
    assert "holds more than 3 files" in faults(small_school().write(tmp_path))[0]


def test_an_encrypted_file(tmp_path: Path) -> None:
    path = small_school().write(tmp_path)
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02") + 8  # the flags of the directory's first entry
    raw[at] |= 1
    path.write_bytes(raw)
    assert faults(path) == ["manifest.csv: is protected by a password"]


def test_two_files_of_one_name(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = with_part(tmp_path, "users.csv")
    assert faults(path) == ["users.csv: is in the zip twice"]


def test_a_folder_instead_of_files(tmp_path: Path) -> None:
    path = tmp_path / "roster.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("roster/users.csv", small_school().text("users"))
    assert "zip the files themselves, not their folder" in faults(path)[0]


def test_what_a_mac_adds_is_passed_by(tmp_path: Path) -> None:
    path = with_part(tmp_path, "__MACOSX/._users.csv")
    assert read(path).members.keys() == {"o-met"}


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 and then nothing"])
def test_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.zip"
    path.write_bytes(content)
    assert faults(path) == ["roster.zip: is not a zip file"]


def test_damage(tmp_path: Path) -> None:
    path = small_school().write(tmp_path)
    raw = bytearray(path.read_bytes())
    at = raw.index(b"users.csv") + 60
    raw[at : at + 8] = b"\xff" * 8
    path.write_bytes(raw)
    assert "is damaged in the zip" in faults(path)[0]
