"""A school's whole data in one zip that can be read without the portal.

README.txt                what lies where
manifest.json             format, release, moment, tables with their columns, rows and hashes
school.json               the school's row of the registry
tables/accounts_person.csv, …
pool/released.csv, pool/holds.csv   what the region keeps in the school's name
pool/contacts.csv         mentors of the listings a student of the school works at now
attachments/<id>.pdf, …   documents, named as in tables/documents_document.csv
"""

import csv
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from django.db import connections
from django.utils import timezone
from psycopg import sql

from portico.backups.registry import registry_row
from portico.documents.files import files_of, path_of, storage
from portico.privacy.tables import SECRET_COLUMNS, Table, migrations_of, tables_of
from tenants.context import OWNER, snapshot
from tenants.errors import Refused
from tenants.models import Tenant
from tenants.names import region_of

FORMAT = 1
README = """{name}: all data of the school, as of {made_at} (UTC).

tables/       a CSV a table, UTF-8, with a header; an empty field is NULL, "" an empty text.
              manifest.json names every column's type. Times are UTC.
pool/         what the region held in the school's name: its releases, its slots at listings of
              others, the mentors of those, and what was to fall due.
attachments/  documents, named by their id in tables/documents_document.csv.
school.json   the school as the region's register had it.

{secrets}
These are records of minors (FERPA, 34 CFR part 99): keep them where only those may read them
who have a reason to.
"""
WITHOUT = "Passwords, second factors, sign-ins, links and tokens are not in here."
WITH = "Passwords (hashed), second factors, links and tokens ARE in here, so that people can go on."


@dataclass
class Contents:
    """manifest.json. `files`: path -> its SHA-256; `tables`: name -> its columns and rows."""

    school: str
    made_at: str
    portico: str
    migrations: list[tuple[str, str]]
    has_secrets: bool
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """Writes files into the zip and remembers their hashes."""

    def __init__(self, zipped: zipfile.ZipFile, contents: Contents) -> None:
        self._zip = zipped
        self.contents = contents

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
        self.contents.files[name] = digest.hexdigest()

    def add_text(self, name: str, text: str) -> None:
        self.add(name, [text.encode()])


def export_school(
    *,
    schema: str,
    target: Path,
    with_secrets: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> Contents:
    """Write everything of school *schema*, as of one moment, into the new file *target*.

    Readable by its owner only. Refused: `not_found`, `exists`.
    """
    with snapshot(using=OWNER), connections[OWNER].cursor() as cursor:
        return write_archive(
            cursor, schema=schema, target=target, with_secrets=with_secrets, progress=progress
        )


def write_archive(
    cursor: Any,
    *,
    schema: str,
    target: Path,
    with_secrets: bool,
    progress: Callable[[str], None] = lambda line: None,
) -> Contents:
    """The same within a transaction of the owner's that is open: it decides of what moment."""
    school = Tenant.objects.using(OWNER).filter(schema_name=schema, kind="school").first()
    if school is None:
        raise Refused("not_found", f"There is no school {schema}.")
    if target.exists():
        raise Refused("exists", f"{target} exists; nothing is written over.")
    contents = Contents(
        school=schema,
        made_at=timezone.now().isoformat(),
        portico=version("portico"),
        migrations=migrations_of(cursor, schema=schema),
        has_secrets=with_secrets,
    )
    partial = target.with_name(f".{target.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped,
        ):
            _write(cursor, Writer(zipped, contents), school, progress)
            zipped.writestr("manifest.json", json.dumps(asdict(contents), indent=1) + "\n")
        partial.rename(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return contents


def _write(cursor: Any, writer: Writer, school: Tenant, progress: Callable[[str], None]) -> None:
    schema, contents = school.schema_name, writer.contents
    secrets = WITH if contents.has_secrets else WITHOUT
    writer.add_text(
        "README.txt", README.format(name=school.name, made_at=contents.made_at, secrets=secrets)
    )
    writer.add_text("school.json", json.dumps(registry_row(school), indent=1))
    for table in tables_of(cursor, schema=schema):
        if table.is_secret and not contents.has_secrets:
            continue
        progress(table.name)
        statement = _select(schema, table, with_secrets=contents.has_secrets)
        writer.add(f"tables/{table.name}.csv", _copied(cursor, statement))
        cursor.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table.name))
        )
        contents.tables[table.name] = {
            "columns": {column.name: column.type for column in table.columns},
            "rows": cursor.fetchone()[0],
        }
    progress("the pool")
    region = region_of(schema)
    assert region is not None
    for name, (table_name, column) in {
        "released": ("sharing_poollisting", "origin_schema"),
        "holds": ("sharing_hold", "school"),
        "due": ("due_duework", "school"),
    }.items():
        statement = sql.SQL("SELECT * FROM {} WHERE {} = {} ORDER BY id").format(
            sql.Identifier(region, table_name), sql.Identifier(column), sql.Literal(schema)
        )
        writer.add(f"pool/{name}.csv", _copied(cursor, statement))
    writer.add("pool/contacts.csv", _copied(cursor, _contacts(schema, region)))
    progress("attachments")
    for document_id in files_of(schema):
        path = path_of(schema=schema, document_id=document_id)
        with storage().open(path, "rb") as document:
            writer.add(f"attachments/{document_id}", _chunks(document))


def rows_of_csv(text: str) -> list[dict[str, str]]:
    """The rows of one of the archive's tables, for who reads it without the portal."""
    return list(csv.DictReader(io.StringIO(text)))


def _select(schema: str, table: Table, *, with_secrets: bool) -> sql.Composed:
    columns = [
        sql.SQL("{} AS {}").format(
            sql.Literal(SECRET_COLUMNS[table.name, column.name]), sql.Identifier(column.name)
        )
        if not with_secrets and (table.name, column.name) in SECRET_COLUMNS
        else sql.Identifier(column.name)
        for column in table.columns
    ]
    order = sql.SQL(", ").join(map(sql.Identifier, table.key)) if table.key else sql.SQL("1")
    return sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
        sql.SQL(", ").join(columns), sql.Identifier(schema, table.name), order
    )


def _contacts(schema: str, region: str) -> sql.Composed:
    """Contacts the school may see, as row-level security would let it: while it holds a slot."""
    return sql.SQL(
        "SELECT c.* FROM {} c WHERE EXISTS (SELECT 1 FROM {} h WHERE h.listing_id = c.listing_id"
        " AND h.school = {} AND (h.until IS NULL OR h.until > clock_timestamp()))"
        " ORDER BY c.listing_id"
    ).format(
        sql.Identifier(region, "sharing_mentorcontact"),
        sql.Identifier(region, "sharing_hold"),
        sql.Literal(schema),
    )


def _copied(cursor: Any, statement: sql.Composed) -> Iterable[bytes]:
    cursor.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'")
    with cursor.copy(
        sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER, ENCODING 'UTF8')").format(statement)
    ) as copy:
        for chunk in copy:
            yield bytes(chunk)


def _chunks(file: IO[bytes]) -> Iterable[bytes]:
    while chunk := file.read(1 << 16):
        yield chunk
