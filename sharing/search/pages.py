"""One page: the stretches of the list walked in order until it is full.

The best matches of a word that half the listings have are looked for among the newest
500 of a branch (in full that takes fifty times as long); the older ones follow by date.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection

from sharing.search.branches import BRANCHES, Branch
from sharing.search.conditions import (
    Question,
    base_conditions,
    distance,
    facet_conditions,
    saved_by,
)
from sharing.search.criteria import Listing
from sharing.search.cursors import Place
from sharing.search.orders import NEWEST, Order, closing, nearest, ranked
from sharing.search.pieces import Piece, all_of

RANKED = 500
NEW_DAYS = 7


@dataclass(frozen=True)
class _Stretch:
    branch: Branch
    part: str  # all, ranked, older


def read_page(question: Question, *, place: Place, size: int) -> tuple[list[Listing], Place | None]:
    """Up to *size* listings from *place* on, and the place of the next page if there is one."""
    stretches = _stretches(question)
    rows: list[tuple[Any, ...]] = []
    keys: list[tuple[int, tuple[str, ...]]] = []
    bounds = dict(place.bounds)
    for number in range(place.stretch, len(stretches)):
        stretch = stretches[number]
        key = place.key if number == place.stretch else None
        found = _read_stretch(
            question,
            stretch,
            key=key,
            bounds=bounds,
            today=place.today,
            wanted=size + 1 - len(rows),
        )
        for row, row_key in found:
            rows.append(row)
            keys.append((number, row_key))
        if len(rows) > size:
            last_number, last_key = keys[size - 1]
            after = replace(place, stretch=last_number, key=last_key, bounds=bounds)
            return [Listing(*row) for row in rows[:size]], after
    return [Listing(*row) for row in rows], None


def read_one(question: Question, *, listing_id: UUID) -> Listing | None:
    for branch in BRANCHES:
        condition = all_of([Piece(branch.live), Piece("id = %s", (listing_id,))])
        for row, _key in _read(question, branch, NEWEST, condition, wanted=1):
            return Listing(*row)
    return None


def _stretches(question: Question) -> list[_Stretch]:
    parts = ("ranked", "older") if _is_ranked(question) else ("all",)
    return [_Stretch(branch, part) for branch in BRANCHES for part in parts]


def _is_ranked(question: Question) -> bool:
    return question.query is not None and question.criteria.sort == "best"


def _read_stretch(
    question: Question,
    stretch: _Stretch,
    *,
    key: tuple[str, ...] | None,
    bounds: dict[str, tuple[str, ...] | None],
    today: Any,
    wanted: int,
) -> list[tuple[tuple[Any, ...], tuple[str, ...]]]:
    branch = stretch.branch
    conditions = [
        *base_conditions(question, branch),
        *facet_conditions(question, branch).values(),
    ]
    order = NEWEST
    if stretch.part == "all":
        order = _order(question, today)
    else:
        if branch.name not in bounds:
            bounds[branch.name] = _oldest_ranked(branch, all_of(conditions))
        bound = bounds[branch.name]
        if stretch.part == "ranked":
            assert question.query is not None
            order = ranked(question.query)
            if bound:
                conditions.append(Piece("(published_at, id) >= (%s, %s)", bound))
        elif bound:
            conditions.append(Piece("(published_at, id) < (%s, %s)", bound))
        else:
            return []
    if key:
        conditions.append(order.after(key))
    return _read(question, branch, order, all_of(conditions), wanted=wanted)


def _order(question: Question, today: Any) -> Order:
    if question.criteria.sort == "nearest" and question.point:
        return nearest(question)
    if question.criteria.sort == "closing":
        return closing(today)
    return NEWEST


def _oldest_ranked(branch: Branch, condition: Piece) -> tuple[str, ...] | None:
    """The last of the newest 500 matches; None when there are fewer."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT published_at::text, id::text FROM {branch.source} WHERE {condition.text}"
            f" ORDER BY published_at DESC, id DESC OFFSET {RANKED - 1} LIMIT 1",
            condition.params,
        )
        return cursor.fetchone()


def _read(
    question: Question, branch: Branch, order: Order, condition: Piece, *, wanted: int
) -> list[tuple[tuple[Any, ...], tuple[str, ...]]]:
    """Ids first, wide rows after: sorting descriptions along would cost more than all else."""
    key_columns = Piece("")
    for number, column in enumerate(order.columns):
        key_columns = key_columns + ", (" + column + f")::text AS key{number}"
    found = (
        "SELECT id AS found_id, row_number() OVER () AS place"
        + key_columns
        + f" FROM (SELECT * FROM {branch.source} WHERE "
        + condition
        + " ORDER BY "
        + order.by
        + Piece(" LIMIT %s) best", (wanted,))
    )
    keys = ", ".join(f"key{number}" for number in range(len(order.columns)))
    statement = (
        "WITH found AS ("
        + found
        + f") SELECT {branch.columns}, "
        + distance(question.point)
        + " AS miles, "
        + saved_by(question.student_id)
        + " AS is_saved, "
        + f"published_at > now() - interval '{NEW_DAYS} days' AS is_new, {keys}"
        + f" FROM found JOIN {branch.source} ON id = found_id ORDER BY place"
    )
    width = len(order.columns)
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        return [(row[:-width], row[-width:]) for row in cursor.fetchall()]
