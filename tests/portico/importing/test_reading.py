"""Files as they come: encodings, separators, quotes, formulas, and what is wrong by line."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from portico.importing.reading import Row, UnreadableFile, open_table


def write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(path: Path, **options: str) -> list[Row]:
    return list(open_table(path, **options).rows())


def cells(path: Path, **options: str) -> list[tuple[str, ...]]:
    return [row.cells for row in rows(path, **options)]


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encoding_is_found_out(csv: Path, encoding: str) -> None:
    write(csv, "name,city\nÉcole Peña,Bronx\n".encode(encoding))
    assert open_table(csv).headers == ("name", "city")
    assert cells(csv) == [("École Peña", "Bronx")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name\nPe\xc3\xb1a\nbad \xe9\n", "Line 3: the byte 0xe9 is not text in UTF-8"),
        (b"name\nok\nbad \x81\n", "Line 3: the byte 0x81 is not text in UTF-8 or Windows-1252."),
        ("name\nx\n".encode("utf-16"), "This is UTF-16"),
        (b"name\n\x00\x01\n", "Line 2 has a zero byte"),
    ],
)
def test_bytes_that_are_no_text_are_named_with_their_line(
    csv: Path, content: bytes, said: str
) -> None:
    write(csv, content)
    with pytest.raises(UnreadableFile, match=said.replace("(", r"\(")):
        open_table(csv)


def test_a_named_encoding_is_held_to(csv: Path) -> None:
    write(csv, "name\nPeña\n".encode("latin-1"))
    assert cells(csv, encoding="latin-1") == [("Peña",)]
    with pytest.raises(UnreadableFile, match="Line 2"):
        open_table(csv, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="no encoding “klingon”"):
        open_table(csv, encoding="klingon")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_header_decides_the_separator(csv: Path, separator: str) -> None:
    write(csv, f'name{separator}city\n"A{separator} B"{separator}Bronx\n')
    assert cells(csv) == [(f"A{separator} B", "Bronx")]


def test_lines_are_those_of_the_file_even_after_a_cell_of_several(csv: Path) -> None:
    write(csv, 'name,about\r\nA,"one\r\ntwo\r\nthree"\r\n\r\nB,four\r\n')
    assert [(row.line, row.cells[0]) for row in rows(csv)] == [(2, "A"), (6, "B")]


def test_short_and_long_rows(csv: Path) -> None:
    write(csv, "a,b\n1\n1,2,3\n")
    short, long = rows(csv)
    assert (short.cells, short.problems) == (("1", ""), ())
    assert long.problems == ("has 3 cells, the header has 2",)


def test_a_formula_is_a_problem_and_never_a_value(csv: Path) -> None:
    write(csv, "name,slots\nA,=1+1\n")
    (row,) = rows(csv)
    assert row.problems == ("slots: a formula (=1+1), put its value there",)


@pytest.mark.parametrize(
    ("content", "line"), [('a,b\n1,2\n"open,3\n', 3), ('a\n"x"y\n', 2), ("a\n" + "x" * 200_000, 2)]
)
def test_broken_csv_names_the_line(csv: Path, content: str, line: int) -> None:
    write(csv, content)
    with pytest.raises(UnreadableFile, match=f"Line {line}: not well-formed"):
        rows(csv)


def test_an_empty_file_has_no_headers(csv: Path) -> None:
    write(csv, "")
    assert open_table(csv).headers == ("",)
    assert rows(csv) == []


def workbook(path: Path, *lines: list[Any], title: str = "Schools") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


@pytest.fixture
def xlsx(tmp_path: Path) -> Path:
    return tmp_path / "file.xlsx"


def test_a_sheets_values_are_text_as_people_see_it(xlsx: Path) -> None:
    day, time = datetime.datetime(2027, 2, 1), datetime.time(9, 30)
    workbook(
        xlsx, ["a", "b", "c", "d", "e", None], [12.0, 40.5, day, time, True], [], [None, " x "]
    )
    assert open_table(xlsx).headers == ("a", "b", "c", "d", "e")
    assert [(row.line, row.cells) for row in rows(xlsx)] == [
        (2, ("12", "40.5", "2027-02-01", "09:30:00", "yes")),
        (4, ("", "x", "", "", "")),
    ]


def test_a_sheets_formulas_and_errors_are_named_by_their_cell(xlsx: Path) -> None:
    workbook(xlsx, ["a", "b"], ["x", "=SUM(A1:A9)"], ["#DIV/0!", "y"], ["x", "y", "z"])
    assert [row.problems for row in rows(xlsx)] == [
        ("cell B2: a formula (=SUM(A1:A9)), put its value there",),
        ("cell A3: an error (#DIV/0!)",),
        ("has a cell to the right of the last header",),
    ]


def test_a_sheet_is_chosen_by_name(xlsx: Path) -> None:
    workbook(xlsx, ["a"], ["x"])
    assert cells(xlsx, sheet="Schools") == [("x",)]
    with pytest.raises(UnreadableFile, match="no sheet “Other”; there are: Schools"):
        open_table(xlsx, sheet="Other")


def test_what_is_no_workbook_is_said(xlsx: Path, tmp_path: Path) -> None:
    write(xlsx, "a,b\n")
    with pytest.raises(UnreadableFile, match="not an XLSX"):
        open_table(xlsx)
    with pytest.raises(UnreadableFile, match="Save it as CSV or XLSX"):
        open_table(write(tmp_path / "old.xls", b"x"))
