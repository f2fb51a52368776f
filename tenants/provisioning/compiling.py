"""What a schema's waiting migrations do, worked out once for all schools that wait for the same.

Django plans, renders its models and asks the catalog anew for each schema: half a second
and more. Here its migrations run once, in a scratch schema brought to the state the schools
are in, and every statement is written down; a school then gets the text. A migration that
runs Python (RunPython) is kept as it is and run by Django in every school.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from psycopg import sql

from tenants.context import OWNER, kind_of
from tenants.provisioning.scratch import scratch_schema

Applied = frozenset[tuple[str, str]]  # (app label, name)

# What a migration wrote is checked before the next one alters the same table, which
# PostgreSQL refuses while checks are pending.
CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE;\nSET CONSTRAINTS ALL DEFERRED"


class NotReplayable(Exception):
    """A migration that cannot be applied in one transaction with the others."""


@dataclass(frozen=True)
class SqlStep:
    """The statements of a migration, as they ran."""

    name: str
    statements: tuple[str, ...]

    def __str__(self) -> str:
        return "\n;\n".join((f"-- {self.name}\n{self.statements[0]}", *self.statements[1:]))


class PythonStep:
    """A migration that only Django can run: its operations, with the models before and after."""

    def __init__(self, migration: Migration, state: ProjectState) -> None:
        self.migration = migration
        self.operations: list[tuple[Operation, ProjectState, ProjectState]] = []
        for operation in migration.operations:
            # Rendered whole now; RunPython would do it again in each school.
            state.clear_delayed_apps_cache()
            state.is_delayed = False
            _ = state.apps
            before, state = state, state.clone()
            operation.state_forwards(migration.app_label, state)
            self.operations.append((operation, before, state))
        self.state = state

    def run(self) -> None:
        """What Migration.apply does, in the schema the owner's connection is in."""
        with connections[OWNER].schema_editor() as editor:
            for operation, before, after in self.operations:
                operation.database_forwards(self.migration.app_label, editor, before, after)

    def __str__(self) -> str:
        return f"-- {_name(self.migration)} runs Python"


@dataclass(frozen=True)
class Script:
    """What brings a schema from one set of applied migrations up to date, in order.

    *record* is the statement that says they are applied; *made* are the tables and views
    that have no rights yet.
    """

    migrations: tuple[str, ...]
    steps: tuple[SqlStep | PythonStep, ...]
    record: str
    made: frozenset[str]

    def __str__(self) -> str:
        return "\n;\n".join([*map(str, self.steps), self.record])


def known_migrations() -> Applied:
    """What has to be applied in every schema, by the files of this release."""
    return frozenset(MigrationLoader(None).graph.nodes)


def apps_of(kind: str) -> set[str]:
    """Labels of the apps whose tables are made in a *kind* of schema."""
    return {app.rpartition(".")[2] for app in settings.TENANT_TYPES[kind]["APPS"]}


def compile_script(*, schema: str, applied: Applied) -> Script:
    """Work out what a schema with *applied* migrations lacks.

    *schema* is the name of the scratch schema: it decides by its form whether a region's or
    a school's tables are made, and a school's in which region. Nothing is left behind.
    NotReplayable when a migration asks for no transaction.
    """
    missing = sorted(known_migrations() - applied)
    if not any(app in apps_of(kind_of(schema)) for app, _name in missing):
        # Rows for the tables of other kinds of schema; Django wants to see them everywhere.
        names = tuple(f"{app}.{name}" for app, name in missing)
        return Script(names, steps=(), record=_insert(missing), made=frozenset())
    connection = connections[OWNER]
    with scratch_schema(schema):
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for app, name in sorted(applied):
            recorder.record_applied(app, name)
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        leaves = executor.loader.graph.leaf_nodes()
        state = executor.loader.project_state([])
        for migration in _there(executor, leaves):
            with connection.schema_editor() as editor:
                state = migration.apply(state, editor)
        waiting = [migration for migration, _backwards in executor.migration_plan(leaves)]
        _refuse_without_transaction(waiting)
        relations = _relations(schema)
        steps = _record(executor, waiting, state, schema=schema)
        executor.check_replacements()
        rows = sorted(recorder.applied_migrations().keys() - applied)
        return Script(
            migrations=tuple(_name(migration) for migration in waiting),
            steps=tuple(steps),
            record=_insert(rows),
            made=frozenset(name for _oid, name in _relations(schema) - relations),
        )


class RecordingEditor(DatabaseSchemaEditor):
    """Does what Django's own does, and keeps the statements."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements: list[str] = []

    def execute(self, sql: Any, params: Any = ()) -> None:
        text = str(sql)
        if params is not None:
            text = self.connection.ops.compose_sql(text, params)
        self.statements.append(text)
        super().execute(text, None)


def _there(executor: MigrationExecutor, leaves: Any) -> Iterable[Migration]:
    """The migrations that are applied already, in the order of a new schema."""
    done = executor.loader.applied_migrations
    for migration, _backwards in executor.migration_plan(leaves, clean_start=True):
        if (migration.app_label, migration.name) in done:
            yield migration


def _record(
    executor: MigrationExecutor, waiting: list[Migration], state: ProjectState, *, schema: str
) -> list[SqlStep | PythonStep]:
    steps: list[SqlStep | PythonStep] = []
    here = apps_of(kind_of(schema))
    for migration in waiting:
        _ = state.apps  # rendered now, else each operation renders its own
        if migration.app_label in here and not _is_sql(migration.operations):
            step = PythonStep(migration, state)
            step.run()
            state = step.state
            steps.append(step)
        else:
            with RecordingEditor(connections[OWNER]) as editor:
                state = migration.apply(state, editor)
            if any(schema in statement for statement in editor.statements):
                raise NotReplayable(f"{_name(migration)} names the schema it runs in")
            if editor.statements:
                steps.append(SqlStep(_name(migration), tuple(editor.statements)))
        executor.record_migration(migration)  # type: ignore[call-arg, arg-type] # stubs are old
    return steps


def _is_sql(operations: Collection[Operation]) -> bool:
    return all(
        _is_sql(operation.database_operations)
        if isinstance(operation, SeparateDatabaseAndState)
        else operation.reduces_to_sql
        for operation in operations
    )


def _refuse_without_transaction(waiting: list[Migration]) -> None:
    for migration in waiting:
        if not migration.atomic:
            raise NotReplayable(
                f"{_name(migration)} has atomic = False; a schema is migrated in one transaction"
            )


def _relations(schema: str) -> set[tuple[int, str]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relkind IN ('r', 'v')",
            [schema],
        )
        return set(cursor.fetchall())


def _insert(rows: list[tuple[str, str]]) -> str:
    values = sql.SQL(", ").join(
        sql.SQL("({}, {}, now())").format(sql.Literal(app), sql.Literal(name)) for app, name in rows
    )
    statement = sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES {}")
    return statement.format(values).as_string(None)


def _name(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"
