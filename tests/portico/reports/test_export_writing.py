"""Files of tables: disarmed, in both formats, whatever people have written."""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portico.reports.exports.table import Table
from portico.reports.exports.writing import ARMED, disarmed, write_table

ARMED_TEXTS = ["=1+1", "+1 718 555 0101", "-1", "@SUM(A1)", "\tx", "\r=x", " =HYPERLINK(1)"]
ROWS = [
    ["Mónica “Mo” Ruiz, Jr.", 11, date(2027, 2, 1), datetime(2027, 2, 1, 9, 30), 1.5, None],
    *([text, 0, None, None, 0, "plain"] for text in ARMED_TEXTS),
    ["control \x0b character", -3, None, None, -1.25, "a\nb"],
]


def table(rows) -> Table:
    return Table(
        key="t",
        title="A title that is longer than a sheet's name may be",
        about="",
        columns=["Name", "Grade", "Day", "At", "Hours", "Note"],
        count=lambda: len(rows),
        rows=lambda: iter(rows),
    )


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.none()))
def test_no_text_begins_like_a_formula(cell) -> None:
    safe = disarmed(cell)
    if isinstance(cell, str):
        assert not safe.lstrip(" ").startswith(ARMED)
        assert safe in (cell, f"'{cell}")
    else:
        assert safe == cell  # a negative number stays a number


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert write_table(table(ROWS), path=path, file_format="csv") == len(ROWS)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, first, *others = csv.reader(file)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert header[0] == "Name"
    assert first == ["Mónica “Mo” Ruiz, Jr.", "11", "2027-02-01", "2027-02-01 09:30", "1.5", ""]
    assert [row[0] for row in others[:-1]] == [f"'{text}" for text in ARMED_TEXTS]


def test_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    assert write_table(table(ROWS), path=path, file_format="xlsx") == len(ROWS)
    sheet = load_workbook(path).active
    assert sheet is not None
    values = list(sheet.iter_rows(values_only=True))
    assert values[1][:2] == ("Mónica “Mo” Ruiz, Jr.", 11)
    assert values[1][2] == datetime(2027, 2, 1)
    as_xml_keeps_them = [f"'{text}".replace("\r", "\n") for text in ARMED_TEXTS]
    assert [row[0] for row in values[2:-1]] == as_xml_keeps_them
    assert values[-1][0] == "control  character"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_progress_is_told(file_format: str, tmp_path: Path) -> None:
    heard: list[int] = []
    rows = [["x", 1, None, None, 0, ""]] * 450
    write_table(table(rows), path=tmp_path / "t", file_format=file_format, progress=heard.append)
    assert heard == [200, 400]
