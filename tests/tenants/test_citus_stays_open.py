"""Schemas could be spread over machines as they are: nothing ties two regions together.

What Citus's schema-based sharding would ask, and what moving a region to another cell asks as
well: no foreign key crosses schemas, and no transaction touches the tables of two regions. A
region and its schools would lie on one node, so a statement may read both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from tenants.names import region_of
from tenants.provisioning.provision import provision_school, remove_school
from tests.world import Region, School

# Locks last as long as the transaction: every table that it has touched by now, those that
# functions of the region touched for it as well.
TOUCHED = """
    SELECT DISTINCT t.relnamespace::regnamespace::text
    FROM pg_locks l JOIN pg_class t ON t.oid = l.relation
    WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation'
"""


def test_no_foreign_key_crosses_schemas(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT f.conname, f.conrelid::regclass::text, f.confrelid::regclass::text,
                   a.relnamespace = b.relnamespace
            FROM pg_constraint f
            JOIN pg_class a ON a.oid = f.conrelid JOIN pg_class b ON b.oid = f.confrelid
            WHERE f.contype = 'f'
            """
        )
        keys = cursor.fetchall()
    assert len(keys) > 50  # the question finds foreign keys at all
    assert [key for key in keys if not key[3]] == []


@pytest.fixture
def townsend(region: str, committed_db: None) -> Iterator[School]:
    """The one school of another region."""
    schema = f"{region}__townsend"
    provision_school(region=region, code="townsend", name="Townsend High")
    yield School(schema)
    remove_school(schema=schema)


@contextmanager
def touched_schemas() -> Iterator[list[set[str]]]:
    """After each statement in a transaction: the tenants whose tables it has touched so far."""
    seen: list[set[str]] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        if connection.in_atomic_block:
            rows = connection.connection.execute(TOUCHED).fetchall()
            seen.append({name for (name,) in rows} - {"public", "pg_catalog"})
        return result

    with connection.execute_wrapper(look):
        yield seen


def test_no_transaction_touches_two_regions(townsend, met, academy, bronx):
    queens = Region("queens")
    with touched_schemas() as seen:
        academy.placement(met.release(met.opportunity()), state="pursuing")
        for school, region in ((met, bronx), (townsend, queens)):
            school.release(school.opportunity())
            school.placement(region.posting().id, state="pursuing")
            assert school.client(school.student()).get("/?q=farm").status_code == 200
            assert school.client(school.coordinator()).get("/coordinator/").status_code == 200
    touched = {frozenset(schemas) for schemas in seen}
    assert {"bronx", met.schema} in touched  # a school's act reaches into its region's pool
    assert {"queens", townsend.schema} in touched
    assert [one for one in touched if len({region_of(name) or name for name in one}) > 1] == []
