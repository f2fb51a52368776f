"""A file as numbered rows of text, whatever wrote it. Rows are read one at a time."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

ENCODINGS = ("utf-8-sig", "cp1252")
DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 100_000
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Row:
    """One row: the line it begins on (or the sheet's row), its cells, and what is odd in it."""

    line: int
    cells: tuple[str, ...]
    problems: tuple[str, ...] = ()


class Table(Protocol):
    """A file with a row of headers. `rows()` reads it from the start each time."""

    headers: tuple[str, ...]

    def rows(self) -> Iterator[Row]: ...


def open_table(path: Path, *, encoding: str = "", sheet: str = "") -> Table:
    """The table in *path*: XLSX by its name, everything else as CSV.

    *encoding* (of a CSV) is found out unless named; *sheet* (of a workbook) is the first.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        from portico.importing.spreadsheets import Sheet

        return Sheet(path, name=sheet)
    if path.suffix.lower() in (".xls", ".ods", ".numbers"):
        raise UnreadableFile(_("Save it as CSV or XLSX first; this format is not read."))
    return CsvFile(path, encoding=encoding)


class CsvFile:
    """A CSV: separated by commas, semicolons or tabs; the header line decides."""

    def __init__(self, path: Path, *, encoding: str = "") -> None:
        self.path = path
        self.encoding = check_encoding(path, encoding) if encoding else find_encoding(path)
        with open(path, encoding=self.encoding, newline="") as file:
            first = file.readline()
        self.delimiter = max(DELIMITERS, key=first.count)
        self.headers = tuple(cell.strip() for cell in next(self._read(), (0, [""]))[1])

    def rows(self) -> Iterator[Row]:
        records = self._read()
        next(records, None)
        width = len(self.headers)
        for line, cells in records:
            if not any(cell.strip() for cell in cells):
                continue
            problems = [
                formula_problem(self.headers[column], cell)
                for column, cell in enumerate(cells[:width])
                if cell.startswith("=")
            ]
            if len(cells) > width:
                problems.append(
                    _("has %(count)d cells, the header has %(width)d")
                    % {"count": len(cells), "width": width}
                )
            padded = [cell.strip() for cell in cells[:width]] + [""] * (width - len(cells))
            yield Row(line, tuple(padded), tuple(problems))

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        """Records with the line each begins on: a quoted cell may go over several."""
        csv.field_size_limit(LONGEST_CELL)
        with open(self.path, encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            begins = 1
            try:
                for cells in reader:
                    yield begins, cells
                    begins = reader.line_num + 1
            except csv.Error as error:
                raise UnreadableFile(
                    _("Line %(line)d: not well-formed CSV (%(why)s).")
                    % {"line": begins, "why": error}
                ) from error


def formula_problem(where: str, formula: object) -> str:
    """What is said of a formula: it is never evaluated, and its text is no value."""
    return _("%(where)s: a formula (%(formula)s), put its value there") % {
        "where": where,
        "formula": str(formula)[:40],
    }


def find_encoding(path: Path) -> str:
    """UTF-8 (with or without a mark) or Windows-1252; UnreadableFile names the line at fault.

    One bad byte in a file that is UTF-8 elsewhere is a damaged file, not Windows-1252.
    """
    broken: tuple[int, bytes] | None = None
    undefined: tuple[int, bytes] | None = None
    seen_utf8 = False
    with open(path, "rb") as file:
        if file.read(2) in UTF16_MARKS:
            raise UnreadableFile(_("This is UTF-16; save it as “CSV UTF-8”."))
        file.seek(0)
        for number, line in enumerate(file, start=1):
            if line.isascii():
                if b"\0" in line:
                    raise UnreadableFile(
                        _("Line %(line)d has a zero byte: this is not text.") % {"line": number}
                    )
                continue
            try:
                line.decode("utf-8-sig")
                seen_utf8 = True
            except UnicodeDecodeError as error:
                broken = broken or (number, line[error.start : error.start + 1])
            try:
                line.decode("cp1252")
            except UnicodeDecodeError as error:
                undefined = undefined or (number, line[error.start : error.start + 1])
    if broken is None:
        return "utf-8-sig"
    if undefined is None and not seen_utf8:
        return "cp1252"
    raise _undecodable(broken if seen_utf8 or undefined is None else undefined, ENCODINGS)


def check_encoding(path: Path, encoding: str) -> str:
    """*encoding*, once every line of the file has been decoded with it."""
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise UnreadableFile(_("There is no encoding “%(name)s”.") % {"name": encoding}) from error
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as error:
                at_fault = (number, line[error.start : error.start + 1])
                raise _undecodable(at_fault, (encoding,)) from error
    return encoding


def _undecodable(where: tuple[int, bytes], encodings: tuple[str, ...]) -> UnreadableFile:
    line, byte = where
    names = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
    return UnreadableFile(
        _("Line %(line)d: the byte %(byte)s is not text in %(encodings)s.")
        % {
            "line": line,
            "byte": f"0x{byte.hex()}",
            "encodings": _(" or ").join(names.get(name, name) for name in encodings),
        }
    )
