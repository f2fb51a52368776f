"""The district's page from rollups: many schools beside few, and a UNION over all schemas.

The page is asked for through Django with everything it does but the network; once as it
comes, with the sums that are kept for seconds, and once with the sums added up anew. The
rival reads the same numbers by field where they are made, in every school's own tables.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

from django.core.cache import cache
from django.db import connections
from django.test import Client, override_settings
from psycopg import sql

from catalog.fields import Field
from portico.accounts.models import Person
from portico.reports.counting import term_of, week_of
from sharing.rollups import COUNTS
from tenants.context import OWNER, public_context, tenant_context
from tenants.models import School, Tenant
from tenants.names import school_schema
from tenants.provisioning.provision import provision_region, provision_school
from tenants.setup import set_up_database
from tests.benchmarks.case import Case
from tests.benchmarks.filled_region import copy_rows

FEW, MANY = 10, 1000
WITH_TABLES = {"small": 60, "full": 1000}  # schools that have schemas, for the rival
ROUNDS = 40
WEEKS = 30
ORIGINS = 5  # a school uses slots of so many others


def measure(scale: str) -> list[Case]:
    set_up_database()
    few, many = _page("few", FEW), _page("many", MANY)
    with override_settings(OVERVIEW_SECONDS=10):
        at_few, at_many = _in_turn(few, many)
    with override_settings(OVERVIEW_SECONDS=0):
        anew_few, anew_many = _in_turn(few, many)
    schools = WITH_TABLES[scale]
    rival, ours = _union(schools), _from_rollups(schools)
    for _ in range(3):
        rival(), ours()
    union_seconds = statistics.median(_seconds(rival) for _ in range(7))
    rollup_seconds = statistics.median(_seconds(ours) for _ in range(ROUNDS))
    return [
        Case(
            case=f"overview of {MANY} schools beside {FEW}",
            unit="s",
            ours=at_many,
            limit=at_few,
            aim="≤ 2 × limit",
            ok=at_many <= 2 * at_few,
        ),
        Case(
            case="the same, all schools added up anew",
            unit="s",
            ours=anew_many,
            limit=anew_few,
            aim="≤ 4 × limit",
            ok=anew_many <= 4 * anew_few,
        ),
        Case(
            case=f"supply by field of {schools} schools, beside a UNION over their schemas",
            unit="s",
            ours=rollup_seconds,
            rival=union_seconds,
            aim="≤ 0.2 × rival",
            ok=rollup_seconds <= 0.2 * union_seconds,
        ),
    ]


def _in_turn(few: Callable[[], None], many: Callable[[], None]) -> tuple[float, float]:
    """Medians of both, measured in turn so that both have the same noise."""
    cache.clear()
    for _ in range(5):
        few(), many()
    times = [(_seconds(few), _seconds(many)) for _ in range(ROUNDS)]
    at_few, at_many = (statistics.median(column) for column in zip(*times, strict=True))
    return at_few, at_many


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _page(region: str, schools: int) -> Callable[[], None]:
    """Ask for the overview of a region of *schools* that have nothing but rollups."""
    provision_region(code=region, name=region.title())
    with public_context(using=OWNER):
        above = Tenant.objects.using(OWNER).get(schema_name=region)
        School.objects.using(OWNER).bulk_create(
            School(
                kind="school",
                schema_name=school_schema(region=region, school=f"school{number}"),
                code=f"school{number}",
                name=f"School {number}",
                region=above,
            )
            for number in range(schools)
        )
    _fill(region, schools)
    with tenant_context(region):
        dana = Person.objects.create(
            email="dana@example.org", given_name="D", family_name="A", roles=["district_admin"]
        )
    client = Client(SERVER_NAME=f"{region}.localhost")
    with tenant_context(region):
        client.force_login(dana)

    def ask() -> None:
        answer = client.get("/overview/")
        assert answer.status_code == 200

    return ask


def _fill(region: str, schools: int) -> None:
    chance = random.Random(2014)
    today = date.today()
    keys = [("field", field) for field in Field.values]
    keys += [("grade", grade) for grade in ("9", "10", "11", "12")]
    keys += [("week", week_of(today - timedelta(weeks=back))) for back in range(WEEKS)]
    keys += [
        ("term", key)
        for key in sorted({term_of(today - timedelta(days=180 * n)) for n in range(3)})
    ]
    rows = []
    for number in range(schools):
        school = school_schema(region=region, school=f"school{number}")
        origins = [
            ("origin", school_schema(region=region, school=f"school{chance.randrange(schools)}"))
            for _ in range(ORIGINS)
        ]
        for kind, key in {("whole", ""), *keys, *origins}:
            counts = {name: chance.randrange(30) for name in COUNTS}
            counts["students"] = counts["never_placed"] + chance.randrange(300)
            rows.append((kind, school, key, "now", *counts.values()))
    with tenant_context(region, using=OWNER), connections[OWNER].cursor() as cursor:
        copy_rows(cursor, "sharing_rollup", ("kind", "school", "key", "counted_at", *COUNTS), rows)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(region, "sharing_rollup"))
        )


OF_ONE = sql.SQL(
    "SELECT field, count(*) AS opportunities,"
    " sum(capacity - taken - released) FILTER (WHERE state = 'published') AS free"
    " FROM {} WHERE state <> 'archived' GROUP BY field"
)


def _union(schools: int) -> Callable[[], None]:
    provision_region(code="tables", name="Tables")
    parts = []
    for number in range(schools):
        provision_school(region="tables", code=f"school{number}", name=f"School {number}")
        schema = school_schema(region="tables", school=f"school{number}")
        parts.append(OF_ONE.format(sql.Identifier(schema, "catalog_opportunity")))
    statement = sql.SQL(
        "SELECT field, sum(opportunities), sum(free) FROM ({}) every GROUP BY field"
    ).format(sql.SQL(" UNION ALL ").join(parts))
    return lambda: _read(statement, region="tables")


def _from_rollups(schools: int) -> Callable[[], None]:
    _fill("tables", schools)
    statement = sql.SQL(
        "SELECT key, sum(opportunities), sum(free) FROM sharing_rollup"
        " WHERE kind = 'field' GROUP BY key"
    )
    return lambda: _read(statement, region="tables")


def _read(statement: sql.Composed, *, region: str) -> None:
    with tenant_context(region, using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()
