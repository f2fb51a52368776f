"""A school comes from its archive: into this region or another, under this code or another.

All of it or none of it: one transaction of the owner's, and documents that are taken away
again when it does not commit.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connections
from psycopg import sql

from portico.audit.actions import record
from portico.privacy.archive import FORMAT, Contents, rows_of_csv
from portico.privacy.settling import ARRIVAL, settle_in
from portico.privacy.tables import migrations_of, tables_of
from tenants.context import OWNER, public_context, tenant_context
from tenants.errors import Refused
from tenants.ids import new_id
from tenants.models import Tenant
from tenants.names import school_schema
from tenants.provisioning.provision import SchoolFacts, provision_school

Progress = Callable[[str], None]
BETWEEN_SCHOOLS = ("owner_asked", "owner_answer")
_FACTS = SchoolFacts.__dataclass_fields__.keys()
_SETTINGS = ("time_zone", "language", "pursuit_days")


def open_archive(path: Path) -> tuple[zipfile.ZipFile, Contents]:
    """The archive and its manifest, every file checked. Refused: `broken`, `format`, `changed`."""
    try:
        zipped = zipfile.ZipFile(path)
        said = json.loads(zipped.read("manifest.json"))
        if said["format"] != FORMAT:
            raise Refused("format", f"This archive has format {said['format']}, this is {FORMAT}.")
        contents = Contents(**said)
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise Refused("broken", f"{path} is not an archive of a school.") from error
    for name, expected in contents.files.items():
        digest = hashlib.sha256()
        try:
            with zipped.open(name) as file:
                while chunk := file.read(1 << 16):
                    digest.update(chunk)
        except (KeyError, zipfile.BadZipFile) as error:
            raise Refused("changed", f"{name} is missing or damaged.") from error
        if digest.hexdigest() != expected:
            raise Refused("changed", f"{name} is not what it was.")
    return zipped, contents


def import_school(
    *, archive: Path, region: str, code: str | None = None, progress: Progress = lambda line: None
) -> tuple[Tenant, list[str]]:
    """Make the school of *archive* in *region*; the school, and what could not go on there.

    Refused: `broken`, `format`, `changed`, `release` (made by another release), `exists`,
    `no_region`.
    """
    zipped, contents = open_archive(archive)
    facts = json.loads(zipped.read("school.json"))
    code = code or facts["code"]
    schema = school_schema(region=region, school=code)
    with zipped, public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        if not Tenant.objects.using(OWNER).filter(schema_name=region, kind="region").exists():
            raise Refused("no_region", f"There is no region {region}.")
        if Tenant.objects.using(OWNER).filter(schema_name=schema).exists():
            raise Refused("exists", f"There is a school {region}/{code} already.")
        progress("schema")
        kept = SchoolFacts(**{name: facts[name] for name in _FACTS if name in facts})
        school = provision_school(region=region, code=code, name=facts["name"], facts=kept)
        settings = {name: facts[name] for name in _SETTINGS if name in facts}
        Tenant.objects.using(OWNER).filter(pk=school.pk).update(**settings)
        _load(cursor, zipped, contents, schema, progress)
        _plan_due(cursor, zipped, region=region, schema=schema)
        with tenant_context(schema, using=OWNER):
            lines = settle_in(in_use=_in_use(zipped), contacts=_contacts(zipped))
            what = {"from": contents.school, "made_at": contents.made_at, "changes": len(lines)}
            record(action="school_arrived", subject=school, actor=None, label=ARRIVAL, after=what)
        progress("attachments")
        _keep_documents(zipped, contents, schema)
    return school, lines


def _load(
    cursor: Any, zipped: zipfile.ZipFile, contents: Contents, schema: str, progress: Progress
) -> None:
    ours = migrations_of(cursor, schema=schema)
    if ours != [tuple(one) for one in contents.migrations]:
        raise Refused(
            "release",
            f"The archive was made by another release ({contents.portico}); import it there,"
            " upgrade, and export it again.",
        )
    there = {table.name: table for table in tables_of(cursor, schema=schema)}
    for name, said in contents.tables.items():
        if name not in there or not set(said["columns"]) <= {c.name for c in there[name].columns}:
            raise Refused("release", f"There is no table {name} with these columns here.")
        progress(name)
        place = sql.Identifier(schema, name)
        # what provisioning has put there of its own: the archive has the school's
        cursor.execute(sql.SQL("DELETE FROM {}").format(place))
        columns = sql.SQL(", ").join(map(sql.Identifier, said["columns"]))
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER, ENCODING 'UTF8')")
        with zipped.open(f"tables/{name}.csv") as file:
            _copy(cursor, statement.format(place, columns), file)
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(place))
        if (rows := cursor.fetchone()[0]) != said["rows"]:
            raise Refused("changed", f"{name}: {rows} rows came of {said['rows']}.")
        _number_on(cursor, schema, name)


def _in_use(zipped: zipfile.ZipFile) -> dict[str, int]:
    """Opportunity's id -> slots of it that others in the former region use."""
    rows = rows_of_csv(zipped.read("pool/released.csv").decode())
    return {row["opportunity_id"]: int(row["taken"]) for row in rows}


def _contacts(zipped: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    """Listing's id -> its mentor, of those a student of the school works at."""
    rows = rows_of_csv(zipped.read("pool/contacts.csv").decode())
    return {row["listing_id"]: row for row in rows}


def _plan_due(cursor: Any, zipped: zipfile.ZipFile, *, region: str, schema: str) -> None:
    """What fell due for the school there falls due here, except talk between schools."""
    for row in rows_of_csv(zipped.read("pool/due.csv").decode()):
        if row["kind"] not in BETWEEN_SCHOOLS:
            cursor.execute(
                sql.SQL(
                    "INSERT INTO {} (id, school, kind, subject_id, due_at, attempts)"
                    " VALUES (%s, %s, %s, %s, %s, 0) ON CONFLICT DO NOTHING"
                ).format(sql.Identifier(region, "due_duework")),
                [new_id(), schema, row["kind"], row["subject_id"], row["due_at"]],
            )


def _copy(cursor: Any, statement: sql.Composed, file: IO[bytes]) -> None:
    with cursor.copy(statement) as copy:
        while chunk := file.read(1 << 16):
            copy.write(chunk)


def _number_on(cursor: Any, schema: str, table: str) -> None:
    """New rows are numbered after the ones that came."""
    cursor.execute(
        "SELECT attname, pg_get_serial_sequence(quote_ident(%s) || '.' || quote_ident(%s), attname)"
        " FROM pg_attribute WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass"
        " AND attnum > 0 AND NOT attisdropped",
        [schema, table, schema, table],
    )
    for column, sequence in cursor.fetchall():
        if sequence is not None:
            cursor.execute(
                sql.SQL("SELECT setval({}, coalesce(max({}), 0) + 1, false) FROM {}").format(
                    sql.Literal(sequence), sql.Identifier(column), sql.Identifier(schema, table)
                )
            )


def _keep_documents(zipped: zipfile.ZipFile, contents: Contents, schema: str) -> None:
    kept: list[str] = []
    try:
        for name in contents.files:
            folder, _, document = name.partition("/")
            if folder == "attachments":
                path = f"{schema}/{document}"
                kept.append(path)
                if storages["documents"].save(path, ContentFile(zipped.read(name))) != path:
                    raise Refused("exists", f"A document {path} is there already.")
    except BaseException:
        for path in kept:
            storages["documents"].delete(path)
        raise
