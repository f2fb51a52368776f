"""The busiest pages and calls of a school, in a region of few schools and in one of many.

The same school with the same people and the same pool stands in both; what is asked goes
through Django with everything but the network. They take turns, so both have the same noise.
Beside each, as the limit, its own statements carried out by psycopg alone, with the rows as
JSON: what PostgreSQL and the wire need for the same answer.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api import limits
from tenants.hosts import forget_hosts
from tenants.names import region_of
from tenants.setup import set_up_database
from tests.benchmarks.case import Case
from tests.benchmarks.filled_region import COMMON, fill_region
from tests.world import Region, School

FEW = 10
MANY = {"small": 100, "full": 1000}
LISTINGS = {"small": 500, "full": 5000}
RUNS = {"small": 15, "full": 40}
PLACEMENTS = 6
# Name, who asks, address
ASKED = (
    ("find", "student", "/"),
    ("find, a common word", "student", f"/?q={COMMON}"),
    ("journey", "student", "/journey/"),
    ("saved", "student", "/saved/"),
    ("check-in's state", "student", "/check-in/state.json"),
    ("API listings", "student", "/api/v1/listings/"),
    ("API me", "student", "/api/v1/me/"),
    ("board", "coordinator", "/coordinator/"),
    ("requests", "coordinator", "/coordinator/requests/"),
    ("placements", "coordinator", "/coordinator/placements/"),
    ("API placements", "coordinator", "/api/v1/placements/"),
    ("my students", "teacher", "/teacher/"),
)
Asker = Callable[[], float]


def measure(scale: str) -> list[Case]:
    set_up_database()
    limits.LIMITS["read"] = 1_000_000  # the counter counts as ever
    many = MANY[scale]
    in_few = _school("few", FEW, LISTINGS[scale])
    in_many = _school("many", many, LISTINGS[scale])
    cases = []
    for name, who, path in ASKED:
        ways = {"few": _asks(in_few[who], path), "many": _asks(in_many[who], path)}
        ways["raw"] = _raw(in_many[who], path, schema=in_many["schema"])
        took = _in_turn(ways, runs=RUNS[scale])
        cases.append(
            Case(
                case=f"{name}: {many} schools beside {FEW}",
                unit="ms",
                ours=took["many"],
                limit=took["few"],
                aim="≤ 1.3 × limit",
                ok=took["many"] <= 1.3 * took["few"],
            )
        )
        cases.append(
            Case(
                case=f"{name}: beside its statements alone",
                unit="ms",
                ours=took["many"],
                limit=took["raw"],
                aim="shown",
                ok=True,
            )
        )
    return cases


def _school(code: str, schools: int, listings: int) -> dict[str, Any]:
    """Browsers of a school's student, coordinator and teacher, by role; and its schema."""
    schema = fill_region(code=code, schools=schools, listings=listings)
    forget_hosts()
    school, region = School(schema), Region(code)
    teacher = school.person("teacher")
    offer = school.opportunity(capacity=PLACEMENTS)
    for number in range(PLACEMENTS):
        state = ("requested", "pursuing", "active")[number % 3]
        school.placement(offer.id, state=state, teacher=teacher)
    student = school.student(teacher=teacher)
    school.placement(offer.id, state="requested", student=student)
    region.person("district_admin")
    return {
        "schema": schema,
        "student": school.client(student),
        "coordinator": school.client(school.coordinator()),
        "teacher": school.client(teacher),
    }


def _asks(client: Client, path: str) -> Asker:
    def ask() -> float:
        began = time.perf_counter()
        answer = client.get(path)
        took = time.perf_counter() - began
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return took * 1000

    return ask


def _raw(client: Client, path: str, *, schema: str) -> Asker:
    """The statements of one answer, carried out again by hand in the same role."""
    client.get(path)  # the host is known now
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    statements = [one["sql"] for one in seen if one["sql"].startswith(("SELECT", "WITH"))]
    parameters = connection.get_connection_params()
    wanted = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port")}
    raw = psycopg.connect(**wanted, autocommit=True)
    path_of_school = f'"{schema}","{region_of(schema)}",public'

    def ask() -> float:
        began = time.perf_counter()
        with raw.transaction():
            raw.execute(
                "SELECT set_config('search_path', %s, true), set_config('role', %s, true)",
                [path_of_school, schema],
            )
            for statement in statements:
                json.dumps(raw.execute(statement.encode()).fetchall(), default=str)
        return (time.perf_counter() - began) * 1000

    return ask


def _in_turn(ways: dict[str, Asker], *, runs: int) -> dict[str, float]:
    """Medians in milliseconds."""
    for ask in ways.values():
        ask(), ask()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _run in range(runs):
        for name, ask in ways.items():
            times[name].append(ask())
    return {name: statistics.median(taken) for name, taken in times.items()}
