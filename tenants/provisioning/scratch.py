"""What the migrations make, in a schema nobody ever sees."""

from django.db import connections, transaction
from psycopg import sql

from tenants.context import OWNER, public_context, tenant_context
from tenants.provisioning.ddl import read_ddl
from tenants.provisioning.migrate import migrate_schema

SCRATCH = "scratch__school"  # two parts, so that it is migrated as a school is


def ddl_of_migrations() -> str:
    """The DDL of a school whose migrations have just run; rolled back, whatever happens."""
    with public_context(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCRATCH)))
        migrate_schema(schema=SCRATCH)
        with tenant_context(SCRATCH, using=OWNER), connections[OWNER].cursor() as cursor:
            text = read_ddl(cursor, schema=SCRATCH)
        transaction.set_rollback(True, using=OWNER)
    return text
