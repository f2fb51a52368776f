"""A worksheet as numbered rows of text. Formulas are reported by their cell, never evaluated."""

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from portico.importing.reading import Row, UnreadableFile, formula_problem

MOST_BYTES = 1_000_000_000  # unpacked: a small file can hold a very large one


class Sheet:
    """One sheet of a workbook: the named one, else the first."""

    def __init__(self, path: Path, *, name: str = "") -> None:
        self.path, self.name = path, name
        self._check_size()
        first = next(self._cells(), (1, ()))[1]
        headers = [_text(cell) for cell in first]
        while headers and not headers[-1]:
            headers.pop()
        self.headers = tuple(headers)

    def rows(self) -> Iterator[Row]:
        records = self._cells()
        next(records, None)
        width = len(self.headers)
        for line, cells in records:
            texts = [_text(cell) for cell in cells]
            if not any(texts):
                continue
            problems = [
                formula_problem(
                    _("cell %(address)s") % {"address": cell.coordinate}, _formula(cell)
                )
                for cell in cells[:width]
                if cell.data_type == "f"
            ] + [
                _("cell %(address)s: an error (%(error)s)")
                % {"address": cell.coordinate, "error": cell.value}
                for cell in cells[:width]
                if cell.data_type == "e"
            ]
            if any(texts[width:]):
                problems.append(_("has a cell to the right of the last header"))
            padded = texts[:width] + [""] * (width - len(texts))
            yield Row(line, tuple(padded), tuple(problems))

    def _check_size(self) -> None:
        try:
            with zipfile.ZipFile(self.path) as packed:
                size = sum(part.file_size for part in packed.infolist())
        except zipfile.BadZipFile as error:
            raise UnreadableFile(_("This is not an XLSX file.")) from error
        if size > MOST_BYTES:
            raise UnreadableFile(_("The workbook is too large; save the sheet as CSV."))

    def _cells(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        try:
            book = openpyxl.load_workbook(self.path, read_only=True, data_only=False)
        except (InvalidFileException, KeyError, ValueError, OSError) as error:
            raise UnreadableFile(_("This is not an XLSX file.")) from error
        try:
            if self.name and self.name not in book.sheetnames:
                raise UnreadableFile(
                    _("There is no sheet “%(name)s”; there are: %(names)s.")
                    % {"name": self.name, "names": ", ".join(book.sheetnames)}
                )
            sheet = book[self.name] if self.name else book.worksheets[0]
            sheet.reset_dimensions()  # some programs write a wrong one
            yield from enumerate(sheet.iter_rows(), start=1)
        finally:
            book.close()


def _formula(cell: Any) -> object:
    """The formula's text; an array formula is an object that holds it."""
    return getattr(cell.value, "text", cell.value)


def _text(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without a point, dates as ISO."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        whole_day = value.time() == datetime.time()
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value).strip()
