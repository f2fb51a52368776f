"""Bringing every region and school up to date, while people use the site.

Regions first, then schools: a transaction each, so what is done stays done and running it
again goes on where it ended. Nobody waits for a lock longer than LOCK_WAITS say; a tenant
whose tables are in use is tried again after the others.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from django.db import OperationalError, connections
from psycopg import errors, sql

from tenants.context import OWNER, kind_of, public_context, tenant_context
from tenants.models import Tenant
from tenants.names import region_of
from tenants.provisioning.compiling import (
    CHECK_NOW,
    Applied,
    Script,
    SqlStep,
    compile_script,
    known_migrations,
)
from tenants.provisioning.migrate import sql_of_public
from tenants.provisioning.rights import faulty_rights
from tenants.provisioning.roles import grant_region, grant_school, rights_to_new_tables
from tenants.provisioning.scratch import SCRATCH_REGION

Progress = Callable[[str], None]
# Seconds, a round each. While a statement waits for its lock, pages of that school wait
# behind it: short at first.
LOCK_WAITS = (0.5, 1, 2, 4, 8)
BUSY = (errors.LockNotAvailable, errors.DeadlockDetected)
RENEW_EVERY = 100  # a connection remembers each schema it has touched; a new one is small again


@dataclass
class Summary:
    """How it went: schema → the migrations applied, or why it failed."""

    migrated: dict[str, tuple[str, ...]] = field(default_factory=dict)
    granted: list[str] = field(default_factory=list)  # rights put right, nothing else to do
    up_to_date: int = 0
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not self.failed


class TenantsBehind(Exception):
    """Some regions or schools could not be brought up to date; *summary* says which and why."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        schema, reason = next(iter(summary.failed.items()))
        more = f", and {len(summary.failed) - 1} more" if len(summary.failed) > 1 else ""
        super().__init__(f"{schema} is not up to date: {reason}{more}")


def migrate_tenants(*, only: str = "*", progress: Progress = lambda line: None) -> Summary:
    """Bring regions and the schools whose schema matches *only* (`bronx__*`) up to date.

    One process at a time: see tenants.setup. Schools of a region that failed are left as
    they are. *progress* gets a short English line a tenant.
    """
    summary = Summary()
    scripts = Scripts()
    regions, schools = tenants_matching(only)
    _migrate_each(regions, scripts, summary, faults={}, progress=progress)
    ready = []
    for school in schools:
        if region_of(school) in summary.failed:
            summary.failed[school] = f"waits for its region {region_of(school)}"
        else:
            ready.append(school)
    with public_context(using=OWNER), connections[OWNER].cursor() as cursor:
        faults = faulty_rights(cursor, ready)
    _migrate_each(ready, scripts, summary, faults=faults, progress=progress)
    return summary


@dataclass
class Group:
    """Schemas that lack the same, and the SQL they would get."""

    sql: str
    schemas: list[str] = field(default_factory=list)


def plan_tenants(*, only: str = "*") -> list[Group]:
    """What migrate_tenants would run where, the shared schema first; nothing is changed."""
    groups: dict[str, Group] = {}
    if shared := sql_of_public():
        groups["public"] = Group(shared, ["public"])
    scripts = Scripts()
    regions, schools = tenants_matching(only)
    for name in (*regions, *schools):
        script = scripts.script_for(name)
        if script:
            key = f"{kind_of(name)} {id(script)}"
            groups.setdefault(key, Group(str(script))).schemas.append(name)
    return list(groups.values())


def tenants_matching(pattern: str) -> tuple[list[str], list[str]]:
    """Schemas of the schools that match *pattern* and of the regions they are in."""
    with public_context(using=OWNER):
        known = list(
            Tenant.objects.using(OWNER)
            .exclude(kind=Tenant.Kind.PUBLIC)
            .order_by("schema_name")
            .values_list("schema_name", flat=True)
        )
    schools = [name for name in known if kind_of(name) == "school" and fnmatchcase(name, pattern)]
    homes = {region_of(name) for name in schools}
    regions = [
        name
        for name in known
        if kind_of(name) == "region" and (name in homes or fnmatchcase(name, pattern))
    ]
    return regions, schools


class Scripts:
    """Scripts made so far, by kind of schema and by what is applied there."""

    def __init__(self) -> None:
        self.known = known_migrations()
        self._made: dict[tuple[str, Applied], Script | Exception] = {}

    def script_for(self, schema: str) -> Script | None:
        """What *schema* lacks; None when nothing. Raises what went wrong with making it."""
        applied = applied_in(schema)
        if self.known <= applied:
            return None
        key = (kind_of(schema), applied)
        if key not in self._made:
            region = region_of(schema)
            scratch = f"{region}__{SCRATCH_REGION}" if region else SCRATCH_REGION
            try:
                self._made[key] = compile_script(schema=scratch, applied=applied)
            except Exception as error:  # the same for every school of this group
                self._made[key] = error
        made = self._made[key]
        if isinstance(made, Exception):
            raise made
        return made


def applied_in(schema: str) -> Applied:
    """The migrations recorded in *schema*."""
    statement = sql.SQL("SELECT app, name FROM {}").format(
        sql.Identifier(schema, "django_migrations")
    )
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statement)
        return frozenset(cursor.fetchall())


def _migrate_each(
    names: Iterable[str],
    scripts: Scripts,
    summary: Summary,
    *,
    faults: dict[str, set[str]],
    progress: Progress,
) -> None:
    waiting = list(names)
    total = len(waiting)
    for lock_wait in LOCK_WAITS:
        busy: dict[str, str] = {}
        for done, name in enumerate(_renewing(waiting), start=total - len(waiting) + 1):
            progress(f"{done} of {total}: {name}")
            try:
                _bring_up(
                    name, scripts, summary, faults=faults.get(name, set()), lock_wait=lock_wait
                )
            except OperationalError as error:
                if isinstance(error.__cause__, BUSY):
                    busy[name] = _in_short(error)
                elif getattr(error.__cause__, "sqlstate", None):
                    summary.failed[name] = _in_short(error)
                    connections[OWNER].close_if_unusable_or_obsolete()  # cut off: a new one
                else:
                    raise  # nobody answers any more: not this school's fault
            except Exception as error:
                summary.failed[name] = _in_short(error)
        waiting = list(busy)
    summary.failed.update(busy)


def _bring_up(
    name: str, scripts: Scripts, summary: Summary, *, faults: set[str], lock_wait: float
) -> None:
    script = scripts.script_for(name)
    if script:
        replay(script, schema=name, grant=bool(faults - script.made), lock_wait=lock_wait)
        summary.migrated[name] = script.migrations
        return
    if faults or kind_of(name) == "region":  # regions are few: their rights are given each time
        with tenant_context(name, using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {lock_wait * 1000:.0f}")
            _grant(cursor, name)
    if faults:
        summary.granted.append(name)
    else:
        summary.up_to_date += 1


def replay(script: Script, *, schema: str, grant: bool, lock_wait: float) -> None:
    """Run *script* in *schema* with the rights to what it makes, in one transaction.

    *grant* gives all rights again. OperationalError from LockNotAvailable when a lock was
    not to be had within *lock_wait* seconds; nothing is changed then.
    """
    last = [script.record]
    if script.made and not grant and kind_of(schema) == "school":
        rights = rights_to_new_tables(schema=schema, tables=script.made)
        last.append(rights.as_string(None))
    with tenant_context(schema, using=OWNER), connections[OWNER].cursor() as cursor:
        texts = [f"SET LOCAL lock_timeout = {lock_wait * 1000:.0f}"]
        for step in script.steps:
            if isinstance(step, SqlStep):
                texts += [str(step), CHECK_NOW]
            else:
                cursor.execute(_one_text(texts))
                step.run()
                texts = [CHECK_NOW]
        cursor.execute(_one_text([*texts, *last]))
        if grant or kind_of(schema) == "region":
            _grant(cursor, schema)


def _one_text(statements: list[str]) -> str:
    """One round trip; on lines of their own, for a statement may end with a comment."""
    return "\n;\n".join(statements)


def _grant(cursor: Any, schema: str) -> None:
    if kind_of(schema) == "region":
        grant_region(cursor, region=schema)
    else:
        grant_school(cursor, schema=schema)


def _renewing(names: list[str]) -> Iterator[str]:
    for number, name in enumerate(names, start=1):
        yield name
        if number % RENEW_EVERY == 0:
            connections[OWNER].close()


def _in_short(error: Exception) -> str:
    """The first line of what went wrong, for a list of many."""
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"
