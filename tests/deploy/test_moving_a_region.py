"""A region goes to another cell: read-only there while it is copied, whole here, gone there.

The commands of docs/scaling.md with two clusters. Sending its hosts to the other cell is the
proxy's work: test_cells_proxy.py.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from portico import embedded
from tests.running_site import portico

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
        portico(here, "setup")
        for region in ("bronx", "queens"):
            portico(here, "region", "add", region, region.title())
        portico(here, "school", "add", "bronx", "met", "The Met")
        portico(there, "setup")
        began = time.monotonic()
        with _frozen(here), psycopg.connect(here, autocommit=True) as others:
            portico(here, "backup", "--region", "bronx", str(folder / "kept"))
            portico(there, "restore", "--region", "bronx", str(folder / "kept"))
            others.execute("SET lock_timeout = '100ms'")
            people = others.execute(COUNT).fetchone()
            with pytest.raises(psycopg.errors.LockNotAvailable):
                others.execute(WRITE)
            others.execute("UPDATE queens.accounts_person SET grade = grade")  # goes on
        print(f"\nread-only for {time.monotonic() - began:.1f} s")
        assert "met" in portico(there, "school", "list", "bronx")
        with psycopg.connect(there) as owner:
            assert owner.execute(COUNT).fetchone() == people
        portico(there, "doctor")
        portico(there, "ledger", "verify")
        portico(there, "school", "add", "bronx", "later", "Later High")  # it goes on there
        said = portico(here, "region", "remove", "bronx", "--moved", "--again", "bronx")
        assert "bronx: 1 schools" in said
        with psycopg.connect(here) as owner:
            left = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'bronx')"
            assert owner.execute(left).fetchall() == []
            known = owner.execute("SELECT schema_name FROM tenants_tenant ORDER BY 1").fetchall()
            assert [name for (name,) in known if name != "public"] == ["queens"]


@contextmanager
def _frozen(url: str) -> Iterator[None]:
    """`portico region freeze bronx`, as in a terminal of its own, until Enter is pressed."""
    with subprocess.Popen(
        [sys.executable, "-m", "portico.cli", "region", "freeze", "bronx"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DATABASE_URL": url, "WEB_DATABASE_URL": ""},
    ) as typed:
        assert typed.stdin is not None
        assert typed.stdout is not None
        try:
            assert "bronx is frozen" in typed.stdout.readline()
            yield
        finally:
            rest, _none = typed.communicate("\n")
    assert "bronx goes on" in rest
    assert typed.returncode == 0
