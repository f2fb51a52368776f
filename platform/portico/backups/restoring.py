"""Bringing a school or a region back: one transaction, all of it or none of it.

A school comes back into a region that goes on: its tables are loaded under a name nobody
sees, then take the place of the running ones while the school stands still for a moment. A
region comes back with all its schools; while that lasts, they stand still.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from portico.audit.actions import record
from portico.backups import registry
from portico.backups.files import put_files_back
from portico.backups.loading import load_dump
from portico.backups.manifest import Backup, Facts
from portico.backups.reconciling import reconcile_school
from portico.backups.region_rows import due_of, put_due_back, releases_of
from portico.backups.standing_still import hold_still
from portico.signin.models import Session
from tenants.context import OWNER, kind_of, public_context, tenant_context
from tenants.errors import Refused
from tenants.models import Tenant
from tenants.names import region_of
from tenants.provisioning.migrate import migrate_schema
from tenants.provisioning.roles import grant_region, grant_school

UNSEEN = "restoring__school"  # until it takes the running school's place
RESTORE = "restore"
Progress = Callable[[str], None]


@dataclass
class Restored:
    """What a restore did: rows by schema, and what it had to change in the pool."""

    rows: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def restore_school(
    *,
    backup: Backup,
    schema: str,
    dry_run: bool = False,
    progress: Progress = lambda line: None,
) -> Restored:
    """Bring school *schema* back as *backup* has it; others go on, the pool is reconciled.

    A school that is not there (any more) is made again. With *dry_run* everything is done
    and undone, so what is told is what would happen. Refused: `not_found`, `no_region`,
    `newer`, `incomplete`, `changed`, `busy`, `host_taken`, `program_failed`.
    """
    region = region_of(schema)
    if schema not in backup.tenants or region is None:
        raise Refused("not_found", f"There is no school {schema} in this backup.")
    facts = _checked(backup, [schema])[schema]
    done = Restored()
    with _restoring(backup, [schema], dry_run) as cursor:
        progress(f"loading {schema}")
        load_dump(cursor, backup.dump(schema), schema=schema, into=UNSEEN)
        done.rows[schema] = _count(cursor, UNSEEN, facts)
        progress("taking its place")
        hold_still(cursor, [schema])
        _drop(cursor, schema)
        cursor.execute(
            sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
                sql.Identifier(UNSEEN), sql.Identifier(schema)
            )
        )
        _settle(cursor, schema, facts)
        put_due_back(schema, region=region, due=facts.due)
        progress("reconciling the pool")
        done.lines = _reconcile(backup, schema, facts.releases)
        _note(schema, backup, done.lines)
        _note(region, backup, done.lines, school=schema)
    return done


def restore_region(
    *,
    backup: Backup,
    region: str,
    dry_run: bool = False,
    progress: Progress = lambda line: None,
) -> Restored:
    """Bring *region* back with every school the backup has of it.

    Schools that have joined since stay as they are; the pool is reconciled with them.
    """
    if region not in backup.tenants:
        raise Refused("not_found", f"There is no region {region} in this backup.")
    schemas = [region, *backup.schools_of(region)]
    facts = _checked(backup, schemas)
    done = Restored()
    with _restoring(backup, schemas, dry_run) as cursor:
        there = Tenant.objects.filter(region__schema_name=region)
        joined = sorted(set(there.values_list("schema_name", flat=True)) - set(schemas))
        hold_still(cursor, [*schemas, *joined])
        due = {school: due_of(school, region=region) for school in joined}
        terms = {school: releases_of(school, region=region) for school in joined}
        for schema in schemas:
            progress(schema)
            _drop(cursor, schema)
            load_dump(cursor, backup.dump(schema), schema=schema, into=schema)
            done.rows[schema] = _count(cursor, schema, facts[schema])
            _settle(cursor, schema, facts[schema])
            _note(schema, backup, [])
        for school in joined:
            progress(f"reconciling {school}")
            put_due_back(school, region=region, due=due[school])
            lines = _reconcile(backup, school, terms[school])
            _note(region, backup, lines, school=school)
            done.lines += [f"{school}: {line}" for line in lines]
    return done


@contextmanager
def _restoring(backup: Backup, schemas: list[str], dry_run: bool) -> Iterator[Any]:
    """The owner's transaction; files are put in place last, and back if it does not commit."""
    with (
        ExitStack() as with_files,
        public_context(using=OWNER),
        connections[OWNER].cursor() as cursor,
    ):
        # neither beside an upgrade nor beside another restore
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('portico set_up_database'))")
        yield cursor
        if dry_run:
            transaction.set_rollback(True, using=OWNER)
        else:
            with_files.enter_context(put_files_back(backup, schemas=schemas))


def _checked(backup: Backup, schemas: list[str]) -> dict[str, Facts]:
    """The facts of *schemas*; Refused when the backup is damaged or of a later release."""
    backup.check(schemas)
    ours = set(MigrationLoader(None).disk_migrations or ())
    found = {}
    for schema in schemas:
        facts = found[schema] = backup.facts(schema)
        unknown = {tuple(one) for one in facts.migrations} - ours
        if unknown:
            app, name = min(unknown)
            raise Refused(
                "newer", f"{schema} is of a later release ({app}.{name}); upgrade Portico first."
            )
    return found


def _count(cursor: Any, schema: str, facts: Facts) -> int:
    for table, rows in facts.rows.items():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
        (loaded,) = cursor.fetchone()
        if loaded != rows:
            raise Refused("incomplete", f"{table}: {loaded} rows came back of {rows}.")
    return sum(facts.rows.values())


def _drop(cursor: Any, schema: str) -> None:
    cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def _settle(cursor: Any, schema: str, facts: Facts) -> None:
    """What a loaded schema lacks: its row of the registry, newer migrations, rights.

    Nobody is signed in: who signed out since would be in again.
    """
    registry.put_back(schema=schema, row=facts.registry, hosts=facts.hosts)
    migrate_schema(schema=schema)
    if kind_of(schema) == "region":
        grant_region(cursor, region=schema)
    else:
        grant_school(cursor, schema=schema)
    with tenant_context(schema, using=OWNER):
        Session.objects.all().delete()


def _reconcile(backup: Backup, school: str, terms: list[dict[str, Any]]) -> list[str]:
    made_at = datetime.fromisoformat(backup.made_at)
    return reconcile_school(schema=school, made_at=made_at, releases=terms)


def _note(schema: str, backup: Backup, lines: list[str], *, school: str = "") -> None:
    """In the history of *schema*: that it, or its *school*, was restored, and each change."""
    subject = Tenant.objects.using(OWNER).get(schema_name=school or schema)
    kind = "region" if kind_of(school or schema) == "region" else "school"
    what = {"backup_of": backup.made_at, "made_by": backup.portico, "changes": len(lines)}
    with tenant_context(schema, using=OWNER):
        record(action=f"{kind}_restored", subject=subject, actor=None, label=RESTORE, after=what)
        for line in lines:
            record(
                action="pool_reconciled",
                subject=subject,
                actor=None,
                label=RESTORE,
                after={"line": line},
            )
