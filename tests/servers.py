"""PostgreSQL and Valkey for the tests, started once and shared by all xdist workers.

Loaded with `-p tests.servers` (see pyproject.toml): settings read DATABASE_URL when
they are imported, which is before any conftest has its say. The servers forget
everything; TEST_DATABASE_URL and TEST_REDIS_URL name others to be used instead.
The environment's own DATABASE_URL is never touched by a test.
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico import embedded
from portico.settings.databases import WEB_LOGIN, web_password
from tests.pgbouncer import pgbouncer

POOLED = 100  # connections a database: threads that wait for each other hold one each
_running = contextlib.ExitStack()


def start_test_servers() -> tuple[str, str]:
    """The database's and the broker's URL; starts what the environment does not name."""
    # Workers are children of the process that started them: they find both named.
    wanted = {"TEST_DATABASE_URL", "TEST_REDIS_URL"}
    if not wanted <= os.environ.keys():
        folder = Path(_running.enter_context(tempfile.TemporaryDirectory(prefix="portico-tests-")))
        if "TEST_DATABASE_URL" not in os.environ:
            os.environ["TEST_DATABASE_URL"] = _running.enter_context(
                embedded.postgres(folder / "postgres", durable=False)
            )
            _running.callback(os.environ.pop, "TEST_DATABASE_URL")
        if "TEST_REDIS_URL" not in os.environ:
            os.environ["TEST_REDIS_URL"] = _running.enter_context(
                embedded.valkey(folder / "valkey")
            )
            _running.callback(os.environ.pop, "TEST_REDIS_URL")
    return os.environ["TEST_DATABASE_URL"], os.environ["TEST_REDIS_URL"]


def start_test_pooler() -> str:
    """The site's address through PgBouncer, which is started once for all workers."""
    if "TEST_WEB_DATABASE_URL" not in os.environ:
        folder = Path(_running.enter_context(tempfile.TemporaryDirectory(prefix="portico-pool-")))
        # The login is the whole server's: what sets up another database there without a pooler
        # gives it this password again.
        secret = os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
        password = web_password(secret)
        port = _running.enter_context(pgbouncer(folder, password=password, connections=POOLED))
        os.environ["TEST_WEB_DATABASE_URL"] = (
            f"postgresql://{WEB_LOGIN}:{password}@127.0.0.1:{port}/postgres"
        )
        _running.callback(os.environ.pop, "TEST_WEB_DATABASE_URL")
    return os.environ["TEST_WEB_DATABASE_URL"]


def stop_test_servers() -> None:
    """Stop what start_test_servers started, and delete its data."""
    _running.close()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    # Around pytest-django's hook of this name, which imports the settings.
    try:
        database, redis = start_test_servers()
    except embedded.StartError as error:
        raise pytest.UsageError(str(error)) from error
    early_config.add_cleanup(stop_test_servers)
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = database, redis
    os.environ.pop("WEB_DATABASE_URL", None)
    if os.environ.get("POOLER"):
        os.environ["WEB_DATABASE_URL"] = start_test_pooler()
    return (yield)
