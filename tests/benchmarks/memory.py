"""What one database connection grows to while it serves many schools, and the remedy.

A student's list and journey are asked for at every school, through Django with everything
but the network, on one connection. Kept for ever (rival) beside ended after so many
different schools, as the site does. Anonymous memory of the backend that serves it.
"""

import random
import statistics
import time
from pathlib import Path

from django.db import connection
from django.test import Client

from portico.accounts.models import Person
from tenants.context import tenant_context
from tenants.names import school_schema
from tenants.provisioning.provision import provision_region, provision_school
from tenants.setup import set_up_database
from tests.benchmarks.case import Case

SCHOOLS = {"small": 100, "full": 1000}
MOST = {"small": 10, "full": 100}  # as many tenths as the site's own setting of a thousand
REGION = "memory"
ROUNDS = 2
WARM = 20


def measure(scale: str) -> list[Case]:
    set_up_database()
    provision_region(code=REGION, name="Memory")
    clients = [_school(number) for number in range(SCHOOLS[scale])]
    _visit(clients[:WARM], most=None)  # templates, files in memory: not what is measured
    kept, slow = _visit(clients, most=None)
    ended, quick = _visit(clients, most=MOST[scale])
    return [
        Case(
            case=f"a connection after {len(clients)} schools, ended after {MOST[scale]}",
            unit="MB",
            ours=ended,
            rival=kept,
            aim="≤ 0.2 × rival",
            ok=ended <= 0.2 * kept,
        ),
        Case(
            case="what that costs a request: mean of all",
            unit="ms",
            ours=quick,
            limit=slow,
            aim="≤ 1.2 × limit",
            ok=quick <= 1.2 * slow,
        ),
    ]


def _school(number: int) -> Client:
    code = f"school{number}"
    provision_school(region=REGION, code=code, name=f"School {number}")
    client = Client(SERVER_NAME=f"{code}.{REGION}.localhost")
    with tenant_context(school_schema(region=REGION, school=code)):
        student = Person.objects.create(
            email="pat@example.org",
            given_name="Pat",
            family_name="Doe",
            roles=["student"],
            grade=11,
        )
        client.force_login(student)
    return client


def _visit(clients: list[Client], *, most: int | None) -> tuple[float, float]:
    """(megabytes the connection grew to at most, milliseconds a request took)."""
    connection.close()
    connection.settings_dict["MOST_TENANTS"] = most
    chance = random.Random(1000)
    largest, took = 0.0, []
    for _round in range(ROUNDS):
        for client in chance.sample(clients, len(clients)):
            for path in ("/", "/journey/"):
                began = time.perf_counter()
                answer = client.get(path)
                took.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, answer.content[:200]
            if connection.connection is not None:
                largest = max(largest, _megabytes(connection.connection.info.backend_pid))
    return largest, statistics.fmean(took)


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not say how much memory a process has")
