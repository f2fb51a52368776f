"""A region goes to another cell: read-only there while it is copied, whole here afterwards.

The steps of docs/scaling.md with two clusters. Sending its hosts to the other cell is the proxy's
work and is not part of this.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portico import embedded

# What docs/scaling.md says to type.
READ_ONLY = """
DO $$ DECLARE tables text; BEGIN
  SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO tables FROM pg_tables
  WHERE schemaname = 'bronx' OR starts_with(schemaname, 'bronx__');
  EXECUTE 'LOCK TABLE ' || tables || ' IN SHARE MODE';
END $$
"""
COUNT = "SELECT count(*) FROM bronx__met.accounts_person"
WRITE = "DELETE FROM bronx__met.accounts_person"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's: its next session shuts the way to it for the server's own account."""
    with tempfile.TemporaryDirectory(prefix="portico-tests-") as made:
        yield Path(made)


def test_it_can_be_read_meanwhile_and_is_whole_in_the_other_cell(folder: Path) -> None:
    with (
        embedded.postgres(folder / "here", durable=False) as here,
        embedded.postgres(folder / "there", durable=False) as there,
    ):
        _portico(here, "setup")
        for region in ("bronx", "queens"):
            _portico(here, "region", "add", region, region.title())
        _portico(here, "school", "add", "bronx", "met", "The Met")
        _portico(there, "setup")
        began = time.monotonic()
        with psycopg.connect(here) as held, psycopg.connect(here, autocommit=True) as others:
            held.execute(READ_ONLY)
            _portico(here, "backup", "--region", "bronx", str(folder / "kept"))
            _portico(there, "restore", "--region", "bronx", str(folder / "kept"))
            others.execute("SET lock_timeout = '100ms'")
            people = others.execute(COUNT).fetchone()
            with pytest.raises(psycopg.errors.LockNotAvailable):
                others.execute(WRITE)
            others.execute("UPDATE queens.accounts_person SET grade = grade")  # goes on
        print(f"\nread-only for {time.monotonic() - began:.1f} s")
        assert "met" in _portico(there, "school", "list", "bronx")
        with psycopg.connect(there) as owner:
            assert owner.execute(COUNT).fetchone() == people
        _portico(there, "doctor")
        _portico(there, "ledger", "verify")
        _portico(there, "school", "add", "bronx", "later", "Later High")  # it goes on there


def _portico(url: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "portico.cli", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"DATABASE_URL": url},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
