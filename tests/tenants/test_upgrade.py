"""From the first tables there were, filled with a season's work, to today's: nothing is lost.

The old region is made by running the migrations up to where each app began. Its rows are
those of a region where people have worked with today's rules, as far as the old tables had
a place for them.
"""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.recount import recount
from sharing.models import PoolListing
from tenants.context import OWNER, kind_of, public_context, tenant_context
from tenants.models import Domain, Region, Tenant
from tenants.models import School as SchoolTenant
from tenants.names import schools_role
from tenants.provisioning.ddl import read_ddl
from tenants.provisioning.inspection import inspect_database
from tenants.provisioning.rollout import migrate_tenants
from tenants.provisioning.scratch import ddl_of_migrations
from tests.world import School

FIRST = {
    "region": [("accounts", "0001_initial"), ("audit", "0001_initial"), ("due", "0001_initial"),
               ("notices", "0001_initial"), ("sharing", "0002_wall")],
    "school": [("accounts", "0001_initial"), ("audit", "0001_initial"), ("catalog", "0001_initial"),
               ("internships", "0001_initial"), ("notices", "0001_initial")],
}  # fmt: skip
# of django.contrib.sessions, which is not installed any more
SESSIONS = """
    CREATE TABLE django_session (
        session_key varchar(40) PRIMARY KEY, session_data text NOT NULL,
        expire_date timestamptz NOT NULL);
    INSERT INTO django_session VALUES ('key', 'data', now());
    INSERT INTO django_migrations (app, name, applied) VALUES ('sessions', '0001_initial', now());
"""
THEN_AND_NOW = {
    "uptown": "bronx",
    "uptown__met": "bronx__met",
    "uptown__academy": "bronx__academy",
}


@pytest.fixture
def uptown(committed_db: None, met: School, academy: School) -> Iterator[dict[str, int]]:
    """A region as it was, with two schools and what they did; how many rows each has."""
    met.placement(met.opportunity().id, state="active")
    shared = met.release(met.opportunity(capacity=3), slots=2)
    academy.placement(shared, state="pursuing")
    academy.placement(academy.opportunity().id, state="completed")
    counts = {}
    for schema, today in THEN_AND_NOW.items():
        _make(schema)
        counts[schema] = _copy_rows(today, to=schema)
    yield counts
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        for schema in reversed(THEN_AND_NOW):
            names = {"schema": sql.Identifier(schema), "role": sql.Identifier(schema)}
            cursor.execute(sql.SQL("DROP SCHEMA {schema} CASCADE").format(**names))
            cursor.execute(sql.SQL("DROP OWNED BY {role}").format(**names))
        group = sql.Identifier(schools_role("uptown"))
        cursor.execute(sql.SQL("DROP OWNED BY {}").format(group))
        Domain.objects.filter(domain__contains="uptown").delete()
        Tenant.objects.filter(region__code="uptown").delete()
        Tenant.objects.filter(code="uptown").delete()


def _make(schema: str) -> None:
    """Registry, role and the first tables; rights came with the release that is here now."""
    kind, code = kind_of(schema), schema.rpartition("__")[2]
    with public_context(using=OWNER):
        model = Region if kind == "region" else SchoolTenant
        region = None if kind == "region" else Region.objects.get(code="uptown")
        tenant = model(kind=kind, schema_name=schema, code=code, name=code.title(), region=region)
        tenant.save(using=OWNER)
        host = f"{code}.uptown.localhost" if region else "uptown.localhost"
        Domain.objects.bulk_create([Domain(domain=host, tenant=tenant, is_primary=True)])
        with connections[OWNER].cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    with tenant_context(schema, using=OWNER), connections[OWNER].cursor() as cursor:
        MigrationExecutor(connections[OWNER]).migrate(FIRST[kind])
        cursor.execute(SESSIONS)


def _copy_rows(source: str, *, to: str) -> int:
    """Every row of *source* whose table there was, without the columns there were not."""
    total = 0
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(
            """
            SELECT t.table_name, array_agg(t.column_name::text)
            FROM information_schema.columns t
                 JOIN information_schema.columns n USING (table_name, column_name)
                 JOIN information_schema.tables b
                   ON b.table_schema = t.table_schema AND b.table_name = t.table_name
            WHERE t.table_schema = %s AND n.table_schema = %s AND b.table_type = 'BASE TABLE'
              AND t.is_generated = 'NEVER' AND t.is_identity = 'NO'
              AND t.table_name <> 'django_migrations'
            GROUP BY 1
            """,
            [to, source],
        )
        for table, columns in cursor.fetchall():
            values = [
                sql.SQL("replace({}, 'bronx', 'uptown')").format(sql.Identifier(name))
                if name in ("school", "owner", "origin_schema")
                else sql.Identifier(name)
                for name in columns
            ]
            cursor.execute(
                sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
                    sql.Identifier(to, table),
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.SQL(", ").join(values),
                    sql.Identifier(source, table),
                )
            )
            total += cursor.rowcount
    return total


def _parts(ddl: str) -> set[str]:
    """Statements of a school's DDL without the names of its migrations: one app has gone."""
    return {part for part in ddl.split("\n\n") if not part.startswith("INSERT INTO")}


def test_the_first_tables_with_their_rows_become_todays(uptown: dict[str, int]) -> None:
    assert min(uptown.values()) > 5
    summary = migrate_tenants(only="uptown__*")
    assert summary.is_good, summary.failed
    assert set(summary.migrated) == set(THEN_AND_NOW)

    assert [line for finding in inspect_database() for line in finding.off] == []
    assert recount(region="uptown", using=OWNER) == []
    with tenant_context("uptown__met", using=OWNER), connections[OWNER].cursor() as cursor:
        assert _parts(read_ddl(cursor, schema="uptown__met")) == _parts(ddl_of_migrations())

    school = School("uptown__met")
    with school:
        working = Placement.objects.select_related("student").get(state="active")
    student = school.client(working.student)
    assert working.title in student.get("/journey/").content.decode()
    assert school.client(school.coordinator()).get("/coordinator/").status_code == 200
    with school:
        actions.end_placement(
            placement_id=working.id, actor=school.coordinator(), completed=True, reason="June."
        )
    other = School("uptown__academy")
    with other:
        pursuing = Placement.objects.get(state="pursuing")
        actions.withdraw_placement(placement_id=pursuing.id, actor=pursuing.student)
    with tenant_context("uptown"):
        assert PoolListing.objects.get().taken == 0
    assert recount(region="uptown", using=OWNER) == []
