"""One page: the stretches of the list walked in order until it is full.

The best matches of a word that half the listings have are looked for among the newest
500 of a branch (in full that takes fifty times as long); the older ones follow by date.
"""

import datetime
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from sharing.search.asking import Asking, Row
from sharing.search.branches import BRANCHES, POOL, Branch
from sharing.search.conditions import (
    Question,
    base_conditions,
    distance,
    facet_conditions,
    is_saved,
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
from sharing.search.pieces import Piece, all_of, join

RANKED = 500
NEW_DAYS = 7

Key = tuple[str, ...]
Bound = Key | None  # of a branch: the last that was ranked; None when all were


@dataclass(frozen=True)
class _Stretch:
    branch: Branch
    part: str  # all; ranked, older; coming, begun


class _Found(NamedTuple):
    row: Row  # in the order of Listing's fields
    key: Key
    stretch: int


def read_page(
    question: Question, *, place: Place, size: int, asking: Asking
) -> tuple[list[Listing], Place | None]:
    """Up to *size* listings from *place* on, and the place of the next page if there is one."""
    bounds = dict(place.bounds)
    if place.key is None and _begins_in_one_order(question):
        found = _read_together(question, bounds=bounds, wanted=size + 1, asking=asking)
    else:
        found = _read_in_turn(question, place=place, bounds=bounds, wanted=size + 1, asking=asking)
    listings = [Listing._make(one.row) for one in found[:size]]
    if len(found) <= size:
        return listings, None
    last = found[size - 1]
    return listings, replace(place, stretch=last.stretch, key=last.key, bounds=bounds)


def read_one(question: Question, *, listing_id: UUID) -> Listing | None:
    for branch in BRANCHES:
        conditions = [Piece(branch.live), Piece("id = %s", (listing_id,))]
        candidates = _ordered(branch.source, NEWEST, conditions)
        statement = _statement(question, branch, NEWEST, candidates, 1)
        for found in _taken_apart(Asking().rows(statement), NEWEST):
            return Listing._make(found.row)
    return None


def _read_together(
    question: Question, *, bounds: dict[str, Bound], wanted: int, asking: Asking
) -> list[_Found]:
    """A first page: where each branch begins, in one statement.

    PostgreSQL reads one branch after the other and stops when it has *wanted*, so the pool is
    left alone where the own list is long enough. Older matches than the ranked ones are never
    missing: who has any has 500 ranked ones before them, more than a page.
    """
    order = _first_order(question)
    beginnings = []
    for branch in BRANCHES:
        conditions = _conditions(question, branch)
        if _is_ranked(question):
            beginning = _best(question, branch, order, conditions, wanted)
        else:
            candidates = _ordered(branch.source, order, conditions)
            beginning = _statement(question, branch, order, candidates, wanted)
        beginnings.append("(" + beginning + ")")
    rows = asking.rows(join(" UNION ALL ", beginnings) + Piece(" LIMIT %s", (wanted,)))
    read = _taken_apart(rows, order)
    stretches = _stretches(question)
    found: list[_Found] = []
    for branch in BRANCHES:
        of_branch = [one for one in read if one.branch == branch.name]
        if _is_ranked(question) and len(found) < wanted:
            bounds[branch.name] = of_branch[0].bound if of_branch else None
        number = next(n for n, stretch in enumerate(stretches) if stretch.branch is branch)
        found += [_Found(one.row, one.key, number) for one in of_branch]
    return found


def _read_in_turn(
    question: Question, *, place: Place, bounds: dict[str, Bound], wanted: int, asking: Asking
) -> list[_Found]:
    """One stretch after the other from *place* on."""
    found: list[_Found] = []
    stretches = _stretches(question)
    for number in range(place.stretch, len(stretches)):
        rows = _read_stretch(
            question,
            stretches[number],
            key=place.key if number == place.stretch else None,
            bounds=bounds,
            today=place.today,
            wanted=wanted - len(found),
            asking=asking,
        )
        found += [_Found(row, key, number) for row, key in rows]
        if len(found) >= wanted:
            break
    return found


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


def _begins_in_one_order(question: Question) -> bool:
    """True where both branches begin alike; the nearest come in circles, what closes in parts."""
    return not _is_nearest(question) and (
        _is_ranked(question) or question.criteria.sort != "closing"
    )


def _first_order(question: Question) -> Order:
    if _is_ranked(question):
        assert question.query is not None
        return ranked(question.query)
    return NEWEST


def _conditions(question: Question, branch: Branch) -> list[Piece]:
    return [*base_conditions(question, branch), *facet_conditions(question, branch).values()]


def _read_stretch(
    question: Question,
    stretch: _Stretch,
    *,
    key: Key | None,
    bounds: dict[str, Bound],
    today: datetime.date,
    wanted: int,
    asking: Asking,
) -> list[tuple[Row, Key]]:
    branch = stretch.branch
    conditions = _conditions(question, branch)
    if stretch.part == "all":
        order = nearest(question) if _is_nearest(question) else NEWEST
    elif stretch.part == "coming":
        order = COMING
        conditions.append(is_coming(today))
    elif stretch.part == "begun":
        order = BEGUN
        conditions.append(has_begun(today))
    elif stretch.part == "ranked":
        order = _first_order(question)
        if branch.name not in bounds:
            best = _best(question, branch, order, conditions, wanted)
            rows = _taken_apart(asking.rows(best), order)
            bounds[branch.name] = rows[0].bound if rows else None
            return [(one.row, one.key) for one in rows]
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
    ways = [conditions]
    if _is_nearest(question) and branch is POOL:
        ways = [*([*conditions, circle] for circle in circles(question)), conditions]
    for way in ways:
        candidates = _ordered(branch.source, order, way)
        rows = _taken_apart(
            asking.rows(_statement(question, branch, order, candidates, wanted)), order
        )
        if len(rows) == wanted:
            break
    return [(one.row, one.key) for one in rows]


def _ordered(source: str, order: Order, conditions: list[Piece]) -> Piece:
    """Ids and keys of the rows that fit, in order. Nothing else: what is sorted stays narrow."""
    return (
        "SELECT id, "
        + order.named
        + f" FROM {source} WHERE "
        + all_of(conditions)
        + f" ORDER BY {order.by_name}"
    )


def _best(
    question: Question, branch: Branch, order: Order, conditions: list[Piece], wanted: int
) -> Piece:
    """The best of the newest 500 matches, and with each the last of those."""
    newest = (
        f"SELECT id, published_at, doc FROM {branch.source} WHERE "
        + all_of(conditions)
        + f" ORDER BY published_at DESC, id DESC LIMIT {RANKED}"
    )
    candidates = _ordered("newest", order, [])
    return _statement(question, branch, order, candidates, wanted, newest=newest)


def _statement(
    question: Question,
    branch: Branch,
    order: Order,
    candidates: Piece,
    wanted: int,
    *,
    newest: Piece | None = None,
) -> Piece:
    """Ids first, wide rows after: sorting descriptions along would cost more than all else."""
    tables, bound = Piece(""), "NULL::text, NULL::text"
    if newest is not None:
        tables = "newest AS MATERIALIZED (" + newest + "), "
        last = (
            "(SELECT {}::text FROM newest ORDER BY newest.published_at DESC, newest.id DESC"
            f" OFFSET {RANKED - 1} LIMIT 1)"
        )
        bound = f"{last.format('published_at')}, {last.format('id')}"
    keys = ", ".join(f"key{number}::text" for number in range(len(order.columns)))
    return (
        "WITH "
        + tables
        + f"found AS (SELECT id AS found_id, row_number() OVER () AS place, {keys} FROM ("
        + candidates
        + Piece(" LIMIT %s) best)", (wanted,))
        + f" SELECT {branch.columns}, "
        + distance(question.point)
        + " AS miles, "
        + is_saved(question)
        + f" AS is_saved, published_at > now() - interval '{NEW_DAYS} days' AS is_new,"
        + f" {order.names}, {bound}, '{branch.name}' FROM found"
        + f" JOIN {branch.source} ON id = found_id ORDER BY place"
    )


class _Read(NamedTuple):
    row: Row  # in the order of Listing's fields
    key: Key
    bound: Bound  # of its branch
    branch: str


def _taken_apart(rows: list[Row], order: Order) -> list[_Read]:
    """A statement's rows: what is before, between and after the order's keys."""
    end = -3 - len(order.columns)
    return [
        _Read(row[:end], row[end:-3], row[-3:-1] if row[-2] is not None else None, row[-1])
        for row in rows
    ]
