"""Making a backup: every schema as of one moment, while people go on working."""

import os
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils import timezone
from psycopg import sql

from portico.backups.files import copy_files
from portico.backups.manifest import Backup, Facts
from portico.backups.programs import dump_schema
from portico.backups.region_rows import due_of, releases_of
from portico.backups.registry import hosts_of, registry_row
from tenants.context import OWNER, snapshot
from tenants.errors import Refused
from tenants.models import Tenant
from tenants.names import region_of


def make_backup(
    *,
    folder: Path,
    schemas: list[str] | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> Backup:
    """Back up *schemas* (None: everything) into *folder*, which must not hold anything yet.

    A region's name brings its schools. Refused, and nothing left in *folder*, when something
    fails on the way. Only its owner can read what is written: it is people's data.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused("not_empty", f"{folder} is not empty.")
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    before = os.umask(0o077)
    try:
        (partial / "tenants").mkdir(parents=True)
        backup = _write(partial, schemas, progress)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    finally:
        os.umask(before)
    backup.folder = folder
    return backup


def _write(folder: Path, schemas: list[str] | None, progress: Callable[[str], None]) -> Backup:
    with snapshot(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        moment, server = cursor.fetchone()
        backup = Backup(
            folder=folder,
            made_at=timezone.now().isoformat(),
            portico=version("portico"),
            server=server,
        )
        for tenant in _tenants(schemas):
            schema = tenant.schema_name
            progress(schema)
            dump_schema(schema, target=backup.dump(schema), snapshot=moment)
            backup.seal(backup.dump(schema))
            backup.write_facts(schema, _facts(cursor, tenant))
            backup.tenants.append(schema)
        progress("files")
        copy_files(backup, schemas=backup.tenants)
    backup.write()
    return backup


def _tenants(schemas: list[str] | None) -> list[Tenant]:
    found = list(
        Tenant.objects.using(OWNER)
        .exclude(kind=Tenant.Kind.PUBLIC)
        .order_by("kind", "schema_name")  # "region" comes before "school"
    )
    if schemas is not None:
        found = [
            t for t in found if t.schema_name in schemas or region_of(t.schema_name) in schemas
        ]
        if missing := set(schemas) - {tenant.schema_name for tenant in found}:
            raise Refused("not_found", f"There is no {', '.join(sorted(missing))}.")
    return found


def _facts(cursor: Any, tenant: Tenant) -> Facts:
    schema = tenant.schema_name
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    rows = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
        rows[table] = cursor.fetchone()[0]
    cursor.execute(
        sql.SQL("SELECT app, name FROM {} ORDER BY id").format(
            sql.Identifier(schema, "django_migrations")
        )
    )
    facts = Facts(
        registry=registry_row(tenant),
        hosts=hosts_of(tenant),
        migrations=cursor.fetchall(),
        rows=rows,
    )
    region = region_of(schema)
    if region is not None:
        facts.due = due_of(schema, region=region)
        facts.releases = releases_of(schema, region=region)
    return facts
