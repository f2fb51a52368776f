"""A new school: ours whole, beside its bare DDL (limit) and django-tenants' migrate (rival).

Ours is all a school begins with: schema, tables, role, rights, host, first term, coordinator
and invitation, in one transaction. Whether the thousandth costs what the eleventh does is asked
by turns, of two databases of one server, with 1,000 schools and with 10: this machine takes
twice as long for the same DDL some minutes later. Then what so many roles cost: the first
SET ROLE of a connection reads all memberships of the site's login.
"""

import statistics
import time
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from sharing.schools import FirstPerson, add_school, remove_school
from tenants.context import OWNER
from tenants.provisioning.ddl import SCHOOL_DDL
from tenants.provisioning.provision import provision_region
from tenants.setup import set_up_database
from tests.benchmarks.case import Case
from tests.benchmarks.stock import migrate_by_stock

SCHOOLS = {"small": 100, "full": 1_000}
FEW = 10
BARE = 20  # times the limit is taken
TAKES = 9
RIVALS = 5  # migrations take seconds, and the same ones each time
TURNS = 40


def measure(scale: str) -> list[Case]:
    count = SCHOOLS[scale]
    with_many = settings.DATABASES[OWNER]["NAME"]
    few = _prepared("bench_few", region="few")
    for number in range(FEW):
        _add(number, region="few")
    many = _prepared(with_many, region="bench")
    raw = psycopg.connect(**address(OWNER), autocommit=True)
    _seconds(lambda: _bare_ddl(raw, -1))  # what is read for the first time is nobody's cost
    ours, bare, rivals = [], [], []
    for number in range(count):
        if number == FEW:
            role_of_few = _first_set_role()
        if number % (count // BARE) == 0:  # turns: a busy machine spoils all
            bare.append(_seconds(lambda n=number: _bare_ddl(raw, n)))
        if number % (count // RIVALS) == 0:
            rivals.append(migrate_by_stock(f"bench__m{number}", new=True))
        ours.append(_seconds(lambda n=number: _add(n)))
    rival = statistics.median(rivals)
    at_few, at_many = _by_turns({"few": few, "bench": many}, first=count)
    gone = statistics.median(_seconds(lambda n=n: _remove(n)) for n in range(TAKES))
    median, limit = statistics.median(ours), statistics.median(bare)
    role = _first_set_role()
    return [
        Case(
            case=f"a school whole, median of {count}",
            unit="s",
            ours=median,
            limit=limit,
            rival=rival,
            aim="≤ 2 × limit, ≤ rival / 10",
            ok=median <= 2 * limit and median <= rival / 10,
        ),
        Case(
            case=f"one more at {count} schools beside at {FEW}",
            unit="s",
            ours=at_many,
            limit=at_few,
            aim="≤ 1.3 × limit",
            ok=at_many <= 1.3 * at_few,
        ),
        Case(
            case="a school removed",
            unit="s",
            ours=gone,
            limit=limit,
            aim="≤ 2 × making it",
            ok=gone <= 2 * median,
        ),
        Case(
            case=f"first SET ROLE, {count} schools beside {FEW}",
            unit="ms",
            ours=1_000 * role,
            limit=1_000 * role_of_few,
            aim="≤ 20 ms",
            ok=role <= 0.020,
        ),
    ]


def address(alias: str) -> dict[str, object]:
    """How psycopg finds the database of *alias*."""
    parameters = connections[alias].get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return {name: parameters[name] for name in names if parameters.get(name)}


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _prepared(database: str, *, region: str) -> BaseDatabaseWrapper:
    """Make *database* with an empty region; the owner's connection to it, current from now on."""
    for alias in ("default", OWNER):
        _ = connections[alias]
        del connections[alias]  # what is made now has a connection of its own
        connections.settings[alias]["NAME"] = database
    set_up_database()
    provision_region(code=region, name="Bench")
    owner = connections[OWNER]
    owner.settings_dict = dict(owner.settings_dict)  # the other's name is written to the first
    return owner


def _by_turns(owners: dict[str, BaseDatabaseWrapper], *, first: int) -> list[float]:
    """Median seconds of one more school in each region, each by its connection."""
    times: dict[str, list[float]] = {region: [] for region in owners}
    for number in range(first, first + TURNS):
        turns = list(owners) if number % 2 else [*reversed(owners)]
        for region in turns:
            connections[OWNER] = owners[region]
            times[region].append(_seconds(lambda r=region, n=number: _add(n, region=r)))
    connections[OWNER] = owners["bench"]
    return [statistics.median(taken) for taken in times.values()]


def _add(number: int, *, region: str = "bench") -> None:
    add_school(
        region=region,
        code=f"school{number}",
        name=f"School {number}",
        coordinator=FirstPerson(given_name="Ada", family_name="Lane", email="ada@example.org"),
        inviter="The district",
    )


def _remove(number: int) -> None:
    remove_school(region="bench", code=f"school{number}")


def _bare_ddl(raw: psycopg.Connection, number: int) -> None:
    """The tables and nothing else: no registry, host, role, rights or rows."""
    schema = f'"bench__bare{number}"'
    raw.execute(
        f"BEGIN; CREATE SCHEMA {schema}; SET LOCAL search_path = {schema}, bench, public;"
        f"{SCHOOL_DDL.read_text()}; COMMIT"
    )


def _first_set_role() -> float:
    """Seconds of the first SET ROLE of a connection of the site's; median of new connections."""
    times = []
    for _ in range(TAKES):
        with psycopg.connect(**address("default"), autocommit=True) as connection:
            connection.execute("SELECT 1")
            times.append(_seconds(lambda c=connection: c.execute('SET ROLE "bench__school9"')))
    return statistics.median(times)
