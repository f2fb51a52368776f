"""Back to a point in time: a base backup, the archived log, and the moment before a mistake.

What docs/backups.md tells to do, done: PostgreSQL's own programs and settings.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portico import embedded
from portico.embedded.postgresql import ACCOUNT
from tests.running_site import portico


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's: its next session shuts the way to it for the server's own account."""
    with tempfile.TemporaryDirectory(prefix="portico-tests-") as made:
        yield Path(made)


def test_the_moment_before_a_mistake(folder: Path) -> None:
    archive, base = folder / "archive", folder / "base"
    archive.mkdir()
    archiving = {
        "wal_level": "replica",
        "archive_mode": "on",
        "archive_command": f"test ! -f '{archive}/%f' && cp '%p' '{archive}/%f'",
    }
    with embedded.postgres(folder / "running", more=archiving) as url:
        _give_to_server(archive)
        portico(url, "setup")
        portico(url, "region", "add", "bronx", "Bronx")
        portico(url, "school", "add", "bronx", "met", "The Met")
        _base_backup(url, base)
        portico(url, "school", "add", "bronx", "academy", "Bronx Academy")
        with psycopg.connect(url, autocommit=True) as owner:
            (moment,) = _row(owner, "SELECT clock_timestamp()::text")
            portico(url, "school", "remove", "bronx", "met", "--code-again", "met")  # the mistake
            (last,) = _row(owner, "SELECT pg_walfile_name(pg_switch_wal())")
            _until(owner, f"SELECT last_archived_wal >= '{last}' FROM pg_stat_archiver")
    (base / "recovery.signal").touch()
    _give_to_server(base)
    recovering = {
        "restore_command": f"cp '{archive}/%f' '%p'",
        "recovery_target_time": moment,
        "recovery_target_action": "promote",
    }
    with embedded.postgres(base, more=recovering) as url:
        with psycopg.connect(url, autocommit=True) as owner:
            _until(owner, "SELECT NOT pg_is_in_recovery()")
        schools = portico(url, "school", "list", "bronx")
        assert {line.split()[0] for line in schools.splitlines()} == {"academy", "met"}
        portico(url, "doctor")
        portico(url, "ledger", "verify")
        portico(url, "school", "add", "bronx", "later", "Later High")  # it goes on from there


def _base_backup(url: str, folder: Path) -> None:
    programs = embedded.programs_folder()
    assert programs is not None
    done = subprocess.run(
        [programs / "pg_basebackup", "--dbname", url, "--pgdata", folder, "--checkpoint=fast"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def _give_to_server(folder: Path) -> None:
    """Root's PostgreSQL runs under an account of its own."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, ACCOUNT, ACCOUNT)


def _row(connection: "psycopg.Connection", query: str) -> tuple:
    row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row


def _until(connection: "psycopg.Connection", query: str) -> None:
    give_up = time.monotonic() + 60
    while not _row(connection, query)[0]:
        assert time.monotonic() < give_up, query
        time.sleep(0.05)
