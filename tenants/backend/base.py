"""The database backend: a tenant lasts a transaction.

`BEGIN`, the search path and the role travel to PostgreSQL in one round trip and are
local to the transaction, so nothing of a tenant is left on the
connection when it goes back to a pool. A query for a tenant outside a transaction
raises instead of running wherever the connection happened to be.

Use it with ENGINE = "tenants.backend". The extra key TENANT_ROLES says whether
the alias takes the tenant's role (the site's connection) or keeps its own (the
owner's connection, for migrations and provisioning); MOST_TENANTS, after how many
different tenants a connection is ended to give its memory back (none: never). REPLICA
says that the alias only reads, from a standby; NOTES_WRITES that where a commit stands in
PostgreSQL's log is noted, for whoever reads from a standby next.
"""

from functools import cache
from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql.introspection import DatabaseIntrospection, TableInfo
from django.db.transaction import TransactionManagementError
from django_tenants.postgresql_backend import base as django_tenants_backend
from psycopg import OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, Escaping, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from tenants.names import PUBLIC, search_path

REGISTRY_VERSION = b", (SELECT version FROM public.tenants_registryversion)"


# One message: has this transaction written anything, its end, and where the log is then.
COMMIT_AND_TELL = (
    "SELECT pg_current_xact_id_if_assigned() IS NOT NULL; COMMIT;"
    " SELECT pg_current_wal_insert_lsn()::text"
)


class NotReplayed(Exception):
    """The replica has not come as far as was asked, or is none (any more)."""


class SchemaIntrospection(DatabaseIntrospection):
    """Tables of the current schema only, found by namespace.

    Django's own reads every schema of the catalog: 1.9 of the 2.2 seconds a
    migration took with 2,000 schools.
    """

    def get_table_list(self, cursor: Any) -> list[TableInfo]:  # type: ignore[override]
        cursor.execute(
            """
            SELECT c.relname,
                   CASE WHEN c.relispartition THEN 'p'
                        WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END,
                   obj_description(c.oid, 'pg_class')
            FROM pg_catalog.pg_class c
            WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = %s)
              AND c.relkind IN ('f', 'm', 'p', 'r', 'v')
            """,
            [self.connection.schema_name],  # type: ignore[attr-defined]
        )
        return [TableInfo(*row) for row in cursor.fetchall()]


class DatabaseWrapper(django_tenants_backend.DatabaseWrapper):
    """Scope every transaction to `self.schema_name`; refuse tenants outside one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._connecting = False
        self._scoped_to: tuple[str, bool] | None = None
        self._met: set[str] = set()
        self.wrote_at: str | None = None  # with NOTES_WRITES: where the last write stands
        super().__init__(*args, **kwargs)
        self.introspection = SchemaIntrospection(self)

    def connect(self) -> None:
        # Connection set-up may ask the catalog questions before any tenant exists.
        self._connecting = True
        self._met.clear()
        try:
            super().connect()
        finally:
            self._connecting = False

    def savepoint_rollback(self, sid: str) -> None:
        # PostgreSQL puts path and role back to what they were at the savepoint.
        try:
            super().savepoint_rollback(sid)
        finally:
            self._scoped_to = None

    def _get_cursor_search_paths(self) -> list[str]:
        return search_path(self.schema_name, include_public=self.include_public_schema)

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or self._connecting:
            return
        connection = self.connection
        status = connection.info.transaction_status
        if status == TransactionStatus.INERROR:
            return
        if not self.in_atomic_block:
            if self.schema_name == PUBLIC:
                return  # the connection's own path and role are public's
            raise TransactionManagementError(
                f"A query for {self.schema_name} outside a transaction: "
                "use tenants.context.tenant_context()."
            )
        wanted = (self.schema_name, self.include_public_schema)
        if status == TransactionStatus.INTRANS and self._scoped_to == wanted:
            return
        self._scope_transaction(begin=status == TransactionStatus.IDLE)

    def registry_version(self) -> int | None:
        """Begin the transaction now, and say what version of the registry it finds.

        The number comes with the answer to the message that begins it, so it costs a
        request nothing but its first query's wait, a moment earlier. None inside a
        transaction that somebody else has begun: a test's.
        """
        self.ensure_connection()
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            return None
        answer = self._scope_transaction(begin=True, asking=REGISTRY_VERSION)
        return int(answer.get_value(0, answer.nfields - 1) or 0)

    def begin_reading(self, *, replayed: str) -> int:
        """Begin the transaction at a replica that has replayed the log up to *replayed*.

        The version of the registry that it finds; NotReplayed with the transaction begun.
        """
        self.ensure_connection()
        far_enough = f", pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= '{replayed}'"
        answer = self._scope_transaction(begin=True, asking=REGISTRY_VERSION + far_enough.encode())
        version, is_there = (answer.get_value(0, answer.nfields - back) or b"" for back in (2, 1))
        if is_there != b"t":
            raise NotReplayed(f"{self.alias} has not come to {replayed}")
        return int(version)

    def forget_write(self) -> None:
        """What has been written was somebody else's, before."""
        self.wrote_at = None

    def _commit(self) -> None:
        """As Django's; with NOTES_WRITES also says, in the same round trip, what was written."""
        raw = self.connection
        notes = self.settings_dict.get("NOTES_WRITES") and raw is not None
        if not notes or raw.info.transaction_status != TransactionStatus.INTRANS:
            super()._commit()
            return
        with self.wrap_database_errors, raw.cursor() as cursor:
            cursor.execute(COMMIT_AND_TELL)
            (has_written,) = cursor.fetchone()
            cursor.nextset()
            cursor.nextset()
            if has_written:
                (self.wrote_at,) = cursor.fetchone()

    def close_when_grown(self) -> None:
        """Between transactions: end a connection that has met `MOST_TENANTS` tenants.

        PostgreSQL keeps what it knows of every table a connection has touched, 0.3 MB a
        school, and only the end of the connection gives that back; docs/performance.md has
        what it grows to and what a new one costs.
        """
        most = self.settings_dict.get("MOST_TENANTS")
        if most and len(self._met) >= most and not self.in_atomic_block:
            self.close()

    def _scope_transaction(self, *, begin: bool, asking: bytes = b"") -> PGresult:
        """Say where the transaction is, and begin it in the same message; the answer.

        *asking* is one more expression to select, in the login's own right.

        Straight to libpq: as one message of the simple protocol it takes a third of the time
        of a pipeline, and a request waits for it before its first query.
        """
        raw = self.connection
        takes_role = self.settings_dict.get("TENANT_ROLES", False)
        message = _scope(self.schema_name, tuple(self._get_cursor_search_paths()), takes_role)
        message += asking
        if begin and (raw.isolation_level is not None or raw.read_only is not None):
            with self.wrap_database_errors:
                raw.execute("SELECT 1")  # psycopg knows how such a transaction begins
        elif begin:
            reads = self.settings_dict.get("REPLICA", False)
            message = (b"BEGIN READ ONLY; " if reads else b"BEGIN; ") + message
        with self.wrap_database_errors:
            result = raw.pgconn.exec_(message)
            if result.status != ExecStatus.TUPLES_OK:
                raise error_from_result(result)
        self._scoped_to = (self.schema_name, self.include_public_schema)
        self._met.add(self.schema_name)
        return result

    def is_usable(self) -> bool:
        """False once the server has hung up. Read off the socket, which asks nobody anything:
        Django's own `SELECT 1` is a round trip before every request's first query.
        """
        if self.connection is None or self.connection.closed:
            return False
        pgconn = self.connection.pgconn
        try:
            asked = poll()
            asked.register(pgconn.socket, POLLIN)
            if asked.poll(0):
                pgconn.consume_input()
        except (OperationalError, OSError):
            return False
        return bool(pgconn.status == ConnStatus.OK)


@cache
def _scope(schema: str, path: tuple[str, ...], takes_role: bool) -> bytes:
    """The statement that sets path and, of the site's connection, role for a transaction."""
    quoted = ",".join(f'"{name}"' for name in path)
    settings = {"search_path": quoted}
    if takes_role:
        settings["role"] = "none" if schema == PUBLIC else schema
    calls = (
        b"set_config('" + name.encode() + b"', " + _literal(value) + b", true)"
        for name, value in settings.items()
    )
    return b"SELECT " + b", ".join(calls)


def _literal(value: str) -> bytes:
    return b"'" + Escaping().escape_string(value.encode()) + b"'"
