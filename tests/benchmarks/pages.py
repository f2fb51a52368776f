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

A connection knows the one school that is asked again and again. What one that it has not met
costs, and that it is ended after some, is the last case: the simple page at all schools.
"""

import json
import random
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from django.test import Client

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
RUNS = {"small": 20, "full": 60}  # even: see _in_turn
ASKS = 3  # a turn: the last one counts
ROUNDS = 3  # over all schools
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
                "raw": _raw(ours, in_many[who], path, schema=in_many["schema"]),
            }
            took = _in_turn(ways, runs=RUNS[scale])
            cases += _cases(name, took, many=many, is_simple=is_simple)
    return [*cases, _spread(many)]


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


def _spread(many: int) -> Case:
    """A simple page at many schools, a process that asks them all beside one that asks few."""
    chance, ways = random.Random(1000), {"many": many, "few": FEW}
    times: dict[str, list[float]] = {name: [] for name in ways}
    with (
        serving("tests.benchmarks.site_settings") as at_many,
        serving("tests.benchmarks.site_settings") as at_few,
    ):
        sites = {"many": at_many, "few": at_few}

        def ask(name: str, number: int) -> float:
            host = f"school{number}.{name}.localhost"
            return sites[name].ask(host=host, path="/terms/", cookie="")[0]

        for name, schools in ways.items():
            for number in range(schools):
                ask(name, number)  # each host is looked up once
        for _round in range(ROUNDS):
            numbers = chance.sample(range(many), many)
            for part in (numbers[at : at + FEW] for at in range(0, many, FEW)):
                times["many"] += [ask("many", number) for number in part]
                times["few"] += [ask("few", number) for number in chance.sample(range(FEW), FEW)]
    took = {name: statistics.fmean(taken) for name, taken in times.items()}
    return Case(
        case=f"a simple page, mean of all, at {many:,} schools by turns beside at {FEW}",
        unit="ms",
        ours=took["many"],
        limit=took["few"],
        aim="shown",
        ok=True,
    )


def _raw(site: Site, client: Client, path: str, *, schema: str) -> Asker:
    """The statements of one answer, carried out again by hand in the same role."""
    statements = [
        one
        for one in site.statements(**question(client, path))
        if one.startswith(("SELECT", "WITH")) and "tenants_" not in one
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
    """Medians in milliseconds. Each is asked a few times a turn and the last one counts: the
    first has to get the processor's caches back from whoever had the turn before. One process
    serves many schools and few, and the first of the two follows a stranger, which makes a
    simple page a fifth slower: so they are first by turns.
    """
    for ask in ways.values():
        ask(), ask(), ask()
    times: dict[str, list[float]] = {name: [] for name in ways}
    first, second, *others = ways
    for run in range(runs):
        for name in (second, first, *others) if run % 2 else (first, second, *others):
            for _again in range(ASKS - 1):
                ways[name]()
            times[name].append(ways[name]())
    return {name: statistics.median(taken) for name, taken in times.items()}
