"""A change of the registry, made anywhere, counts in every process from its next request on."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tenants import hosts
from tenants.context import OWNER, public_context
from tenants.hosts import forget_hosts, known_host
from tenants.middleware import TenantMiddleware
from tenants.models import RegistryVersion
from tenants.provisioning.provision import provision_school, remove_school
from tests.running_site import ROOT, production

# Another process of the site: answers to each host it is asked on, a line each.
OTHER = """
import json, sys
import django
django.setup()
from django.test import Client
for host in sys.stdin:
    answer = Client().get("/sign-in/", headers={"host": host.strip()})
    print(json.dumps([answer.status_code, answer.content.decode()]), flush=True)
"""


@contextmanager
def owner() -> Iterator["psycopg.Connection[Any]"]:
    """The database by a connection that knows nothing of Django."""
    login = settings.DATABASES[OWNER]
    with psycopg.connect(
        host=login["HOST"],
        port=login["PORT"],
        user=login["USER"],
        password=login["PASSWORD"],
        dbname=login["NAME"],
    ) as raw:
        yield raw


def change(statement: str) -> None:
    with owner() as raw:
        raw.execute(statement)  # type: ignore[arg-type]


def version() -> int:
    with public_context():
        return RegistryVersion.objects.get().version


@contextmanager
def school_of_its_own(code: str) -> Iterator[str]:
    """A school for one test; its host."""
    provision_school(region="bronx", code=code, name="Newcomer High")
    yield f"{code}.bronx.localhost"
    with owner() as raw:
        there = raw.execute("SELECT 1 FROM tenants_tenant WHERE code = %s", [code]).fetchone()
    if there:
        remove_school(schema=f"bronx__{code}")


@pytest.fixture
def newcomer(committed_db: None) -> Iterator[str]:
    with school_of_its_own("newcomer") as host:
        yield host


@pytest.fixture
def outcast(committed_db: None) -> Iterator[str]:
    """For tests that touch its role, which the databases of all workers share."""
    with school_of_its_own(f"outcast{os.environ.get('PYTEST_XDIST_WORKER', '')}") as host:
        yield host


def visit(host: str) -> tuple[int, str]:
    answer = Client().get("/sign-in/", headers={"host": host})
    return answer.status_code, answer.content.decode()


def test_another_process_sees_what_this_one_changes(newcomer: str, tmp_path: Any) -> None:
    command = [sys.executable, "-c", OTHER]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=production(tmp_path, DJANGO_SETTINGS_MODULE="tests.production"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout

        def ask(host: str) -> tuple[int, str]:
            assert process.stdin
            assert process.stdout
            print(host, file=process.stdin, flush=True)
            status, text = json.loads(process.stdout.readline())
            return status, text

        try:
            status, page = ask(newcomer)
            assert status == 200
            assert "Newcomer High" in page
            change("UPDATE tenants_tenant SET name = 'Latecomer High' WHERE code = 'newcomer'")
            assert "Latecomer High" in ask(newcomer)[1]
            change(
                "UPDATE tenants_domain SET domain = 'late.bronx.localhost'"
                f" WHERE domain = '{newcomer}'"
            )
            assert ask(newcomer)[0] == 404
            assert ask("late.bronx.localhost")[0] == 200
            remove_school(schema="bronx__newcomer")
            assert ask("late.bronx.localhost")[0] == 404
            assert ask("bronx.localhost")[0] == 200
        finally:
            process.stdin.close()
            process.kill()


@pytest.mark.parametrize(
    ("column", "value"),
    [("color", "'#123456'"), ("time_zone", "'America/Denver'"), ("name", "'Other'")],
)
def test_what_is_known_is_renewed_before_the_view_is_asked(
    newcomer: str, column: str, value: str
) -> None:
    seen = []

    def view(request: Any) -> HttpResponse:
        seen.append(getattr(request.tenant, column))
        return HttpResponse()

    middleware = TenantMiddleware(view)
    request = RequestFactory().get("/", headers={"host": newcomer})
    middleware(request)
    change(f"UPDATE tenants_tenant SET {column} = {value} WHERE code = 'newcomer'")
    middleware(request)
    assert seen[0] != seen[1] == value.strip("'")


def test_a_known_host_costs_no_statement(newcomer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "KEEP_SECONDS", 3600)  # a slow machine is no reason to ask
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    middleware = TenantMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/", headers={"host": newcomer})
    with connection.execute_wrapper(note):
        for _ in range(10_000):
            known_host(newcomer)
        for _ in range(200):
            middleware(request)
    assert len(asked) == 1
    assert "tenants_registryversion" in asked[0]


def test_a_tenant_whose_role_is_gone_with_it_is_not_there(outcast: str) -> None:
    assert visit(outcast)[0] == 200
    role = f"bronx__{outcast.partition('.')[0]}"
    remove_school(schema=role)
    change(f'REVOKE bronx_schools FROM "{role}"')
    change(f'DROP ROLE "{role}"')
    assert visit(outcast)[0] == 404


def test_a_tenant_that_is_registered_and_not_there_is_an_error(outcast: str) -> None:
    role = f"bronx__{outcast.partition('.')[0]}"
    change(f"REVOKE {role} FROM {settings.DATABASES['default']['USER']}")
    with pytest.raises(RuntimeError, match=f"{role} is registered"):
        visit(outcast)


def test_a_transaction_counts_once_and_only_when_it_is_committed(newcomer: str) -> None:
    before = version()
    with owner() as raw:
        raw.execute("UPDATE tenants_tenant SET city = 'a'")
        raw.execute("UPDATE tenants_tenant SET city = 'b'")
        assert version() == before
    assert version() == before + 1
    with owner() as raw:
        raw.execute("UPDATE tenants_tenant SET city = ''")
        raw.rollback()
    assert version() == before + 1


def test_two_that_change_the_registry_do_not_wait_for_each_other(newcomer: str) -> None:
    """Only while one commits; a long one, such as a restore, holds nobody up."""
    before = version()
    with owner() as long, owner() as short:
        long.execute("UPDATE tenants_tenant SET city = 'long' WHERE code = 'met'")
        short.execute("SET LOCAL lock_timeout = '2s'")
        short.execute("UPDATE tenants_tenant SET city = 'short' WHERE code = 'newcomer'")
        short.commit()
        assert version() == before + 1
    assert version() == before + 2
    change("UPDATE tenants_tenant SET city = '' WHERE code = 'met'")


def test_what_was_read_while_a_change_was_under_way_is_read_again(newcomer: str) -> None:
    with owner() as raw:
        raw.execute("UPDATE tenants_tenant SET name = 'Renamed' WHERE code = 'newcomer'")
        forget_hosts()
        assert "Newcomer High" in visit(newcomer)[1]  # the truth, until it is committed
    assert "Renamed" in visit(newcomer)[1]


def test_threads_that_renew_at_once_all_see_the_change(newcomer: str) -> None:
    visit(newcomer)
    change("UPDATE tenants_tenant SET name = 'Renamed' WHERE code = 'newcomer'")
    start, pages = threading.Barrier(4), []

    def run() -> None:
        start.wait()
        pages.append(visit(newcomer)[1])
        connections["default"].close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([page for page in pages if "Renamed" in page]) == 4


def test_a_registry_that_went_back_is_read_again(newcomer: str) -> None:
    """A restore to a point in time, or a lost primary, takes the version back."""
    change("UPDATE tenants_tenant SET city = 'of today' WHERE code = 'newcomer'")
    visit(newcomer)
    there = version()
    try:
        with owner() as raw:
            raw.execute("UPDATE tenants_tenant SET name = 'Earlier High' WHERE code = 'newcomer'")
        change(f"UPDATE tenants_registryversion SET version = {there - 2}")
        assert "Earlier High" in visit(newcomer)[1]
        assert "Earlier High" in visit(newcomer)[1]
    finally:  # what others know is of no number that comes again
        change(f"UPDATE tenants_registryversion SET version = {there + 1}")


def test_whatever_nobody_compares_is_kept_for_a_while(
    newcomer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = known_host(newcomer)
    assert known_host(newcomer) is first
    monkeypatch.setattr(hosts, "KEEP_SECONDS", -1)
    forget_hosts()
    assert known_host(newcomer) is not known_host(newcomer)


def test_host_names_made_up_leave_nothing_behind(committed_db: None) -> None:
    assert visit("nobody.bronx.localhost")[0] == 404
    assert "nobody.bronx.localhost" not in hosts._known
