"""Every row of a schema, to compare: what came back, and that nothing else moved."""

from django.db import connections
from psycopg import sql

from tenants.context import OWNER


def rows_of(schema: str, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Table -> its rows as text, sorted; without the tables of *but*."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        found = {}
        for (table,) in cursor.fetchall():
            if table not in but:
                name = sql.Identifier(schema, table)
                cursor.execute(sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(name))
                found[table] = [text for (text,) in cursor.fetchall()]
    return found
