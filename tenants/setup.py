"""Bringing a database up to date: roles, public, regions, schools, grants. Repeatable."""

from collections.abc import Callable
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from tenants.context import OWNER, public_context, tenant_context
from tenants.models import Tenant
from tenants.provisioning import roles
from tenants.provisioning.migrate import migrate_schema

PUBLIC_SQL = Path(__file__).parent / "provisioning" / "sql" / "public.sql"
Progress = Callable[[str], None]


def set_up_database(*, progress: Progress = lambda line: None) -> None:
    """Make or bring up to date everything in the database, from the owner's connection.

    *progress* gets one short English line a step. Safe to run at every start and by
    several processes at once (an advisory lock lines them up).
    """
    ensure_database_exists()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('portico set_up_database'))")
    try:
        progress("shared schema")
        _set_up_public()
        with public_context(using=OWNER):
            tenants = list(
                Tenant.objects.using(OWNER)
                .exclude(kind=Tenant.Kind.PUBLIC)
                .order_by("kind", "schema_name")  # "region" comes before "school"
                .values_list("kind", "schema_name")
            )
        for kind, schema in tenants:
            progress(f"{kind} {schema}")
            _set_up_tenant(kind=kind, schema=schema)
    finally:
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('portico set_up_database'))")


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


def _set_up_tenant(*, kind: str, schema: str) -> None:
    migrate_schema(schema=schema)
    with tenant_context(schema, using=OWNER), connections[OWNER].cursor() as cursor:
        if kind == Tenant.Kind.REGION:
            roles.grant_region(cursor, region=schema)
        else:
            roles.grant_school(cursor, schema=schema)
