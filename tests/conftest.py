"""Fixtures every test may use: a database with one region and three schools, a world.

The database is made once a worker, through the real set-up and provisioning. `db`
(pytest-django's) rolls a test back; `committed_db` is for threads, workers and
browsers: what they commit is emptied afterwards, the tenants stay.
"""

import gc
import os
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIServer

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from psycopg import sql

from tenants.context import OWNER
from tests.world import Region, School

pytest_plugins = ["tests.browser"]
SCHOOLS = {"met": "The Met High School", "academy": "Bronx Academy", "riverdale": "Riverdale Tech"}
REGION = "bronx"


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Make the worker's own database: public, region `bronx`, three schools."""
    from tenants.provisioning.provision import SchoolFacts, provision_region, provision_school
    from tenants.setup import set_up_database

    name = f"test_portico_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    _use_database(name)
    _drop_database(name)
    with django_db_blocker.unblock():
        set_up_database()
        provision_region(code=REGION, name="Bronx")
        for code, school in SCHOOLS.items():
            provision_school(
                region=REGION,
                code=code,
                name=school,
                facts=SchoolFacts(short_name=code[:3].title(), latitude=40.82, longitude=-73.92),
            )
        connections[OWNER].close()
        connections["default"].close()
    yield
    with django_db_blocker.unblock():
        for alias in ("default", OWNER):
            connections[alias].close()


def _use_database(name: str) -> None:
    for alias in ("default", OWNER):
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def _drop_database(name: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as owner:
        owner.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


@pytest.fixture(scope="module")
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A copy of the worker's database for all tests of a module that commit to it.

    For those that make many schools: to drop a database takes no time, to drop their schemas does.
    """
    from tenants.hosts import forget_hosts

    ours = settings.DATABASES[OWNER]["NAME"]
    copy = f"{ours}_copy"
    with django_db_blocker.unblock():
        connections.close_all()  # who is connected keeps a database from being copied
        _use_database(copy)
        _drop_database(copy)
        with psycopg.connect(
            os.environ["DATABASE_URL"], dbname="postgres", autocommit=True
        ) as owner:
            owner.execute(  # a pooler's, that nobody uses
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [ours]
            )
            owner.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(copy), sql.Identifier(ours)
                )
            )
        try:
            yield
        finally:
            _use_database(ours)
            _drop_database(copy)
            forget_hosts()
            cache.clear()


@pytest.fixture(autouse=True)
def _empty_caches() -> Iterator[None]:
    from tenants.hosts import forget_hosts

    yield
    forget_hosts()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real commits, for tests with threads or a browser; the tenants' tables are emptied after."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            connections["default"].close()
            _empty_tenants()
            connections[OWNER].close()
            cache.clear()


def _empty_tenants() -> None:
    """Truncate every table of the region and its schools, except what migrations wrote."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname LIKE %s AND tablename <> 'django_migrations'",
            [f"{REGION}%"],
        )
        tables = [sql.Identifier(*row) for row in cursor.fetchall()]
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(tables)))


@pytest.fixture
def met() -> School:
    """Alice's school."""
    return School("bronx__met")


@pytest.fixture
def academy() -> School:
    """Charlie's school: another one of the same region."""
    return School("bronx__academy")


@pytest.fixture
def riverdale() -> School:
    return School("bronx__riverdale")


@pytest.fixture
def bronx() -> Region:
    """The region of all three."""
    return Region("bronx")


class Site:
    """A running site for browsers; `url(world, path)` is an address at a tenant's host."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, world: Any, path: str = "/") -> str:
        return f"http://{world.host}:{self.port}{path}"


@pytest.fixture
def site(committed_db: None, settings: Any) -> Iterator[Site]:
    """The real WSGI application on a free port of this machine, with built styles."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    from portico.web.build_assets import main as build_assets

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Requests are not the test's output."""

    assert build_assets([]) == 0, "the styles could not be built"
    server: WSGIServer = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, allow_reuse_address=False)
    server.set_app(get_wsgi_application())
    settings.PUBLIC_PORT = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(server.server_port)
    server.shutdown()
    server.server_close()
    thread.join()
