"""Bringing a database up to date: roles, public, regions, schools, grants. Repeatable."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from tenants.context import OWNER, public_context
from tenants.provisioning import roles
from tenants.provisioning.migrate import migrate_schema
from tenants.provisioning.rollout import Summary, TenantsBehind, migrate_tenants

PUBLIC_SQL = Path(__file__).parent / "provisioning" / "sql" / "public.sql"
Progress = Callable[[str], None]


def set_up_database(*, only: str = "*", progress: Progress = lambda line: None) -> Summary:
    """Make or bring up to date everything in the database, from the owner's connection.

    *only* leaves out schools whose schema does not match it (`bronx__*`). *progress* gets
    one short English line a step. Safe to run at every start, while the site is used, and by
    several processes at once (they line up). TenantsBehind when some tenants failed, after
    all others are done; what is done stays done.
    """
    ensure_database_exists()
    with _one_at_a_time():
        progress("shared schema")
        _set_up_public()
        summary = migrate_tenants(only=only, progress=progress)
    if not summary.is_good:
        raise TenantsBehind(summary)
    return summary


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the lock of whoever sets up, on a connection of its own."""
    own = connections[OWNER].copy()
    with own.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('portico set_up_database'))")
    try:
        yield
    finally:
        own.close()


def ensure_database_exists() -> None:
    """Create the owner's database when the server does not have it yet."""
    name = settings.DATABASES[OWNER]["NAME"]
    parameters = connections[OWNER].get_connection_params()
    wanted = {
        key: parameters[key] for key in ("user", "password", "host", "port") if parameters.get(key)
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **wanted) as connection:
        row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if row is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(name)
                )
            )


def _set_up_public() -> None:
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(PUBLIC_SQL.read_text())
    migrate_schema(schema="public")
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        roles.ensure_web_login(cursor)
        roles.grant_public(cursor)
