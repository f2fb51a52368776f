"""A region on its way to another cell: read-only while it is copied, taken out afterwards.

Copying it is `portico backup --region` and `portico restore --region`; docs/scaling.md has the
order of it all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, OperationalError, connections, transaction
from psycopg import sql
from psycopg.errors import DependentObjectsStillExist, LockNotAvailable

from portico.backups.standing_still import hold_still
from tenants.context import OWNER, kind_of, public_context
from tenants.errors import Refused
from tenants.models import Domain, Tenant
from tenants.names import schools_role

Progress = Callable[[str], None]
WAIT = "5s"  # for whoever is still at work in a school that is to go
ROOM = 0.8  # of the server's table of locks


@dataclass(frozen=True)
class Remains:
    """What of a region is in this cell: *schemas*, the region's own among them, by name."""

    is_registered: bool
    schemas: list[str]
    megabytes: int
    people: int
    last_act: datetime | None

    @property
    def schools(self) -> list[str]:
        return [name for name in self.schemas if kind_of(name) == "school"]


def remains_of(*, region: str) -> Remains:
    """Looked up by the schemas' names, so that a removal that broke off can be seen."""
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        schemas = _schemas_of(cursor, region)
        cursor.execute(
            "SELECT coalesce(sum(pg_relation_size(oid)), 0)::bigint FROM pg_class"
            " WHERE relnamespace = ANY(%s::regnamespace[])",
            [[f'"{name}"' for name in schemas]],
        )
        (size,) = cursor.fetchone()
        people, acts = 0, []
        for name in schemas:
            cursor.execute(
                sql.SQL("SELECT (SELECT count(*) FROM {}), (SELECT max(at) FROM {})").format(
                    sql.Identifier(name, "accounts_person"), sql.Identifier(name, "audit_entry")
                )
            )
            count, last = cursor.fetchone()
            people += count
            acts += [last] if last else []
        return Remains(
            is_registered=_tenants_of(region).exists(),
            schemas=schemas,
            megabytes=round(size / 1e6),
            people=people,
            last_act=max(acts, default=None),
        )


@contextmanager
def frozen(*, region: str) -> Iterator[Callable[[], None]]:
    """Nobody writes in *region* inside the block; reading goes on, and so do other regions.

    Gives a function that raises Refused (`thawed`) when the lock does not hold any more. Refused:
    `not_found`; `busy`; `too_large` when the server has no room for so many locks.
    """
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        schemas = _schemas_of(cursor, region)
        if not schemas:
            raise Refused("not_found", f"There is no region {region} here.")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        _require_room(cursor, schemas)
        hold_still(cursor, schemas, mode="SHARE")

        def still() -> None:
            try:
                cursor.execute("SELECT 1")
            except OperationalError as gone:
                raise Refused("thawed", f"{region} can be written again: {gone}") from gone

        yield still


def _require_room(cursor: Any, schemas: list[str]) -> None:
    cursor.execute(
        "SELECT count(*), current_setting('max_locks_per_transaction')::int"
        " * current_setting('max_connections')::int"
        " FROM pg_tables WHERE schemaname = ANY(%s)",
        [schemas],
    )
    tables, room = cursor.fetchone()
    if tables > ROOM * room:
        raise Refused(
            "too_large",
            f"{tables} tables are to be locked, and there is room for {room} locks in all:"
            " raise max_locks_per_transaction.",
        )


def remove_region(*, region: str, progress: Progress = lambda line: None) -> list[str]:
    """Take everything of *region* out of this cell; what had to stay and why, a line each.

    The registry first: from then on no address, no worker and no command finds it. Then a
    transaction a school, so that the server's table of locks holds them; the region last. Run
    again after it broke off, it goes on. Refused (`busy`) while somebody is at work there or
    `portico region freeze` holds on. Files are left: a new cell may share the folders.
    """
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        progress("addresses")
        tenants = _tenants_of(region)
        Domain.objects.using(OWNER).filter(tenant__in=tenants.values("pk")).delete()
        tenants.exclude(schema_name=region).delete()
        tenants.delete()
        schemas = sorted(_schemas_of(cursor, region), key=lambda name: name == region)
    for number, name in enumerate(schemas, start=1):
        progress(f"{name}, {number} of {len(schemas)}")
        _drop_schema(name)
    kept = [line for role in _roles_of(region) for line in _drop_role(role)]
    return kept + _files_of(region, [name for name in schemas if name != region])


def _tenants_of(region: str) -> Any:
    tenants = Tenant.objects.using(OWNER)
    return tenants.filter(schema_name=region) | tenants.filter(region__schema_name=region)


def _schemas_of(cursor: Any, region: str) -> list[str]:
    cursor.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname = %s OR starts_with(nspname, %s)"
        " ORDER BY nspname",
        [region, f"{region}__"],
    )
    return [name for (name,) in cursor.fetchall()]


def _drop_schema(name: str) -> None:
    try:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(WAIT)))
            cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise Refused(
            "busy",
            f"{name} is at work: let go of `portico region freeze`, stop the workers, and run"
            " this again.",
        ) from error


def _roles_of(region: str) -> list[str]:
    """Schools' before the region's: they are members of its group."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) OR starts_with(rolname, %s)"
            " ORDER BY starts_with(rolname, %s) DESC, rolname",
            [[region, schools_role(region)], f"{region}__", f"{region}__"],
        )
        return [name for (name,) in cursor.fetchall()]


def _drop_role(name: str) -> list[str]:
    """A role is the whole server's; another database may have a tenant of that name."""
    try:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
    except Error as error:
        if not isinstance(error.__cause__, DependentObjectsStillExist):
            raise
        return [f"the role {name} stays: another database of this server uses it"]
    return []


def _files_of(region: str, schools: list[str]) -> list[str]:
    """Folders of files that are still here."""
    folders = [
        folder
        for setting in settings.BACKED_UP_DIRS
        for name in (region, *schools)
        if (folder := Path(getattr(settings, setting)) / name).is_dir()
    ]
    return [f"files stay in {folder}" for folder in folders]
