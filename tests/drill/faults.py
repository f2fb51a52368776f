"""What is done to the running site, each while people are at work; and how it is mended.

A fault returns when it is mended. What went otherwise than it should (a migration that
broke and left something) is said by raising Wrong.
"""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connections

from catalog.models import Term
from portico.backups.making import make_backup
from portico.backups.manifest import open_backup
from portico.backups.restoring import restore_school
from portico.notices.models import Notice
from tenants.context import OWNER, tenant_context
from tests.drill.load import Browser, Load, Wanted
from tests.drill.looking import notice_of
from tests.drill.parts import ROOT, WEB_WORKERS, Parts
from tests.drill.region import BusySchool, World, sign_in
from tests.drill.upgrade.migrations import IN_THE_WAY

SECONDS = 5  # how long something is away
MOST_CLICKS = 3  # of somebody who gets no answer


class Wrong(Exception):
    """What a fault left behind that it must not."""


@dataclass
class Site:
    """Everything a fault may touch."""

    parts: Parts
    world: World
    load: Load
    forgotten: set[str] = field(default_factory=set)  # notices that a restore has undone


@dataclass(frozen=True)
class Fault:
    """*shows*: whether people may see an error page or no answer while it lasts."""

    name: str
    happen: Callable[[Site], None]
    shows: bool = False


def nothing(site: Site) -> None:
    time.sleep(SECONDS)


def web_worker(site: Site) -> None:
    """One after the other, so that at each moment somebody answers."""
    for _ in range(WEB_WORKERS):
        site.parts.kill_web_worker()
        site.parts.until(site.parts.web_is_whole, "no new web worker", seconds=60)


def celery_worker(site: Site) -> None:
    site.parts.kill("worker")
    time.sleep(SECONDS)
    site.parts.start_worker()


def beat(site: Site) -> None:
    site.parts.kill("beat")
    time.sleep(SECONDS)
    site.parts.start_beat()


def valkey(site: Site) -> None:
    site.parts.lose_valkey()
    time.sleep(SECONDS)
    site.parts.start_valkey()


def postgres(site: Site) -> None:
    site.parts.crash_postgres()
    for connection in connections.all():
        connection.close()
    time.sleep(SECONDS)


def mail_hangs(site: Site) -> None:
    _mail_fault(site, "hang")


def mail_twice(site: Site) -> None:
    _mail_fault(site, "drop")


def mail_refuses(site: Site) -> None:
    """Every mail is given up; then staff press "send again" for each."""
    _mail_fault(site, "refuse")
    # Whoever was refused a moment ago may not have written it down yet.
    for school in site.world.busy:
        with tenant_context(school.schema, using=OWNER):
            written = list(Notice.objects.values_list("id", flat=True))
        site.parts.until(
            lambda school=school, written=written: not _pressed_again(site, school, written),  # type: ignore[misc]
            f"mail of {school.schema} does not go",
            seconds=90,
        )


def _pressed_again(site: Site, school: BusySchool, written: list[uuid.UUID]) -> bool:
    """Press "send again" for each of these that was given up; whether any has not gone yet."""
    with tenant_context(school.schema, using=OWNER):
        open_ones = Notice.objects.filter(id__in=written, state__in=["waiting", "failed"])
        states = dict(open_ones.values_list("id", "state"))
    browser = Browser(site.parts.port)
    for notice_id in [one for one, state in states.items() if state == Notice.State.FAILED]:
        path = f"/coordinator/undelivered/{notice_id}/again/"
        for _try in range(MOST_CLICKS):
            reply = browser.ask(Wanted(school.coordinator, path, ""))
            if reply.is_answer:
                break
        if reply.status != 302:
            raise Wrong(f"sending again answered {reply.status}")
    return bool(states)


def _mail_fault(site: Site, fault: str) -> None:
    mail = site.parts.mail
    before = mail.struck
    mail.fault = fault
    time.sleep(SECONDS)
    site.parts.until(lambda: mail.struck > before, "no mail met the fault", seconds=60)
    mail.fault = ""


def migration(site: Site) -> None:
    """An upgrade breaks half-way on one school: it stays whole as it was, and is mended."""
    broken = site.world.schemas[len(site.world.schemas) // 2]
    with tenant_context(broken, using=OWNER):
        term = Term.objects.create(name=IN_THE_WAY, starts_on="2020-01-01", ends_on="2020-06-30")
    failed = _setup()
    if failed.returncode == 0 or broken not in failed.stdout:
        raise Wrong(f"the broken migration was not noticed: {failed.stdout[-300:]}")
    if broken in _upgraded(site.world):
        raise Wrong(f"{broken} was left half migrated")
    with tenant_context(broken, using=OWNER):
        term.delete()
    done = _setup()
    if done.returncode != 0 or _upgraded(site.world) != set(site.world.schemas):
        raise Wrong(f"the mended upgrade did not reach every school: {done.stdout[-300:]}")


def _setup() -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "portico.cli", "setup"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.drill.upgraded"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def _upgraded(world: World) -> set[str]:
    """Schools with the new table, or only the note that they have it."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'drill_upgrade'")
        found = {schema for (schema,) in cursor.fetchall()}
    for schema in world.schemas:
        with tenant_context(schema, using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations WHERE app = 'upgrade'")
            found |= {schema} if cursor.fetchone() else set()
    return found


def restore(site: Site) -> None:
    """One busy school is put back a few seconds, while it and the others go on."""
    school = site.world.busy[-1]
    folder = site.parts.folder / f"backup-{uuid.uuid4()}"
    asked = time.time()
    make_backup(folder=folder, schemas=[school.schema])
    time.sleep(SECONDS)
    restore_school(backup=open_backup(folder), schema=school.schema)
    done = time.time()
    with tenant_context(school.schema, using=OWNER):
        sign_in([school.coordinator, *school.students, *school.interns])
        kept = {str(one) for one in Notice.objects.values_list("id", flat=True)}
    # mail that had gone about what is undone: nobody was at work in the school meanwhile
    domain = school.coordinator.host.replace("localhost", "example.org")
    mailed = [one for one in site.parts.mail.mails if str(one["To"]).endswith(f"@{domain}")]
    site.forgotten |= {notice_of(str(one["Message-ID"])) for one in mailed} - kept
    # what this school was told yes to in between has been undone on purpose
    site.load.promises = [
        one
        for one in site.load.promises
        if one.schema != school.schema or not asked <= one.at <= done
    ]


FAULTS = [
    Fault("nothing", nothing),
    Fault("web worker killed", web_worker, shows=True),
    Fault("Celery worker killed", celery_worker),
    Fault("beat killed", beat),
    Fault("Valkey lost", valkey),
    Fault("PostgreSQL crashed", postgres, shows=True),
    Fault("mail server hangs", mail_hangs),
    Fault("mail server refuses", mail_refuses),
    Fault("mail server takes it twice", mail_twice),
    Fault("a school restored", restore),
    # last: then the schools are of a later release than the drill itself
    Fault("migration breaks half-way", migration),
]
