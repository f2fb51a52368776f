"""Started anew under load: nobody is turned away, and nothing that was begun is lost."""

import contextlib
import http.client
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from portico.embedded.shared import free_port
from tests.deploy.test_proxy import DEPLOY, connected, proxy
from tests.running_site import RunningSite, running_site, wait_for
from tests.world import School


class Load:
    """Visitors who ask one after another, until told to stop; what became of each."""

    def __init__(self, ask, visitors: int = 4) -> None:  # type: ignore[no-untyped-def]
        self.outcomes: Counter[str] = Counter()
        self._ask = ask
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._visit) for _ in range(visitors)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _visit(self) -> None:
        while not self._stop.is_set():
            try:
                outcome = str(self._ask())
            except (OSError, http.client.HTTPException) as error:
                outcome = type(error).__name__
            self.outcomes[outcome] += 1

    def answered(self, more: int) -> "Wanted":
        return Wanted(self, sum(self.outcomes.values()) + more)


class Wanted:
    """True once so many requests have been answered."""

    def __init__(self, load: Load, total: int) -> None:
        self.load, self.total = load, total

    def __call__(self) -> bool:
        return sum(self.load.outcomes.values()) >= self.total


def serving(site: RunningSite) -> set[int]:
    """The server's worker processes."""
    found = set()
    for child in psutil.Process(site.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "resource_tracker" not in " ".join(child.cmdline()):
                found.add(child.pid)
    return found


def wait(site: RunningSite, is_so) -> None:  # type: ignore[no-untyped-def]
    wait_for(is_so, process=site.process, log=site.log_file)


def test_a_reload_under_load_fails_no_request(committed_db: None, met: School, tmp_path: Path):
    """Behind the proxy, which asks again where a process closed with a visitor in its queue."""
    with (
        running_site(tmp_path, reload_seconds=10) as site,
        proxy(tmp_path, DEPLOY, tls="internal", web=site.port) as (https, _http),
    ):
        before = serving(site)
        assert len(before) == 2
        wait(site, lambda: _is_let_in(met.host, https))
        with Load(lambda: _status(met.host, https), visitors=2) as load:
            wait(site, load.answered(20))
            site.process.send_signal(signal.SIGHUP)
            wait(site, lambda: len(serving(site)) == 2 and not serving(site) & before)
            wait(site, load.answered(20))
        assert set(load.outcomes) == {"200"}


@contextmanager
def locked(met: School) -> Iterator[None]:
    """While this lasts, who reads a person of the school waits."""
    owner = settings.DATABASES["owner"]
    with psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=owner["NAME"],
    ) as connection:
        connection.execute(f"LOCK TABLE {met.schema}.accounts_person")  # type: ignore[arg-type]
        yield
        connection.rollback()


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGTERM])
def test_a_request_under_way_is_answered(
    committed_db: None, met: School, tmp_path: Path, ending: signal.Signals
):
    student = met.student()
    session = met.client(student).cookies["portico_session"].value
    cookie = {"Cookie": f"portico_session={session}"}
    answers: list[int] = []
    with running_site(tmp_path, reload_seconds=1) as site:
        ask = threading.Thread(
            target=lambda: answers.append(site.get("/journey/", host=met.host, **cookie).status)
        )
        with locked(met):
            ask.start()
            wait(site, _somebody_waits)
            site.process.send_signal(ending)
            if ending == signal.SIGHUP:
                wait(site, lambda: "Stopping old worker" in site.log())
        ask.join()
        assert answers == [200]
        if ending == signal.SIGHUP:  # one told to stop while it starts would not hear it
            wait(site, lambda: site.log().count("Started worker-") == 4)


def _somebody_waits() -> bool:
    with psycopg.connect(settings.DATABASE_URL) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
        ).fetchone() or (0,)
    return bool(count)


def test_behind_the_proxy_a_stopped_site_is_waited_for(
    committed_db: None, met: School, tmp_path: Path
):
    """As `docker compose up` does it: the old one ends, the new one begins at its address."""
    port = free_port()
    with proxy(tmp_path, DEPLOY, tls="internal", web=port) as (https, _http):
        with running_site(tmp_path, port=port) as site:
            wait(site, lambda: _is_let_in(met.host, https))
            load = Load(lambda: _status(met.host, https), visitors=2)
            load.__enter__()
            wait(site, load.answered(10))
        with running_site(tmp_path, port=port) as site:
            wait(site, load.answered(10))
            load.__exit__()
    assert set(load.outcomes) == {"200"}


def _is_let_in(host: str, port: int) -> bool:
    """The proxy has its certificate; the first who come while it is made may be turned away."""
    try:
        return _status(host, port) == 200
    except OSError:
        return False


def _status(host: str, port: int) -> int:
    """Of a page asked for over TLS; patient, for a site takes a while to start."""
    with connected(host, port, timeout=60) as secure:
        wanted = f"GET /sign-in/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        secure.sendall(wanted.encode())
        answer = b"".join(iter(lambda: secure.recv(65536), b""))
    return int(answer.split(None, 2)[1])
