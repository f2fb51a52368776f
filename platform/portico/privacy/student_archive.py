"""Everything a school has about one student, for the student, the parents or the next school.

FERPA gives parents and students over 18 the right to see their records (34 CFR 99.10).
The student's own row, all that points at it, all that points at that, and so on; and what
history says of any of it.
"""

import json
import os
import zipfile
from pathlib import Path
from typing import IO, Any

from django.db import connections
from psycopg import sql

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.documents.files import files_of, path_of, storage
from portico.privacy.tables import SECRET_COLUMNS, references_of, tables_of
from tenants.context import OWNER, snapshot, tenant_context
from tenants.errors import Refused

PEOPLE = "accounts_person"
Rows = dict[str, list[dict[str, Any]]]
README = """All that the school's portal keeps about one student.

record.json   a list of rows for each table, under the table's name; times are UTC
documents/    files given for the student, named by their id in documents_document
"""


def student_rows(cursor: Any, *, schema: str, student_id: str) -> Rows:
    """Table -> rows that belong to the student, found by following references to the person.

    Other people are not followed: an advisee's teacher is a name in a column, not a record.
    """
    tables = {table.name: table for table in tables_of(cursor, schema=schema)}
    references = [one for one in references_of(cursor, schema=schema) if one.table != PEOPLE]
    found: Rows = {PEOPLE: _read(cursor, schema, PEOPLE, "id", [student_id])}
    seen = {(PEOPLE, student_id)}
    waiting = [(PEOPLE, [student_id])]
    while waiting:
        target, ids = waiting.pop()
        for one in references:
            table = tables[one.table]
            if one.target != target or table.is_secret or len(table.key) != 1:
                continue
            fresh = []
            for row in _read(cursor, schema, one.table, one.column, ids):
                key = (one.table, str(row[table.key[0]]))
                if key not in seen:
                    seen.add(key)
                    fresh.append(key[1])
                    found.setdefault(one.table, []).append(row)
            if fresh:
                waiting.append((one.table, fresh))
    subjects = sorted({key for _table, key in seen})
    found["audit_entry"] = _read(cursor, schema, "audit_entry", "subject_id", subjects)
    return found


def export_student(*, schema: str, email: str, target: Path) -> int:
    """Write the record of the student *email* of school *schema* into the new zip *target*.

    Returns the number of rows. Refused: `not_found`, `exists`.
    """
    if target.exists():
        raise Refused("exists", f"{target} exists; nothing is written over.")
    with snapshot(using=OWNER), tenant_context(schema, using=OWNER):
        student = Person.objects.filter(email__iexact=email, roles__contains=[Role.STUDENT]).first()
        if student is None:
            raise Refused("not_found", f"There is no student {email} at {schema}.")
        with connections[OWNER].cursor() as cursor:
            rows = student_rows(cursor, schema=schema, student_id=str(student.id))
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        write_student(file, rows=rows, schema=schema)
    return sum(map(len, rows.values()))


def write_student(file: IO[bytes], *, rows: Rows, schema: str) -> None:
    """The zip of a student's *rows*, with the documents they name."""
    ids = {str(row["id"]) for row in rows.get("documents_document", [])}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("README.txt", README)
        zipped.writestr("record.json", json.dumps(rows, indent=1, ensure_ascii=False, default=str))
        for document_id in files_of(schema):
            if str(document_id) in ids:
                path = path_of(schema=schema, document_id=document_id)
                with storage().open(path, "rb") as document:
                    zipped.writestr(f"documents/{document_id}", document.read())


def _read(
    cursor: Any, schema: str, table: str, column: str, values: list[str]
) -> list[dict[str, Any]]:
    statement = "SELECT to_jsonb(one) FROM {} one WHERE {}::text = ANY(%s) ORDER BY 1::text"
    cursor.execute(
        sql.SQL(statement).format(sql.Identifier(schema, table), sql.Identifier(column)), [values]
    )
    hidden = {name for owner, name in SECRET_COLUMNS if owner == table} | {"doc", "facts"}
    rows = [json.loads(row) if isinstance(row, str) else row for (row,) in cursor.fetchall()]
    return [{name: row[name] for name in row if name not in hidden} for row in rows]
