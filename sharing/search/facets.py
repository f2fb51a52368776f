"""Counts: each kind of filter is counted under all the others, so that they stay right."""

from typing import Any

from django.db import connections

from sharing.search.branches import BRANCHES
from sharing.search.conditions import Question, base_conditions, facet_conditions, saved_by
from sharing.search.criteria import MOST_COUNTED, Facets
from sharing.search.pieces import Piece, all_of, any_of, join
from tenants.context import current_alias

KINDS = ("fields", "days", "pays", "origins", "grades", "remote", "open", "saved", "wishes")
EVERY_GRADE = "'{6,7,8,9,10,11,12}'"  # an internship that names none takes all
_ALL = "shown"


def count(question: Question) -> tuple[Facets, int, bool]:
    """(facets, total, whether there are more than that): one statement.

    Rows are gathered once for all kinds that are not filtered by, and once for each
    that is; each gathering stops at 1,001 rows.
    """
    narrowed = set().union(*(facet_conditions(question, branch) for branch in BRANCHES))
    gathered = [(_ALL, None), *((f"without_{kind}", kind) for kind in KINDS if kind in narrowed)]
    tables = join(
        ", ",
        (f"{name} AS MATERIALIZED (" + _gather(question, kind) + ")" for name, kind in gathered),
    )
    counts = join(
        " UNION ALL ",
        [
            Piece(f"SELECT 'total', '', count(*) FROM {_ALL}"),
            *(_counts(kind, f"without_{kind}" if kind in narrowed else _ALL) for kind in KINDS),
        ],
    )
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(f"WITH {tables.text} {counts.text}", (*tables.params, *counts.params))
        rows = cursor.fetchall()
    return _facets(rows)


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
            + saved_by(question.student_id)
            + " AS saved, "
            + any_of([question.wishes])
            + f" AS wished FROM {branch.source} WHERE "
            + all_of(conditions)
            + f" LIMIT {MOST_COUNTED + 1})"
        )
    return join(" UNION ALL ", parts) + f" LIMIT {MOST_COUNTED + 1}"


def _counts(kind: str, table: str) -> Piece:
    one_a_row = {"fields": "field", "pays": "pay", "origins": "origin"}
    flags = {"remote": "remote", "open": "open", "saved": "saved", "wishes": "wished"}
    if kind in one_a_row:
        column = one_a_row[kind]
        return Piece(f"(SELECT '{kind}', {column}, count(*) FROM {table} GROUP BY {column})")
    if kind in flags:
        return Piece(f"SELECT '{kind}', '', count(*) FROM {table} WHERE {flags[kind]}")
    values = (
        "days"
        if kind == "days"
        else f"CASE WHEN grades = '{{}}' THEN {EVERY_GRADE}::smallint[] ELSE grades END"
    )
    return Piece(
        f"(SELECT '{kind}', value::text, count(*)"
        f" FROM {table}, unnest({values}) AS value GROUP BY value)"
    )


def _facets(rows: list[tuple[str, str, int]]) -> tuple[Facets, int, bool]:
    found: dict[str, Any] = {kind: {} for kind in ("fields", "days", "pays", "origins", "grades")}
    total = 0
    for kind, value, number in rows:
        shown = min(number, MOST_COUNTED)
        if kind == "total":
            total = number
        elif kind in ("days", "grades"):
            found[kind][int(value)] = shown
        elif kind in found and isinstance(found[kind], dict):
            found[kind][value] = shown
        else:
            found[kind] = shown
    return Facets(**found), min(total, MOST_COUNTED), total > MOST_COUNTED
