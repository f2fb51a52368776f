"""An offer in a few words."""

from datetime import date, time
from decimal import Decimal

import pytest

from portico.web import offer_words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], ""),
        ([2], "Tue"),
        ([4, 2], "Tue & Thu"),
        ([1, 3, 5], "Mon, Wed & Fri"),
        ([1, 2, 3, 4, 5], "Mon–Fri"),
        ([6, 7], "Sat & Sun"),
    ],
)
def test_days(days, words):
    assert offer_words.days_words(days) == words


@pytest.mark.parametrize(
    ("days", "start", "end", "words"),
    [
        ([2, 4], time(9), time(14, 30), "Tue & Thu, 9:00–2:30"),
        ([2], None, None, "Tue"),
        ([], time(9), None, "from 9:00"),
        ([], None, None, ""),
    ],
)
def test_schedule(days, start, end, words):
    assert offer_words.schedule_words(days, start, end) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2027, 2, 1), date(2027, 6, 15), "Feb 1 – Jun 15, 2027"),
        (date(2026, 12, 1), date(2027, 1, 15), "Dec 1, 2026 – Jan 15, 2027"),
        (date(2027, 2, 1), None, "from Feb 1, 2027"),
        (None, date(2027, 2, 1), "until Feb 1, 2027"),
        (None, None, ""),
    ],
)
def test_dates(first, last, words):
    assert offer_words.dates_words(first, last) == words


@pytest.mark.parametrize(
    ("pay", "rate", "note", "words"),
    [
        ("paid", Decimal("16.50"), "Outdoors", "$16.50/h · Outdoors"),
        ("paid", Decimal("18.00"), "", "$18/h"),
        ("paid", None, "", "Paid"),
        ("credit", None, "Half a credit", "School credit · Half a credit"),
        ("unpaid", None, "", "Unpaid"),
    ],
)
def test_pay(pay, rate, note, words):
    assert offer_words.pay_words(pay, rate, note) == words


@pytest.mark.parametrize(
    ("miles", "remote", "words"),
    [
        (0.61, False, "0.6 mi from school"),
        (12.4, False, "12 mi from school"),
        (3.0, True, "Remote"),
        (None, False, ""),
    ],
)
def test_distance(miles, remote, words):
    assert offer_words.distance_words(miles, remote=remote) == words


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        ([], ""),
        ([9], "Grade 9"),
        ([11, 12], "Grades 11 and 12"),
        ([9, 10, 11, 12], "Grades 9–12"),
        ([9, 11, 12], "Grades 9, 11 and 12"),
    ],
)
def test_grades(grades, words):
    assert offer_words.grades_words(grades) == words
