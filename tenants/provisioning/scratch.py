"""Schemas nobody ever sees: made, looked at, and rolled back, whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction
from psycopg import sql

from tenants.context import OWNER, public_context, tenant_context
from tenants.provisioning.ddl import read_ddl
from tenants.provisioning.migrate import migrate_schema

# No code of a region or school begins with a hyphen, so nobody's schema has such a name.
SCRATCH_REGION = "-scratch"
SCRATCH_SCHOOL = "-scratch__-scratch"  # two parts, so that it is migrated as a school is


@contextmanager
def scratch_schema(schema: str) -> Iterator[None]:
    """Run the block in the new, empty *schema* on the owner's connection; then forget it."""
    with public_context(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        with tenant_context(schema, using=OWNER):
            yield
        transaction.set_rollback(True, using=OWNER)


def ddl_of_migrations() -> str:
    """The DDL of a school whose migrations have just run."""
    with scratch_schema(SCRATCH_SCHOOL):
        migrate_schema(schema=SCRATCH_SCHOOL)
        with connections[OWNER].cursor() as cursor:
            return read_ddl(cursor, schema=SCRATCH_SCHOOL)
