"""Writing a table as CSV or XLSX, row by row, so that a long one takes no more memory.

A cell that a spreadsheet would take for a formula is disarmed: people's words end up in
these files, and the one who opens them did not write them.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from portico.reports.exports.table import Cell, Row, Table

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ARMED = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST_SHEET_NAME = 31
EVERY = 200  # rows between two reports of progress
Progress = Callable[[int], None]


def disarmed(cell: Cell) -> Cell:
    """Text that begins like a formula, with an apostrophe before it; all else as it is."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(ARMED):
        return f"'{cell}"
    return cell


def write_table(
    table: Table, *, path: Path, file_format: str, progress: Progress = lambda rows: None
) -> int:
    """Write *table* to *path*; returns how many rows. *progress* hears how many so far."""
    rows = _told(table.rows(), progress)
    return {"csv": _write_csv, "xlsx": _write_xlsx}[file_format](table, rows, path)


def _told(rows: Iterable[Row], progress: Progress) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number % EVERY == 0:
            progress(number)
        yield row


def _write_csv(table: Table, rows: Iterable[Row], path: Path) -> int:
    count = 0
    # With a mark, by which spreadsheets know that it is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([str(label) for label in table.columns])
        for row in rows:
            writer.writerow([_as_text(disarmed(cell)) for cell in row])
            count += 1
    return count


def _as_text(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return cell.isoformat() if isinstance(cell, date) else cell


def _write_xlsx(table: Table, rows: Iterable[Row], path: Path) -> int:
    count = 0
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(table.title)[:LONGEST_SHEET_NAME])
    sheet.freeze_panes = "A2"
    header = []
    for label in table.columns:
        cell = WriteOnlyCell(sheet, value=str(label))
        cell.font = Font(bold=True)
        header.append(cell)
    sheet.append(header)
    for row in rows:
        sheet.append([_for_sheet(disarmed(cell)) for cell in row])
        count += 1
    book.save(path)
    return count


def _for_sheet(cell: Cell) -> Cell:
    """XML has no place for control characters."""
    return ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell
