"""Headers found by name, alias or --map; text made values, or a reason."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from portico.importing import values
from portico.importing.columns import Column, ColumnsMissing, lay_out
from portico.importing.reading import Row

COLUMNS = (
    Column("name", required=True, aliases=("school name",)),
    Column("slots", values.whole_number, aliases=("capacity",)),
)


def read(headers: list[str], cells: list[str], **options: Any) -> tuple[dict[str, Any], list[str]]:
    return lay_out(headers, COLUMNS, **options).read(Row(2, tuple(cells)))


@pytest.mark.parametrize("header", ["name", "Name", "NAME ", "School_Name", "school-name"])
def test_a_header_is_found_whatever_its_case_and_blanks(header: str) -> None:
    assert read([header], ["Met"]) == ({"name": "Met"}, [])


def test_map_names_the_column_and_wins_over_a_header_of_ours() -> None:
    chosen = {"name": "Official"}
    assert read(["name", "Official"], ["no", "Met"], chosen=chosen)[0] == {"name": "Met"}


def test_set_fills_what_a_row_does_not_have() -> None:
    preset = {"slots": "3"}
    assert read(["name"], ["Met"], preset=preset)[0] == {"name": "Met", "slots": 3}
    headers = ["name", "slots"]
    assert read(headers, ["Met", "2"], preset=preset)[0]["slots"] == 2
    assert read(headers, ["Met", ""], preset=preset)[0]["slots"] == 3


def test_what_is_not_used_is_told() -> None:
    assert lay_out(["name", "mascot", ""], COLUMNS).ignored == ("mascot",)


@pytest.mark.parametrize(
    ("headers", "options", "said"),
    [
        (["title"], {}, r"Missing: name. The file has: title. Name it with --map name=THEIRS"),
        (["name", "Name"], {}, "“name” is there twice"),
        (["name"], {"chosen": {"slots": "x"}}, "no column “x”; the file has: name"),
        (["name"], {"chosen": {"x": "name"}}, "“x” is not one of our columns: name, slots"),
        (["name"], {"preset": {"slots": "many"}}, "--set slots: “many” is not a whole number"),
    ],
)
def test_wrong_columns_are_said(headers: list[str], options: dict[str, Any], said: str) -> None:
    with pytest.raises(ColumnsMissing, match=said):
        lay_out(headers, COLUMNS, **options)


def test_a_row_says_all_that_is_wrong_with_it() -> None:
    found, problems = read(["name", "slots"], ["", "many"])
    assert found == {}
    assert problems == ["name is empty", "slots: “many” is not a whole number"]


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (values.whole_number, "1,355", 1355),
        (values.number, "-73.92", -73.92),
        (values.money, "$16.50", Decimal("16.50")),
        (values.yes_or_no, "Yes", True),
        (values.yes_or_no, "0", False),
        (values.day, "2027-02-01", datetime.date(2027, 2, 1)),
        (values.day, "2/1/2027", datetime.date(2027, 2, 1)),
        (values.day, "2027-02-01 00:00:00", datetime.date(2027, 2, 1)),
        (values.time_of_day, "14:30", datetime.time(14, 30)),
        (values.time_of_day, "09:30:00", datetime.time(9, 30)),
        (values.time_of_day, "2:30 PM", datetime.time(14, 30)),
        (values.time_of_day, "12 a.m.", datetime.time(0)),
        (values.time_of_day, "12pm", datetime.time(12)),
        (values.pieces, "Excel; Spanish | patience, ", ["Excel", "Spanish", "patience"]),
        (values.weekdays, "Thu, tuesday", [2, 4]),
        (values.weekdays, "2;4", [2, 4]),
        (values.weekdays, "Tue & Thu", [2, 4]),
        (values.grades, "9-12", [9, 10, 11, 12]),
        (values.grades, "11, 10", [10, 11]),
        (values.field, "health", "health"),
        (values.field, "healthcare & human services", "health"),
        (values.pay, "Paid", "paid"),
    ],
)
def test_text_becomes_a_value(parse: Any, text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (values.whole_number, "3.5"),
        (values.number, "nan"),
        (values.number, "inf"),
        (values.money, "a lot"),
        (values.money, "Infinity"),
        (values.yes_or_no, "perhaps"),
        (values.day, "1.2.2027"),
        (values.day, "2027-02-30"),
        (values.time_of_day, "9"),
        (values.time_of_day, "25:00"),
        (values.time_of_day, "13 pm"),
        (values.weekdays, "T"),
        (values.weekdays, "8"),
        (values.weekdays, "Someday"),
        (values.grades, "12-9"),
        (values.grades, "senior"),
        (values.field, "alchemy"),
    ],
)
def test_text_that_is_no_value_is_refused_with_the_text(parse: Any, text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse(text)
