"""Through PgBouncer in transaction mode, with few connections: nobody lands elsewhere.

POOLER_REQUESTS=10000 is the full measure.
"""

import os
import random
import threading
from collections import Counter

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from portico.accounts.models import Person
from portico.notices.actions import tell
from tenants.context import tenant_context
from tests.pgbouncer import CONNECTIONS, pgbouncer

REQUESTS = int(os.environ.get("POOLER_REQUESTS", "600"))
THREADS = 12
MARKS = {"met": "Zanzibar", "academy": "Quetzal", "riverdale": "Xylophone"}


@pytest.fixture
def pooler(committed_db, tmp_path):
    """The site's connections go through PgBouncer while this lasts, and are kept."""
    database = django_settings.DATABASES["default"]
    direct = {key: database[key] for key in ("HOST", "PORT", "CONN_MAX_AGE")}
    connections["default"].close()
    with pgbouncer(tmp_path, password=database["PASSWORD"]) as port:
        through = {"HOST": "127.0.0.1", "PORT": str(port), "CONN_MAX_AGE": None}
        database.update(through)
        connections["default"].settings_dict.update(through)
        try:
            yield port
        finally:
            connections["default"].close()
            database.update(direct)
            connections["default"].settings_dict.update(direct)


def _in_threads(visit) -> Counter:
    """REQUESTS visits by THREADS threads; what each saw, counted."""
    seen: Counter = Counter()
    counting = threading.Lock()

    def run(number: int) -> None:
        dice = random.Random(number)
        for _ in range(REQUESTS // THREADS):
            try:
                outcome = visit(dice)
            except Exception as error:
                outcome = repr(error)
            with counting:
                seen[outcome] += 1
        connections["default"].close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def test_every_page_is_of_its_own_school(pooler, met, academy, riverdale):
    worlds = {"met": met, "academy": academy, "riverdale": riverdale}
    clients = {}
    people = {}
    for code, world in worlds.items():
        person = world.person("student", given_name=MARKS[code])
        with world:
            tell(
                kind="owner_refused",
                person=person,
                data={"title": MARKS[code], "origin": "O", "reason": "R"},
            )
        cookies = world.client(person).cookies
        people[code], clients[code] = person, cookies

    def visit(dice: random.Random) -> str:
        code = dice.choice(list(worlds))
        client = worlds[code].client()
        client.cookies = clients[code]
        if dice.random() < 0.2:  # a write, to be found in the right school below
            answer = client.post("/language/", {"language": dice.choice(["en", "es"])})
            return "written" if answer.status_code == 302 else f"{code} {answer.status_code}"
        page = client.get("/notices/").content.decode()
        marks = {other for other, mark in MARKS.items() if mark in page}
        return "own" if marks == {code} else f"{code} saw {sorted(marks)}"

    seen = _in_threads(visit)
    assert set(seen) == {"own", "written"}, seen
    for code, world in worlds.items():
        with world:
            assert [one.given_name for one in Person.objects.all()] == [MARKS[code]]


def test_role_and_path_are_the_transactions_own(pooler):
    schemas = ["bronx__met", "bronx__academy", "bronx__riverdale", "bronx"]
    servers: set[int] = set()

    def visit(dice: random.Random) -> str:
        schema = dice.choice(schemas)
        with tenant_context(schema), connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_user, current_schemas(false), pg_backend_pid(), pg_sleep(0.001)"
            )
            user, path, server, _slept = cursor.fetchone()
        servers.add(server)
        right = user == schema and path[0] == schema
        if dice.random() < 0.3:  # and between tenants nobody is anybody
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_user")
                right = right and cursor.fetchone() == ("portico_web",)
        return "right" if right else f"{schema} was {user} in {path}"

    assert set(_in_threads(visit)) == {"right"}
    assert len(servers) <= CONNECTIONS
