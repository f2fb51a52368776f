"""A PostgreSQL of one's own with a streaming standby, and the site's settings pointed at both."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from django.conf import settings
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from portico import embedded
from portico.embedded.postgresql import ACCOUNT
from portico.settings.databases import databases
from portico.telemetry.counters import REPLICA_READS
from tenants.setup import set_up_database

PATIENCE = 60
# A primary that forgets, as the tests' own does, but can be streamed from.
# Nobody vacuums: what that removes may be in conflict with what is being read at the standby.
STREAMABLE = {
    "wal_level": "replica",
    "max_wal_senders": "4",
    "max_wal_size": "256MB",
    "autovacuum": "off",
}
REPLICA = "replica1"


@dataclass(frozen=True)
class Pair:
    """A primary and its standby: owners' addresses, and the standby's folder."""

    primary: str
    standby: str
    folder: Path

    def pause(self) -> None:
        """The standby goes on receiving, and replays nothing."""
        self.ask_standby("SELECT pg_wal_replay_pause()")
        # asking for it is one thing, being there another
        until(lambda: self.ask_standby("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def resume(self) -> None:
        self.ask_standby("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Wait until everything is replayed that the primary has written."""
        with psycopg.connect(self.primary, autocommit=True) as owner:
            # what is not flushed is not sent, and these servers flush in their own time
            owner.execute("SELECT pg_logical_emit_message(false, 'tests', '', true)")
            (written,) = owner.execute("SELECT pg_current_wal_flush_lsn()::text").fetchone() or ()
        asked = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
        until(lambda: self.ask_standby(asked))

    def kill_standby(self) -> None:
        """All its processes at once, as when the machine dies."""
        server = psutil.Process(int((self.folder / "postmaster.pid").read_text().splitlines()[0]))
        for process in (server, *server.children(recursive=True)):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        server.wait()

    def ask_standby(self, statement: str) -> Any:
        """The first value of the answer; None without one."""
        with psycopg.connect(self.standby, autocommit=True) as owner:
            return (owner.execute(statement).fetchone() or (None,))[0]


@contextmanager
def streaming_pair(**standby_settings: str) -> Iterator[Pair]:
    """Start both, set up for the site, streaming. The standby is read only."""
    with ExitStack() as running:
        made = running.enter_context(tempfile.TemporaryDirectory(prefix="portico-tests-"))
        here, there = Path(made) / "primary", Path(made) / "standby"
        primary = running.enter_context(embedded.postgres(here, durable=False, more=STREAMABLE))
        base_backup(primary, there)
        more = {**STREAMABLE, **standby_settings}
        standby = running.enter_context(embedded.postgres(there, durable=False, more=more))
        yield Pair(primary, standby, there)


@contextmanager
def site_on(pair: Pair) -> Iterator[None]:
    """The site's aliases lead to *pair*; its registry is made there."""
    site = databases(
        owner_address=pair.primary,
        web_address="",
        secret=settings.SECRET_KEY,
        replica_addresses=_without_login(pair.standby),
    )
    before = {alias: dict(connections.settings[alias]) for alias in ("default", "owner")}
    for alias in before:
        connections[alias].close()
        connections.settings[alias].update(site[alias], CONN_MAX_AGE=0)
        connections[alias].settings_dict.update(connections.settings[alias])
    connections.settings[REPLICA] = {
        **connections.settings["default"],
        "NOTES_WRITES": False,
        **site[REPLICA],
    }
    try:
        set_up_database()
        yield
    finally:
        for alias in (*before, REPLICA):
            connections[alias].close()
        for alias, facts in before.items():
            connections.settings[alias].clear()
            connections.settings[alias].update(facts)
            connections[alias].settings_dict.clear()
            connections[alias].settings_dict.update(facts)
        del connections[REPLICA]
        del connections.settings[REPLICA]


def base_backup(url: str, folder: Path) -> None:
    """A standby's data: a copy of the server at *url*, which it will follow."""
    programs = embedded.programs_folder()
    assert programs is not None
    done = subprocess.run(
        [
            *(programs / "pg_basebackup", "--dbname", url, "--pgdata", folder),
            *("--checkpoint=fast", "--write-recovery-conf"),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    if os.geteuid() == 0:  # root's PostgreSQL runs under an account of its own
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, ACCOUNT, ACCOUNT)


def until(true: Callable[[], object]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def _without_login(url: str) -> str:
    parts = conninfo_to_dict(url)
    return f"postgresql://{parts['host']}:{parts['port']}/{parts['dbname']}"


class Outcomes:
    """How reads that may be a replica's ended since it was made, by this process's counter."""

    def __init__(self) -> None:
        self._before = self._counted()

    @property
    def since(self) -> dict[str, int]:
        now = self._counted()
        return {one: now[one] - count for one, count in self._before.items() if now[one] - count}

    def _counted(self) -> dict[str, int]:
        names = ("replica", "behind", "away", "conflict", "wrote")
        return {one: int(REPLICA_READS.labels(one)._value.get()) for one in names}
