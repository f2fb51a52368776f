"""Entering a tenant. The only way in; django-tenants' own managers are not used.

Theirs restore the tenant of another thread under load and are not re-entrant as
decorators; this one opens the transaction a tenant lasts and puts back what was.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import cast

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from psycopg import IsolationLevel

from portico.telemetry.ids import tenant
from tenants.backend.base import DatabaseWrapper
from tenants.names import PUBLIC

OWNER = "owner"  # the alias whose login owns the tables: migrations, provisioning
_alias: ContextVar[str] = ContextVar("tenants_alias", default=DEFAULT_DB_ALIAS)


@contextmanager
def tenant_context(schema: str, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Run the block as tenant *schema*, in a transaction (a savepoint inside one).

    Nested use of the same or another tenant is fine: the path and the role follow
    and come back. An exception rolls the block back. Queries that name no alias of their
    own go to *using* inside the block, so an action can run in the owner's transaction.
    """
    connection = _connection(using)
    previous_tenant, previous_public = connection.tenant, connection.include_public_schema
    connection.set_schema(schema, tenant_type=kind_of(schema))
    outer_alias = _alias.set(using)
    outer_tenant = tenant.set("" if schema == PUBLIC else schema)
    try:
        with transaction.atomic(using=using):
            yield
    finally:
        tenant.reset(outer_tenant)
        _alias.reset(outer_alias)
        connection.close_when_grown()
        connection.set_tenant(previous_tenant, include_public=previous_public)


def public_context(*, using: str = DEFAULT_DB_ALIAS) -> AbstractContextManager[None]:
    """Run the block in the public schema, where the registry of tenants is."""
    return tenant_context(PUBLIC, using=using)


@contextmanager
def snapshot(*, using: str) -> Iterator[None]:
    """Everything read in the block, in any tenant, is of one moment; nothing can be written.

    Not inside a transaction: PostgreSQL takes the moment when one begins.
    """
    connection = _connection(using)
    connection.ensure_connection()
    raw = connection.connection
    raw.isolation_level, raw.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with public_context(using=using):
            yield
    finally:
        raw.isolation_level = raw.read_only = None


def current_schema() -> str:
    """The schema of the tenant this thread is in; `public` when in none."""
    return _connection(_alias.get()).schema_name


def current_alias() -> str:
    """The connection the innermost tenant_context is on."""
    return _alias.get()


def _connection(alias: str) -> DatabaseWrapper:
    return cast(DatabaseWrapper, connections[alias])


def kind_of(schema: str) -> str:
    """`public`, `region` or `school`, from the schema's name alone."""
    if schema == PUBLIC:
        return "public"
    return "school" if "__" in schema else "region"
