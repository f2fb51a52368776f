"""What a tenant costs a request: ours for a transaction, beside the session's state.

Ours: BEGIN, path and role in one message, the request's queries, COMMIT. Limit: django-tenants'
own backend on a connection that is kept: the path is said on the session, before the first
query only (TENANT_LIMIT_SET_CALLS), no transaction, no role. It is what cannot be undercut,
and what was wrong behind a pooler. Rival: the same with its default, the path before each query.
"""

import statistics
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connections

from catalog.models import Term
from tenants.context import tenant_context
from tenants.provisioning.provision import provision_region, provision_school
from tenants.setup import set_up_database
from tests.benchmarks.case import Case
from tests.benchmarks.stock import ALIAS, connect_stock

RUNS = {"small": 100, "full": 1_000}
# The least a page asks, and what a usual one does.
QUERIES = {"a tenant for 1 query": 1, "a tenant for 8 queries": 8}
SCHOOLS = 2  # requests come from one and the other


def measure(scale: str) -> list[Case]:
    set_up_database()
    provision_region(code="trip", name="Trip")
    schools = [
        provision_school(region="trip", code=f"s{number}", name=f"School {number}").schema_name
        for number in range(SCHOOLS)
    ]
    connect_stock()
    runs = RUNS[scale]
    return [_case(name, schools, queries=number, runs=runs) for name, number in QUERIES.items()]


def _case(name: str, schools: list[str], *, queries: int, runs: int) -> Case:
    def ours(school: str) -> None:
        with tenant_context(school):
            for _ in range(queries):
                list(Term.objects.using("default"))

    def said_once(school: str) -> None:
        settings.TENANT_LIMIT_SET_CALLS = True
        _on_session(school)

    def said_each_time(school: str) -> None:
        settings.TENANT_LIMIT_SET_CALLS = False
        _on_session(school)

    def _on_session(school: str) -> None:
        connections[ALIAS].set_schema(school)  # type: ignore[attr-defined]
        for _ in range(queries):
            list(Term.objects.using(ALIAS))

    took = _in_turn([ours, said_once, said_each_time], schools=schools, runs=runs)
    return Case(
        case=name,
        unit="ms",
        ours=took[0],
        limit=took[1],
        rival=took[2],
        aim="≤ 2 × limit",
        ok=took[0] <= 2 * took[1],
    )


def _in_turn(ways: list[Callable[[str], None]], *, schools: list[str], runs: int) -> list[float]:
    """Medians in milliseconds, each way's schools taking turns too."""
    times: list[list[float]] = [[] for _ in ways]
    for run in range(runs + 10):
        for way, taken in zip(ways, times, strict=True):
            began = time.perf_counter()
            way(schools[run % len(schools)])
            taken.append((time.perf_counter() - began) * 1000)
    return [statistics.median(taken[10:]) for taken in times]
