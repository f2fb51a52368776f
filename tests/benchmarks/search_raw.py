"""The limit of a search: the same answer by hand, a page of 20 and the facets, as JSON.

As a careful programmer writes it for one question: in the school's role, one transaction, two
statements; the newest 500 matches are ranked, facets are counted among the first 1,001, in one
scan.
"""

import json
from collections import Counter
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from tenants.names import region_of
from tests.benchmarks.filled_region import COMMON, RARE

COLUMNS = """id, title, site_name, neighborhood, description, field, skills, days, start_time,
    end_time, starts_on, ends_on, pay, hourly_rate, pay_note, grades, requirements, remote,
    latitude, longitude, published_at"""
OWN = ("catalog_opportunity", "state = 'published'", "'own'", "''", "capacity - released", "false")
POOL = ("sharing_visible_listing", "true", "origin_kind", "origin_name", "slots", "ask_owner")
SAVED = "EXISTS (SELECT FROM catalog_favorite f WHERE f.listing_id = {table}.id)"
COUNTED = ("field", "pay", "origin", "days", "grades", "remote", "open", "saved")
FACETS = (
    f"SELECT {', '.join(COUNTED)}, count(*) FROM shown"
    f" GROUP BY GROUPING SETS ((), {', '.join(f'({name})' for name in COUNTED)})"
)


def has_raw(criteria: dict[str, Any]) -> bool:
    return not criteria or (set(criteria) == {"words"} and criteria["words"] in (RARE, COMMON))


@contextmanager
def raw_connection() -> Any:
    parameters = connections["default"].get_connection_params()
    wanted = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port")}
    with psycopg.connect(**wanted, autocommit=True) as raw:
        yield raw


def raw_answer(raw: Any, school: str, criteria: dict[str, Any]) -> str:
    words = criteria.get("words", "")
    matches = "doc @@ websearch_to_tsquery('english', %(words)s)" if words else "true"
    path = f'"{school}","{region_of(school)}",public'
    with raw.transaction():
        raw.execute(
            "SELECT set_config('search_path', %s, true), set_config('role', %s, true)",
            [path, school],
        )
        cursor = raw.execute(_page(matches, is_ranked=bool(words)), {"words": words})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        counts = _told(raw.execute(_facets(matches), {"words": words}).fetchall())
    return json.dumps({"results": rows, "facets": counts}, default=str)


def _page(matches: str, *, is_ranked: bool) -> str:
    rank = "ts_rank(doc, websearch_to_tsquery('english', %(words)s)) DESC, " if is_ranked else ""
    newest = "published_at DESC, id DESC"

    def branch(table: str, live: str, kind: str, name: str, slots: str, ask: str) -> str:
        rows = f"(SELECT * FROM {table} WHERE {live} AND {matches} ORDER BY {newest} LIMIT 500)"
        source = f"{rows} AS {table}" if is_ranked else f"{table} WHERE {live}"
        return (
            f"(SELECT {COLUMNS}, {kind} AS origin_kind, {name} AS origin_name, {slots} AS slots,"
            f" {slots} - taken AS open_slots, {ask} AS ask_owner,"
            f" {SAVED.format(table=table)} AS is_saved"
            f" FROM {source} ORDER BY {rank}{newest} LIMIT 20)"
        )

    return f"{branch(*OWN)} UNION ALL {branch(*POOL)} LIMIT 20"


def _facets(matches: str) -> str:
    def counted(table: str, live: str, kind: str, _name: str, slots: str, _ask: str) -> str:
        return (
            f"(SELECT field, pay, days, grades, remote, {kind} AS origin,"
            f" {slots} > taken AS open, {SAVED.format(table=table)} AS saved"
            f" FROM {table} WHERE {live} AND {matches} LIMIT 1001)"
        )

    rows = f"({counted(*OWN)} UNION ALL {counted(*POOL)} LIMIT 1001)"
    return f"WITH shown AS MATERIALIZED {rows} {FACETS}"


def _told(rows: list[tuple[Any, ...]]) -> dict[str, Counter[Any]]:
    """How many have each value of each column; arrays come whole and are taken apart here."""
    counts: dict[str, Counter[Any]] = {name: Counter() for name in ("total", *COUNTED)}
    for *values, number in rows:
        named = [
            (name, value) for name, value in zip(COUNTED, values, strict=True) if value is not None
        ]
        name, value = named[0] if named else ("total", "")
        for one in value if isinstance(value, list) else [value]:
            counts[name][str(one)] += number
    return counts
