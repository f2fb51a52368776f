"""Making a file of a table: at once when it is short, by the worker when it is long.

A run is known by an id that cannot be guessed, for an hour; then its link is dead and its
file goes. Where it stands is kept in the cache, the file in settings.EXPORT_DIR, which the
web server and the worker share. History names who took which table out, and how many rows.
"""

import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation

from portico.accounts.models import Person
from portico.audit.actions import record
from portico.reports.exports import Table, tables_here
from portico.reports.exports.writing import write_table
from tenants.context import current_schema, kind_of
from tenants.queries import tenant_by_schema
from tenants.replicas import read_tenant

KEEP_SECONDS = 3600
MOST_AT_ONCE = 1000  # rows; more are the worker's
WAITING, WORKING, DONE, FAILED = "waiting", "working", "done", "failed"


@dataclass
class Run:
    """One file on its way: for whom, of which table, and how many rows are written."""

    id: str
    schema: str
    person: str
    language: str
    table: str
    file_format: str
    total: int
    filed_at: float
    state: str = WAITING
    rows: int = 0

    @property
    def path(self) -> Path:
        return Path(settings.EXPORT_DIR) / f"{self.id}.{self.file_format}"

    @property
    def percent(self) -> int:
        return round(100 * self.rows / self.total) if self.total else 0

    @property
    def is_settled(self) -> bool:
        return self.state in (DONE, FAILED)

    def save(self) -> None:
        left = KEEP_SECONDS - (time.time() - self.filed_at)
        if left > 0:
            cache.set(_key(self.schema, self.id), asdict(self), left)


def file_run(*, actor: Person, table: Table, file_format: str) -> Run:
    """Note in history that *actor* takes *table* out, and keep the run for who makes it."""
    run = Run(
        id=str(uuid.uuid4()),
        schema=current_schema(),
        person=str(actor.id),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        table=table.key,
        file_format=file_format,
        total=table.count(),
        filed_at=time.time(),
    )
    note_export(actor=actor, table=table.key, file_format=file_format, rows=run.total)
    run.save()
    return run


def note_export(*, actor: Person, table: str, file_format: str, rows: int) -> None:
    """One line of history: who took what out (a table's key), as what."""
    record(
        action="table_exported",
        subject=actor,
        actor=actor,
        after={"table": table, "format": file_format, "rows": rows},
    )


def find_run(*, run_id: uuid.UUID, person: Person) -> Run | None:
    """*person*'s own run of the current tenant; None when there is none or its hour is over."""
    kept = cache.get(_key(current_schema(), str(run_id)))
    run = Run(**kept) if kept else None
    if run is None or run.person != str(person.id):
        return None
    return run


def make_file(*, schema: str, run_id: str) -> None:
    """Write the file of a run, from a replica where there is one. Safe to run twice; what is
    over its hour is cleared away."""
    clear_old_files()
    kept = cache.get(_key(schema, run_id))
    if kept is None:
        return  # nobody waits for it any more
    run = Run(**kept)
    if run.state == DONE:
        return
    run.state, run.rows = WORKING, 0

    def progress(rows: int) -> None:
        run.rows = rows
        run.save()

    run.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = run.path.with_suffix(f".{uuid.uuid4().hex}.part")

    def write() -> int:
        with (
            translation.override(run.language),
            timezone.override(tenant_by_schema(schema).time_zone),
        ):
            table = tables_here(kind_of(schema))[run.table]
            return write_table(
                table, path=unfinished, file_format=run.file_format, progress=progress
            )

    try:
        run.rows = read_tenant(schema, write)
        unfinished.rename(run.path)
        run.state, run.total = DONE, run.rows
    except Exception:
        run.state = FAILED
        raise
    finally:
        unfinished.unlink(missing_ok=True)
        run.save()


def clear_old_files() -> None:
    """Remove files whose hour is over."""
    too_old = time.time() - KEEP_SECONDS
    for path in Path(settings.EXPORT_DIR).glob("*.*"):
        if path.stat().st_mtime < too_old:
            path.unlink(missing_ok=True)


def _key(schema: str, run_id: str) -> str:
    return f"export:{schema}:{run_id}"
