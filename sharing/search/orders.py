"""Orders of the list. Each is a key of two or three columns that go one way, id last."""

import datetime
from dataclasses import dataclass

from sharing.search.conditions import Question, distance
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
    def by(self) -> Piece:
        way = " DESC" if self.descending else ""
        return _comma(tuple(column + way for column in self.columns))


NEWEST = Order((Piece("published_at"), Piece("id")), descending=True)


def ranked(query: Piece) -> Order:
    """Best match first. Whole numbers, so that a cursor finds its place again."""
    rank = "(ts_rank(doc, " + query + ") * 1000000)::int"
    return Order((rank, Piece("published_at"), Piece("id")), descending=True)


def nearest(question: Question) -> Order:
    """Thousandths of a mile; what has no place comes last."""
    miles = "coalesce(round(" + distance(question.point) + f" * 1000)::int, {NOWHERE})"
    return Order((miles, Piece("id")), descending=False)


def closing(today: datetime.date) -> Order:
    """The first day that comes first; what has begun or names no day comes last."""
    day = Piece("CASE WHEN starts_on >= %s THEN starts_on ELSE 'infinity'::date END", (today,))
    return Order((day, Piece("id")), descending=False)


def _comma(columns: tuple[Piece, ...]) -> Piece:
    joined = columns[0]
    for column in columns[1:]:
        joined = joined + ", " + column
    return joined
