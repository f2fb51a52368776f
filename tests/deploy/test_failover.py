"""The primary dies under writers; its standby takes over, and no write that was confirmed is lost.

What docs/scaling.md tells of the standby, done: two clusters, synchronous replication, and the
site's own settings with an address that names both. The watcher is the least that can be one;
in production it is Patroni, which also keeps a primary that comes back from taking writes.
"""

import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connections
from psycopg.conninfo import conninfo_to_dict

from portico import embedded
from portico.settings.databases import WEB_LOGIN, databases
from tests.running_site import portico
from tests.standby import base_backup

WRITERS = 4
PROBE_SECONDS = 0.25
MOST_MISSED = 3  # probes in a row without an answer: the primary is taken for dead
AIM_SECONDS = 5.0  # from its death to the first write confirmed by the other
PATIENCE = 60


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's: its next session shuts the way to it for the server's own account."""
    with tempfile.TemporaryDirectory(prefix="portico-tests-") as made:
        yield Path(made)


def test_a_standby_takes_over_and_nothing_confirmed_is_lost(
    folder: Path, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_db_blocker.unblock(), embedded.postgres(folder / "first") as first:
        portico(first, "setup")
        portico(first, "region", "add", "bronx", "Bronx")
        with psycopg.connect(first, autocommit=True) as owner:
            owner.execute("CREATE TABLE written (writer int, number int)")
            owner.execute(f"GRANT INSERT ON written TO {WEB_LOGIN}")
        base_backup(first, folder / "second")
        with embedded.postgres(folder / "second", more={"cluster_name": "second"}) as second:
            _wait_for_every_commit(first, standby="second")
            both = _address_of_both(first, second)
            # The writers connect as the site does: its settings, its login, its backend.
            site = databases(owner_address=both, web_address="", secret=settings.SECRET_KEY)
            for setting, value in site["default"].items():
                monkeypatch.setitem(settings.DATABASES["default"], setting, value)
            confirmed, died = _write_while_the_first_dies(folder / "first", first, second)
            took = (
                min(moment for port, moment in confirmed.values() if port == _port(second)) - died
            )
            with psycopg.connect(second) as owner:
                kept = set(owner.execute("SELECT writer, number FROM written").fetchall())
            portico(both, "school", "add", "bronx", "met", "The Met")  # the site goes on
            assert "met" in portico(both, "school", "list", "bronx")
    before = sum(port == _port(first) for port, _moment in confirmed.values())
    print(f"\n{before} writes confirmed before; the first after {took:.2f} s; none lost")
    assert before >= 100
    assert confirmed.keys() <= kept
    assert took < AIM_SECONDS


def _write_while_the_first_dies(
    data: Path, first: str, second: str
) -> tuple[dict[tuple[int, int], tuple[int, float]], float]:
    """Each confirmed write with the port of who confirmed it and when; and when the first died."""
    confirmed: dict[tuple[int, int], tuple[int, float]] = {}
    refused: list[DatabaseError] = []
    stop = threading.Event()

    def write(writer: int) -> None:
        site = connections["default"]
        for number in itertools.count():
            if stop.is_set():
                break
            try:
                with site.cursor() as cursor:
                    cursor.execute(
                        "INSERT INTO written VALUES (%s, %s) RETURNING inet_server_port()",
                        [writer, number],
                    )
                    (port,) = cursor.fetchone()
                confirmed[writer, number] = (port, time.monotonic())
            except DatabaseError as error:
                refused.append(error)
                site.close()
                stop.wait(0.02)
        site.close()

    watcher = threading.Thread(target=_promote_when_gone, args=(first, second, stop))
    threads = [watcher, *(threading.Thread(target=write, args=(one,)) for one in range(WRITERS))]
    for thread in threads:
        thread.start()
    try:
        _until(lambda: len(confirmed) >= 100 or refused)
        assert not refused, refused
        died = time.monotonic()
        _kill(data)
        _until(lambda: any(port == _port(second) for port, _moment in [*confirmed.values()]))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return confirmed, died


def _promote_when_gone(first: str, second: str, stop: threading.Event) -> None:
    missed = 0
    while missed < MOST_MISSED and not stop.wait(PROBE_SECONDS):
        try:
            psycopg.connect(first, connect_timeout=2).close()
            missed = 0
        except psycopg.OperationalError:
            missed += 1
    if missed == MOST_MISSED:
        with psycopg.connect(second, autocommit=True) as standby:
            standby.execute("SELECT pg_promote()")


def _kill(data: Path) -> None:
    """All its processes at once and without a word, as when the machine dies."""
    server = psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))
    backends = server.children(recursive=True)
    for process in (server, *backends):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


def _wait_for_every_commit(first: str, *, standby: str) -> None:
    """From here on the first confirms nothing that *standby* has not written down."""
    with psycopg.connect(first, autocommit=True) as owner:
        owner.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{standby}'")
        owner.execute("SELECT pg_reload_conf()")
        asked = (
            "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"
        )
        _until(lambda: owner.execute(asked).fetchone() is not None)
        (mode,) = owner.execute("SHOW synchronous_commit").fetchone() or ("",)
        assert mode == "on"


def _address_of_both(first: str, second: str) -> str:
    parts = conninfo_to_dict(first)
    return (
        f"postgresql://{parts['user']}:{parts['password']}"
        f"@127.0.0.1:{_port(first)},127.0.0.1:{_port(second)}/{parts['dbname']}"
        "?target_session_attrs=read-write&connect_timeout=2"
    )


def _port(url: str) -> int:
    return int(conninfo_to_dict(url)["port"] or 0)


def _until(true: Callable[[], object]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.02)
