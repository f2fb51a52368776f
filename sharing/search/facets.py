"""Counts: each kind of filter is counted under all the others, so that they stay right."""

from collections import Counter
from typing import Any

from sharing.search.asking import Row
from sharing.search.branches import BRANCHES
from sharing.search.conditions import Question, base_conditions, facet_conditions, is_saved
from sharing.search.criteria import MOST_COUNTED, Facets
from sharing.search.pieces import Piece, all_of, any_of, join

# Kind -> the column of what is gathered that it counts.
COLUMNS = {
    "fields": "field",
    "days": "days",
    "pays": "pay",
    "origins": "origin",
    "grades": "grades",
    "remote": "remote",
    "open": "open",
    "saved": "saved",
    "wishes": "wished",
}
ARRAYS = ("days", "grades")
VALUES = ("fields", "pays", "origins")
EVERY_GRADE = "{6,7,8,9,10,11,12}"  # an internship that names none takes all
_ALL = "shown"


def statement(question: Question) -> Piece:
    """What counts: (kind, value, how many listings have it).

    Rows are gathered once for all kinds that are not filtered by, and once for each
    that is; each gathering stops at 1,001 rows.
    """
    narrowed = set().union(*(facet_conditions(question, branch) for branch in BRANCHES))
    gathered = [(_ALL, None), *((f"without_{kind}", kind) for kind in COLUMNS if kind in narrowed)]
    tables = join(
        ", ",
        (f"{name} AS MATERIALIZED (" + _gather(question, kind) + ")" for name, kind in gathered),
    )
    counts = [_counts(_ALL, [kind for kind in COLUMNS if kind not in narrowed], with_total=True)]
    counts += [_counts(name, [kind], with_total=False) for name, kind in gathered if kind]
    return "WITH " + tables + f" {' UNION ALL '.join(counts)}"


def read(rows: list[Row]) -> tuple[Facets, int, bool]:
    """(facets, total, whether there are more than that), of the statement's rows."""
    total = 0
    counted: dict[str, Counter[Any]] = {kind: Counter() for kind in COLUMNS}
    for kind, value, number in rows:
        if kind == "total":
            total = number
        elif kind in ARRAYS:
            for one in _members(kind, value or "{}"):
                counted[kind][one] += number
        else:
            counted[kind][value] += number
    found = {
        kind: {value: min(number, MOST_COUNTED) for value, number in counts.items()}
        if kind in ARRAYS + VALUES
        else min(counts["true"], MOST_COUNTED)
        for kind, counts in counted.items()
    }
    return Facets(**found), min(total, MOST_COUNTED), total > MOST_COUNTED  # type: ignore[arg-type]


def _gather(question: Question, without: str | None) -> Piece:
    parts = []
    for branch in BRANCHES:
        narrowing = facet_conditions(question, branch)
        conditions = base_conditions(question, branch) + [
            condition for kind, condition in narrowing.items() if kind != without
        ]
        parts.append(
            f"(SELECT {branch.origin_kind} AS origin, field, days, pay, grades, remote,"
            f" {branch.is_open} AS open, "
            + is_saved(question)
            + " AS saved, "
            + any_of([question.wishes])
            + f" AS wished FROM {branch.source} WHERE "
            + all_of(conditions)
            + f" LIMIT {MOST_COUNTED + 1})"
        )
    return join(" UNION ALL ", parts) + f" LIMIT {MOST_COUNTED + 1}"


def _counts(table: str, kinds: list[str], *, with_total: bool) -> str:
    """(kind, value, how many rows have it) for each of *kinds*, from one scan of *table*.

    Arrays are counted whole, and taken apart afterwards: of a thousand rows some thirty differ.
    """
    columns = [COLUMNS[kind] for kind in kinds]
    named = "".join(f" WHEN grouping({COLUMNS[kind]}) = 0 THEN '{kind}'" for kind in kinds)
    kind = f"CASE{named} ELSE 'total' END" if kinds else "'total'"
    value = ", ".join(["NULL", *(f"{column}::text" for column in columns)])
    sets = ", ".join([*(["()"] if with_total else []), *(f"({column})" for column in columns)])
    return (
        f"SELECT {kind}, coalesce({value}), count(*) FROM {table} GROUP BY GROUPING SETS ({sets})"
    )


def _members(kind: str, array: str) -> list[int]:
    """Numbers of an array as PostgreSQL writes it: `{2,4}`."""
    if kind == "grades" and array == "{}":
        array = EVERY_GRADE
    return [int(one) for one in array[1:-1].split(",") if one]
