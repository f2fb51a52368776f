"""The tables of a school's schema as PostgreSQL describes them: columns, and who refers to whom."""

from dataclasses import dataclass
from typing import Any

from psycopg import sql

# What lets somebody in, or belongs to a machine: worthless elsewhere, or dangerous there.
SECRET_TABLES = frozenset(
    {
        "accounts_linktoken",
        "accounts_apitoken",
        "accounts_idempotentrequest",
        "attendance_mentorlink",
        "documents_documentlink",
    }
)
SECRET_APPS = ("signin_", "trust_", "webhooks_", "mfa_", "socialaccount_", "usersessions_")
NO_PASSWORD = "!"  # what Django keeps for who has none
SECRET_COLUMNS = {
    ("accounts_person", "password"): NO_PASSWORD,
    ("notices_notice", "secret"): "",  # of a link, until its mail has gone
}


@dataclass(frozen=True)
class Column:
    name: str
    type: str


@dataclass(frozen=True)
class Table:
    """A table with the columns that are kept; generated ones make themselves again."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # of the primary key

    @property
    def is_secret(self) -> bool:
        return self.name in SECRET_TABLES or self.name.startswith(SECRET_APPS)


@dataclass(frozen=True)
class Reference:
    """A foreign key: rows of *table* point with *column* at *target*."""

    table: str
    column: str
    target: str


def tables_of(cursor: Any, *, schema: str) -> list[Table]:
    """Every table of *schema* but Django's own list of migrations, by name."""
    cursor.execute(
        """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
               coalesce(a.attnum = ANY(k.conkey), false)
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
        WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r'
          AND a.attgenerated = '' AND c.relname <> 'django_migrations'
        ORDER BY c.relname, a.attnum
        """,
        [f'"{schema}"'],
    )
    columns: dict[str, list[Column]] = {}
    keys: dict[str, list[str]] = {}
    for table, name, kind, is_key in cursor.fetchall():
        columns.setdefault(table, []).append(Column(name, kind))
        if is_key:
            keys.setdefault(table, []).append(name)
    return [Table(name, tuple(found), tuple(keys.get(name, ()))) for name, found in columns.items()]


def references_of(cursor: Any, *, schema: str) -> list[Reference]:
    """The foreign keys within *schema*."""
    cursor.execute(
        """
        SELECT k.conrelid::regclass::oid, t.relname, a.attname, f.relname
        FROM pg_constraint k
        JOIN pg_class t ON t.oid = k.conrelid
        JOIN pg_class f ON f.oid = k.confrelid
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND t.relnamespace = to_regnamespace(%s)
        ORDER BY t.relname, a.attname
        """,
        [f'"{schema}"'],
    )
    return [Reference(table, column, target) for _oid, table, column, target in cursor.fetchall()]


def migrations_of(cursor: Any, *, schema: str) -> list[tuple[str, str]]:
    """(app, name) of what has been applied to *schema*."""
    cursor.execute(
        sql.SQL("SELECT app, name FROM {} ORDER BY app, name").format(
            sql.Identifier(schema, "django_migrations")
        )
    )
    return [tuple(row) for row in cursor.fetchall()]
