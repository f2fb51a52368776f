"""One page: the stretches of the list walked in order until it is full.

The best matches of a word that half the listings have are looked for among the newest
500 of a branch (in full that takes fifty times as long); the older ones follow by date.
"""

import datetime
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connections

from sharing.search.branches import BRANCHES, POOL, Branch
from sharing.search.conditions import (
    Question,
    base_conditions,
    distance,
    facet_conditions,
    saved_by,
)
from sharing.search.criteria import Listing
from sharing.search.cursors import Place
from sharing.search.orders import (
    BEGUN,
    COMING,
    NEWEST,
    Order,
    circles,
    has_begun,
    is_coming,
    nearest,
    ranked,
)
from sharing.search.pieces import Piece, all_of
from tenants.context import current_alias

RANKED = 500
NEW_DAYS = 7


Row = tuple[Any, ...]  # in the order of Listing's fields
Key = tuple[str, ...]


@dataclass(frozen=True)
class _Stretch:
    branch: Branch
    part: str  # all; ranked, older; coming, begun


def read_page(question: Question, *, place: Place, size: int) -> tuple[list[Listing], Place | None]:
    """Up to *size* listings from *place* on, and the place of the next page if there is one."""
    stretches = _stretches(question)
    rows: list[Row] = []
    keys: list[tuple[int, Key]] = []
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
        conditions = [Piece(branch.live), Piece("id = %s", (listing_id,))]
        candidates = _ordered(branch.source, NEWEST, conditions)
        for row, _key in _read(question, branch, NEWEST, candidates, 1)[0]:
            return Listing(*row)
    return None


def _stretches(question: Question) -> list[_Stretch]:
    parts: tuple[str, ...] = ("all",)
    if _is_ranked(question):
        parts = ("ranked", "older")
    elif question.criteria.sort == "closing":
        parts = ("coming", "begun")  # one an index has in order, and hardly ever the other
    return [_Stretch(branch, part) for branch in BRANCHES for part in parts]


def _is_nearest(question: Question) -> bool:
    return question.criteria.sort == "nearest" and question.point is not None


def _is_ranked(question: Question) -> bool:
    return question.query is not None and question.criteria.sort == "best"


def _read_stretch(
    question: Question,
    stretch: _Stretch,
    *,
    key: Key | None,
    bounds: dict[str, Key | None],
    today: datetime.date,
    wanted: int,
) -> list[tuple[Row, Key]]:
    branch = stretch.branch
    conditions = [
        *base_conditions(question, branch),
        *facet_conditions(question, branch).values(),
    ]
    if stretch.part == "all":
        order = nearest(question) if _is_nearest(question) else NEWEST
    elif stretch.part == "coming":
        order = COMING
        conditions.append(is_coming(today))
    elif stretch.part == "begun":
        order = BEGUN
        conditions.append(has_begun(today))
    elif stretch.part == "ranked":
        assert question.query is not None
        order = ranked(question.query)
        if branch.name not in bounds:
            rows, bounds[branch.name] = _read_best(question, branch, order, conditions, wanted)
            return rows
        if bound := bounds[branch.name]:
            conditions.append(Piece("(published_at, id) >= (%s, %s)", bound))
    else:
        order = NEWEST
        bound = bounds.get(branch.name)
        if not bound:
            return []  # all matches were ranked
        conditions.append(Piece("(published_at, id) < (%s, %s)", bound))
    if key:
        conditions.append(order.after(key))
    if _is_nearest(question) and branch is POOL:
        for circle in circles(question):
            near = _ordered(branch.source, order, [*conditions, circle])
            rows, _none = _read(question, branch, order, near, wanted)
            if len(rows) == wanted:
                return rows
    rows, _none = _read(question, branch, order, _ordered(branch.source, order, conditions), wanted)
    return rows


def _ordered(source: str, order: Order, conditions: list[Piece]) -> Piece:
    """Ids and keys of the rows that fit, in order. Nothing else: what is sorted stays narrow."""
    return (
        "SELECT id, "
        + order.named
        + f" FROM {source} WHERE "
        + all_of(conditions)
        + f" ORDER BY {order.by_name}"
    )


def _read_best(
    question: Question, branch: Branch, order: Order, conditions: list[Piece], wanted: int
) -> tuple[list[tuple[Row, Key]], Key | None]:
    """The best of the newest 500 matches, and the last of those; None when there are fewer."""
    newest = (
        f"SELECT id, published_at, doc FROM {branch.source} WHERE "
        + all_of(conditions)
        + f" ORDER BY published_at DESC, id DESC LIMIT {RANKED}"
    )
    candidates = _ordered("newest", order, [])
    return _read(question, branch, order, candidates, wanted, newest=newest)


def _read(
    question: Question,
    branch: Branch,
    order: Order,
    candidates: Piece,
    wanted: int,
    *,
    newest: Piece | None = None,
) -> tuple[list[tuple[Row, Key]], Key | None]:
    """Ids first, wide rows after: sorting descriptions along would cost more than all else."""
    tables, bound = Piece(""), "NULL, NULL"
    if newest is not None:
        tables = "newest AS MATERIALIZED (" + newest + "), "
        last = (
            "(SELECT {}::text FROM newest ORDER BY newest.published_at DESC, newest.id DESC"
            f" OFFSET {RANKED - 1} LIMIT 1)"
        )
        bound = f"{last.format('published_at')}, {last.format('id')}"
    width = len(order.columns)
    keys = ", ".join(f"key{number}::text" for number in range(width))
    statement = (
        "WITH "
        + tables
        + f"found AS (SELECT id AS found_id, row_number() OVER () AS place, {keys} FROM ("
        + candidates
        + Piece(" LIMIT %s) best)", (wanted,))
        + f" SELECT {branch.columns}, "
        + distance(question.point)
        + " AS miles, "
        + saved_by(question.student_id)
        + f" AS is_saved, published_at > now() - interval '{NEW_DAYS} days' AS is_new,"
        + f" {order.names}, {bound} FROM found JOIN {branch.source} ON id = found_id ORDER BY place"
    )
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        rows = cursor.fetchall()
    last_ranked = rows[0][-2:] if rows and rows[0][-1] is not None else None
    return [(row[: -width - 2], row[-width - 2 : -2]) for row in rows], last_ranked
