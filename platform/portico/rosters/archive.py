"""A zip of CSV files, opened with suspicion: it comes from outside.

Nothing is ever unpacked to disk. Names that lead out of the zip, links, passwords, and
files far larger than their packed size are refused before a byte is unpacked.
"""

import csv
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from portico.rosters.faults import Fault, Findings, RosterRefused

MOST_PACKED = 500_000_000
MOST_UNPACKED = 4_000_000_000
MOST_FILES = 200
MOST_RATIO = 200  # CSV full of ids packs 5 to 30 times smaller
SMALL = 1_000_000  # below this no ratio is suspicious
LONGEST_CELL = 100_000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LINK = stat.S_IFLNK

Cells = dict[str, str]
Names = tuple[str, ...]


class Archive:
    """The CSV files at the root of a zip. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        if path.stat().st_size > MOST_PACKED:
            raise self._refused("", _("is larger than 500 MB"))
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self._refused("", _("is not a zip file")) from error
        try:
            self._parts = self._checked_parts()
        except RosterRefused:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *details: object) -> None:
        self._zip.close()

    def has(self, name: str) -> bool:
        return name in self._parts

    def rows(
        self, name: str, *, needed: Names, also: Names = (), findings: Findings
    ) -> Iterator[tuple[int, Cells]]:
        """The rows of *name* with the line each begins on, cells by column.

        Columns are found whatever their case; of *also* those that are there; others are
        passed by. A header or a row that cannot be read is a fault, and ends this file.
        """
        try:
            with closing(self._zip.open(self._parts[name])) as packed:
                text = io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
                yield from self._parse(name, text, needed, also, findings)
        except UnicodeDecodeError as error:
            line = self._line_of_bad_byte(name)
            byte = f"0x{error.object[error.start]:02x}"
            findings.refuse(name, line, _("the byte %(byte)s is not UTF-8") % {"byte": byte})
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise self._refused(name, _("is damaged in the zip (%(why)s)") % {"why": error}) from (
                error
            )

    def _parse(
        self, name: str, text: io.TextIOWrapper, needed: Names, also: Names, findings: Findings
    ) -> Iterator[tuple[int, Cells]]:
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(text, strict=True)
        begins = 1
        try:
            headers = [cell.strip() for cell in next(reader, [])]
            named = _places(headers, (*needed, *also))
            missing = [column for column in needed if column not in named]
            if missing:
                findings.refuse(
                    name, 1, _("has no column %(names)s") % {"names": ", ".join(missing)}
                )
                return
            begins = reader.line_num + 1
            for cells in reader:
                if any(cells):
                    if len(cells) > len(headers):
                        findings.refuse(
                            name,
                            begins,
                            _("has %(count)d cells, the header has %(width)d")
                            % {"count": len(cells), "width": len(headers)},
                        )
                    else:
                        cells += [""] * (len(headers) - len(cells))
                        yield begins, {key: cells[at].strip() for key, at in named.items()}
                begins = reader.line_num + 1
        except csv.Error as error:
            findings.refuse(name, begins, _("is not well-formed CSV (%(why)s)") % {"why": error})

    def _checked_parts(self) -> dict[str, zipfile.ZipInfo]:
        parts = [part for part in self._zip.infolist() if not part.is_dir()]
        if len(parts) > MOST_FILES:
            raise self._refused("", _("holds more than %(most)d files") % {"most": MOST_FILES})
        found: dict[str, zipfile.ZipInfo] = {}
        for part in parts:
            self._check(part)
            path = PurePosixPath(part.filename)
            if path.parts[0] == "__MACOSX" or len(path.parts) > 1:
                continue  # what a Mac adds; a folder beside the files
            if path.name in found:
                raise self._refused(path.name, _("is in the zip twice"))
            found[path.name] = part
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise self._refused("", _("would be larger than 4 GB when unpacked"))
        if not any(name.endswith(".csv") for name in found):
            raise self._refused(
                "", _("has no CSV file at its root: zip the files themselves, not their folder")
            )
        return found

    def _check(self, part: zipfile.ZipInfo) -> None:
        name = part.orig_filename
        path = PurePosixPath(name)
        if (
            path.is_absolute()
            or ".." in path.parts
            or not path.parts
            or any(sign in name for sign in "\\:\0")
        ):
            raise self._refused(name[:80], _("is no plain file name"))
        if stat.S_IFMT(part.external_attr >> 16) == LINK:
            raise self._refused(name, _("is a link, not a file"))
        if part.flag_bits & 1:
            raise self._refused(name, _("is protected by a password"))
        if part.compress_type not in METHODS:
            raise self._refused(name, _("is packed in a way that is not read here"))
        if part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise self._refused(name, _("would unpack to far more than a roster can be"))

    def _line_of_bad_byte(self, name: str) -> int:
        with closing(self._zip.open(self._parts[name])) as packed:
            for number, line in enumerate(packed, start=1):
                try:
                    line.decode("utf-8-sig")
                except UnicodeDecodeError:
                    return number
        return 0

    def _refused(self, name: str, why: str) -> RosterRefused:
        return RosterRefused([Fault(name or self.name, 0, why)])


def _places(headers: list[str], columns: Names) -> dict[str, int]:
    ours = {name.casefold(): name for name in columns}
    places: dict[str, int] = {}
    for at, header in enumerate(headers):
        if (name := ours.get(header.casefold())) is not None:
            places.setdefault(name, at)
    return places
