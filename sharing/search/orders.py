"""Orders of the list. Each is a key of two or three columns that go one way, id last."""

import datetime
from dataclasses import dataclass

from sharing.search.conditions import Question, distance, in_square
from sharing.search.pieces import Piece

NOWHERE = 1_000_000_000  # after every distance


@dataclass(frozen=True)
class Order:
    columns: tuple[Piece, ...]
    descending: bool

    def after(self, key: tuple[str, ...]) -> Piece:
        """The condition that a row comes after *key*."""
        sign = "<" if self.descending else ">"
        marks = ", ".join(["%s"] * len(key))
        left = "(" + _comma(self.columns) + ")"
        return left + Piece(f" {sign} ({marks})", tuple(key))

    @property
    def named(self) -> Piece:
        """The columns as key0, key1, …"""
        return _comma(tuple(c + f" AS key{number}" for number, c in enumerate(self.columns)))

    @property
    def names(self) -> str:
        return ", ".join(f"key{number}" for number in range(len(self.columns)))

    @property
    def by_name(self) -> str:
        way = " DESC" if self.descending else ""
        return ", ".join(f"key{number}{way}" for number in range(len(self.columns)))


NEWEST = Order((Piece("published_at"), Piece("id")), descending=True)
# Closing soon: the first day that comes first, then what has begun or names no day.
COMING = Order((Piece("starts_on"), Piece("id")), descending=False)
BEGUN = Order((Piece("id"),), descending=False)


def is_coming(today: datetime.date) -> Piece:
    return Piece("starts_on >= %s", (today,))


def has_begun(today: datetime.date) -> Piece:
    return Piece("(starts_on < %s OR starts_on IS NULL)", (today,))


def ranked(query: Piece) -> Order:
    """Best match first. Whole numbers, so that a cursor finds its place again."""
    rank = "(ts_rank(doc, " + query + ") * 1000000)::int"
    return Order((rank, Piece("published_at"), Piece("id")), descending=True)


def nearest(question: Question) -> Order:
    """Thousandths of a mile; what has no place comes last."""
    miles = "coalesce(round(" + distance(question.point) + f" * 1000)::int, {NOWHERE})"
    return Order((miles, Piece("id")), descending=False)


def circles(question: Question) -> list[Piece]:
    """Conditions for wider and wider circles: the nearest twenty are rarely far.

    Measured as the order measures, to the thousandth of a mile: what lies within comes
    before all that does not.
    """
    assert question.point is not None
    miles = nearest(question).columns[0]
    return [
        in_square(radius + 0.01, question.point)
        + " AND "
        + miles
        + Piece(" <= %s", (radius * 1000,))
        for radius in (1, 4, 16)
    ]


def _comma(columns: tuple[Piece, ...]) -> Piece:
    joined = columns[0]
    for column in columns[1:]:
        joined = joined + ", " + column
    return joined
