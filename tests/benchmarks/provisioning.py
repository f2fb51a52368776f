"""A new school: ours, beside its bare DDL (limit) and Django's migrations (rival)."""

import statistics
import time

from django.db import connections
from psycopg import sql

from tenants.context import OWNER
from tenants.provisioning.ddl import SCHOOL_DDL
from tenants.provisioning.migrate import migrate_schema
from tenants.provisioning.provision import provision_region, provision_school
from tenants.setup import set_up_database
from tests.benchmarks.case import Case

SCHOOLS = {"small": 20, "full": 500}
RIVALS = 3  # migrations take seconds, and the same ones each time


def measure(scale: str) -> list[Case]:
    set_up_database()
    provision_region(code="bench", name="Bench")
    count = SCHOOLS[scale]
    ours = [_seconds(lambda n=n: _provision(n)) for n in range(count)]
    limit = statistics.median(_seconds(lambda n=n: _bare_ddl(n)) for n in range(RIVALS * 3))
    rival = statistics.median(_seconds(lambda n=n: _migrations(n)) for n in range(RIVALS))
    first, last = (statistics.median(part) for part in (ours[: count // 4], ours[-count // 4 :]))
    median = statistics.median(ours)
    return [
        Case(
            case=f"a school, median of {count}",
            unit="s",
            ours=median,
            limit=limit,
            rival=rival,
            aim="≤ 3 × limit",
            ok=median <= 3 * limit,
        ),
        Case(
            case=f"the last quarter of {count} beside the first",
            unit="s",
            ours=last,
            limit=first,
            aim="≤ 1.5 × limit",
            ok=last <= 1.5 * first,
        ),
    ]


def _seconds(work) -> float:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _provision(number: int) -> None:
    provision_school(region="bench", code=f"school{number}", name=f"School {number}")


def _bare_ddl(number: int) -> None:
    """The tables and nothing else: no registry, host, role or grants."""
    schema = f"bench__bare{number}"
    with connections[OWNER].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        path = f"{schema},bench,public"
        cursor.execute("SELECT set_config('search_path', %s, true)", [path])
        cursor.execute(SCHOOL_DDL.read_text())
        cursor.execute("COMMIT")


def _migrations(number: int) -> None:
    schema = f"bench__plain{number}"
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    migrate_schema(schema=schema)
