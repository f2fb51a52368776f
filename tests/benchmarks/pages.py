"""The busiest pages and calls: beside bare statements, the plain way, and few schools.

The same school with the same people and the same pool stands in a region of many schools and
in one of few. Each way of serving is a process asked through its WSGI handler, one request
after another (asked.py); the ways take turns, so all have the same noise. Rates are requests a
second of one such process, from the median.

- limit: the answer's own statements by psycopg alone, path and role first, rows as JSON: what
  PostgreSQL and the wire need for the same answer.
- rival: the same page under django-tenants' own settings, the API in the plain way; plain/
  says what is equal and what is not. That both show the same things is checked by their ids.
- "a simple page" is one view for both (site_urls.py): what a request costs before its own work,
  with the tenant's middleware alone and with all of the portal's.
"""

import json
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api import limits
from catalog.actions import set_favorite
from sharing.models import VisibleListing
from tenants.hosts import forget_hosts
from tenants.names import region_of
from tenants.setup import set_up_database
from tests.benchmarks.asked import Site, question, serving
from tests.benchmarks.case import Case
from tests.benchmarks.filled_region import COMMON, fill_region
from tests.world import Region, School

FEW = 10
MANY = {"small": 50, "full": 1000}
LISTINGS = {"small": 500, "full": 5000}
RUNS = {"small": 12, "full": 30}
PLACEMENTS = 6
SAVED = 5
SIMPLE = 7  # times the plain way's requests a second
# Name, who asks, address, whether it is what the aim for a simple page is about
ASKED = (
    ("a simple page, the tenant's middleware alone", "student", "/terms/", True),
    ("a simple page, signed in", "student", "/simple/", False),
    ("find", "student", "/", False),
    ("find, a common word", "student", f"/?q={COMMON}", False),
    ("journey", "student", "/journey/", False),
    ("saved", "student", "/saved/", False),
    ("check-in's state", "student", "/check-in/state.json", False),
    ("API listings", "student", "/api/v1/listings/", False),
    ("API me", "student", "/api/v1/me/", False),
    ("board", "coordinator", "/coordinator/", False),
    ("requests", "coordinator", "/coordinator/requests/", False),
    ("placements", "coordinator", "/coordinator/placements/", False),
    ("API placements", "coordinator", "/api/v1/placements/", False),
    ("my students", "teacher", "/teacher/", False),
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Asker = Callable[[], float]


def measure(scale: str) -> list[Case]:
    set_up_database()
    limits.LIMITS["read"] = 1_000_000  # of this process, which carries the statements out
    many = MANY[scale]
    in_few = _school("few", FEW, LISTINGS[scale])
    in_many = _school("many", many, LISTINGS[scale])
    cases = []
    with (
        serving("tests.benchmarks.site_settings") as ours,
        serving("tests.benchmarks.plain.settings", BENCH_REGION="many") as plain,
    ):
        for name, who, path, is_simple in ASKED:
            _check_same(ours, plain, in_many[who], path)
            ways = {
                "many": _asks(ours, in_many[who], path),
                "few": _asks(ours, in_few[who], path),
                "plain": _asks(plain, in_many[who], path),
                "raw": _raw(in_many[who], path, schema=in_many["schema"]),
            }
            took = _in_turn(ways, runs=RUNS[scale])
            cases += _cases(name, took, many=many, is_simple=is_simple)
    return cases


def _cases(name: str, took: dict[str, float], *, many: int, is_simple: bool) -> list[Case]:
    return [
        Case(
            case=name,
            unit="/s",
            ours=1000 / took["many"],
            limit=1000 / took["raw"],
            rival=1000 / took["plain"],
            aim=f"≥ {SIMPLE} × rival" if is_simple else "shown",
            ok=not is_simple or took["plain"] >= SIMPLE * took["many"],
        ),
        Case(
            case=f"{name}: {many:,} schools beside {FEW}",
            unit="ms",
            ours=took["many"],
            limit=took["few"],
            aim="≤ 1.3 × limit",
            ok=took["many"] <= 1.3 * took["few"],
        ),
    ]


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
    with school:
        for listing in VisibleListing.objects.order_by("id")[:SAVED]:
            set_favorite(student=student, listing_id=listing.id, saved=True)
    region.person("district_admin")
    return {
        "schema": schema,
        "student": school.client(student),
        "coordinator": school.client(school.coordinator()),
        "teacher": school.client(teacher),
    }


def _check_same(ours: Site, plain: Site, client: Client, path: str) -> None:
    """Both name the same things: people, placements, listings."""
    named = [set(UUID.findall(site.ask(**question(client, path))[1])) for site in (ours, plain)]
    if named[0] != named[1]:
        raise RuntimeError(f"{path}: the plain way answers something else: {named}")


def _asks(site: Site, client: Client, path: str) -> Asker:
    asked = question(client, path)
    return lambda: site.ask(**asked)[0]


def _raw(client: Client, path: str, *, schema: str) -> Asker:
    """The statements of one answer, carried out again by hand in the same role."""
    client.get(path)  # the host is known now
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    statements = [
        one["sql"]
        for one in seen
        if one["sql"].startswith(("SELECT", "WITH")) and "tenants_" not in one["sql"]
    ]
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
    """Medians in milliseconds. Each is asked twice a turn and the second counts: the first has
    to get the processor's caches back from whoever had the turn before."""
    for ask in ways.values():
        ask(), ask(), ask()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _run in range(runs):
        for name, ask in ways.items():
            ask()
            times[name].append(ask())
    return {name: statistics.median(taken) for name, taken in times.items()}
