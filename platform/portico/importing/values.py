"""Text into values. Each function says in a ValueError what it would have understood."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from catalog.fields import Field
from catalog.offers import Pay, Weekday

YES = frozenset({"yes", "y", "true", "1", "x", "si", "sí"})
NO = frozenset({"no", "n", "false", "0"})
DAY_NAMES = {str(day.name).lower(): int(day) for day in Weekday}
TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap])?\.?\s*m?\.?", re.IGNORECASE)


def whole_number(text: str) -> int:
    try:
        return int(text.replace(",", ""))
    except ValueError:
        raise ValueError(_("“%(text)s” is not a whole number") % {"text": text}) from None


def number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value != value or abs(value) == float("inf"):
        raise ValueError(_("“%(text)s” is not a number") % {"text": text})
    return value


def money(text: str) -> Decimal:
    try:
        value = Decimal(text.replace("$", "").replace(",", "").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueError(_("“%(text)s” is not an amount of dollars") % {"text": text})
    return value


def yes_or_no(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise ValueError(_("“%(text)s” is neither yes nor no") % {"text": text})


def day(text: str) -> datetime.date:
    """ISO (2027-02-01, with or without a time) or the American way (2/1/2027)."""
    for pattern in ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"):
        try:
            return datetime.datetime.strptime(text.split(" ")[0], pattern).date()
        except ValueError:
            continue
    raise ValueError(_("“%(text)s” is not a day like 2027-02-01 or 2/1/2027") % {"text": text})


def time_of_day(text: str) -> datetime.time:
    """14:30, 2:30 PM, 9am."""
    match = TIME.fullmatch(text.strip())
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60 and (half or match[2]):
            return datetime.time(hour, minute)
    raise ValueError(_("“%(text)s” is not a time like 14:30 or 2:30 PM") % {"text": text})


def pieces(text: str) -> list[str]:
    """A list in one cell, separated by semicolons, commas or bars."""
    return [part.strip() for part in re.split(r"[;,|]", text) if part.strip()]


def weekdays(text: str) -> list[int]:
    """`Tue, Thu`, `tuesday;thursday` or ISO numbers `2,4`."""
    found = set()
    for part in pieces(text.replace("&", ",").replace("/", ",")):
        word = part.casefold().rstrip(".")
        if word.isdigit() and 1 <= int(word) <= 7:
            found.add(int(word))
            continue
        named = [
            number for name, number in DAY_NAMES.items() if len(word) > 1 and name.startswith(word)
        ]
        if len(named) != 1:
            raise ValueError(_("“%(text)s” is not a day of the week") % {"text": part})
        found.add(named[0])
    return sorted(found)


def grades(text: str) -> list[int]:
    """`9, 10` or `9-12`."""
    found: set[int] = set()
    for part in pieces(text):
        match = re.fullmatch(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?", part)
        if not match or (match[2] and int(match[2]) < int(match[1])):
            raise ValueError(_("“%(text)s” is not a grade or a range like 9-12") % {"text": part})
        found.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return sorted(found)


def one_of(choices: dict[str, str], what: str) -> Callable[[str], str]:
    """A code of *choices* by its code or its label, whatever the case."""
    known = {code.casefold(): code for code in choices}
    known |= {label.casefold(): code for code, label in choices.items()}

    def parse(text: str) -> str:
        try:
            return known[text.casefold()]
        except KeyError:
            raise ValueError(
                _("“%(text)s” is no %(what)s; it may be %(codes)s")
                % {"text": text, "what": what, "codes": ", ".join(choices)}
            ) from None

    return parse


field = one_of({str(code): str(label) for code, label in Field.choices}, "field")
pay = one_of({str(code): str(label) for code, label in Pay.choices}, "kind of pay")
new_state = one_of({"draft": "draft", "published": "published"}, "state to begin in")
