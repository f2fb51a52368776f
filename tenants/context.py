"""Entering a tenant. The only way in; django-tenants' own managers are not used.

Theirs restore the tenant of another thread under load and are not re-entrant as
decorators; this one opens the transaction a tenant lasts and puts back what was.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import cast

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from psycopg import IsolationLevel

from portico.telemetry.ids import tenant
from tenants.backend.base import DatabaseWrapper
from tenants.names import PUBLIC

OWNER = "owner"  # the alias whose login owns the tables: migrations, provisioning
_alias: ContextVar[str] = ContextVar("tenants_alias", default=DEFAULT_DB_ALIAS)


@contextmanager
def tenant_context(schema: str, *, using: str | None = None) -> Iterator[None]:
    """Run the block as tenant *schema*, in a transaction (a savepoint inside one).

    Nested use of the same or another tenant is fine: the path and the role follow
    and come back. An exception rolls the block back. Queries that name no alias of their
    own go to *using* inside the block, so an action can run in the owner's transaction.
    Without *using* it is the site's own connection to the primary; inside a block that reads
    from a replica, that replica, so that a page is of one moment.
    """
    using = using or (_alias.get() if on_replica() else DEFAULT_DB_ALIAS)
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


def public_context(*, using: str | None = None) -> AbstractContextManager[None]:
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


def on_replica() -> bool:
    """True while what is asked is asked of a replica, where nothing can be written."""
    return bool(settings.DATABASES[_alias.get()].get("REPLICA"))


@contextmanager
def writing_context() -> Iterator[None]:
    """For what a page writes beside showing itself: when it was used, what was looked for.

    On a page read from a replica a short transaction of its own at the primary, kept whatever
    becomes of the page; on any other this does nothing: the page's transaction has it.
    """
    if on_replica():
        with tenant_context(current_schema(), using=DEFAULT_DB_ALIAS):
            yield
    else:
        yield


def _connection(alias: str) -> DatabaseWrapper:
    return cast(DatabaseWrapper, connections[alias])


def kind_of(schema: str) -> str:
    """`public`, `region` or `school`, from the schema's name alone."""
    if schema == PUBLIC:
        return "public"
    return "school" if "__" in schema else "region"
