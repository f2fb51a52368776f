"""The site as deploy/ runs it: granian in front of the database the test is in."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from portico.embedded.shared import free_port

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
GRANIAN = (
    "--interface wsgi --host 127.0.0.1 --blocking-threads 4 --no-ws"
    " --respawn-failed-workers --workers-kill-timeout 45"
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass(frozen=True)
class RunningSite:
    port: int
    process: "subprocess.Popen[bytes]"
    log_file: Path

    def get(self, path: str, *, host: str = "127.0.0.1", **headers: str) -> Answer:
        return get(self.port, path, host=host, **headers)

    def log(self) -> str:
        return self.log_file.read_text()


def get(port: int, path: str, *, host: str = "127.0.0.1", **headers: str) -> Answer:
    """GET on loopback; `X_Request_ID="…"` becomes a header."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": host, **named})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read())
    finally:
        connection.close()


def production(folder: Path, **changes: str) -> dict[str, str]:
    """An environment of production, for programs beside the test."""
    pooled = "WEB_DATABASE_URL" in os.environ
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.production",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DATABASE_URL": _address("owner"),
        "WEB_DATABASE_URL": _address("default") if pooled else "",
        # the database this test process may clear: no other's worker takes its messages
        "REDIS_URL": settings.CACHES["default"]["LOCATION"],
        "SECRET_KEY": settings.SECRET_KEY,
        "BASE_HOST": "localhost",
        "SITE_SCHEME": "http",
        "EMAIL_URL": "dummymail://",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "HEARTBEAT_DIR": str(folder / "heartbeats"),
        "PYTHONUNBUFFERED": "1",
        **changes,
    }


def portico(url: str, *arguments: str) -> str:
    """What the command line says, with the database at *url*; fails when it does."""
    own = {"DATABASE_URL": url, "WEB_DATABASE_URL": "", "SECRET_KEY": settings.SECRET_KEY}
    done = subprocess.run(
        [sys.executable, "-m", "portico.cli", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | own,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _address(alias: str) -> str:
    facts = settings.DATABASES[alias]
    names = {
        "host": "HOST",
        "port": "PORT",
        "user": "USER",
        "password": "PASSWORD",
        "dbname": "NAME",
    }
    return " ".join(f"{name}={facts[key]}" for name, key in names.items() if facts[key])


@contextmanager
def program(
    folder: Path, name: str, *command: str, stop_seconds: int = 30, **changes: str
) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    """A program of this virtual environment, in an environment of production, and its log."""
    log = folder / f"{name}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env=production(folder, **changes),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process, log
    finally:
        process.terminate()
        try:
            process.wait(stop_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def running_site(
    folder: Path, *, port: int = 0, processes: int = 2, reload_seconds: int = 20, **changes: str
) -> Iterator[RunningSite]:
    """granian, with two processes as deploy/ has it, once it answers with all of them.

    A process that is told to stop while it still starts does not hear it, and costs a test
    half a minute. *reload_seconds* is what a new one has before an old one is stopped.
    """
    port = port or free_port()
    options = (
        *GRANIAN.split(),
        *("--workers", str(processes), "--port", str(port)),
        *("--respawn-interval", str(reload_seconds)),
    )
    command = ("granian", *options, "portico.wsgi:application")
    with program(folder, "web", *command, **changes) as (process, log):
        site = RunningSite(port, process, log)
        wait_for(lambda: _all_started(site, processes), process=process, log=log)
        yield site


def wait_for(  # type: ignore[no-untyped-def]
    is_so, *, process: "subprocess.Popen[bytes] | None", log: Path, seconds: float = 120
) -> None:
    """Until *is_so* says yes; fails when *process*, where there is one, dies or time is up."""
    give_up = time.monotonic() + seconds
    while not is_so():
        assert process is None or process.poll() is None, log.read_text()[-3000:]
        assert time.monotonic() < give_up, log.read_text()[-3000:]
        time.sleep(0.05)


def _all_started(site: RunningSite, processes: int) -> bool:
    if site.log().count("Started worker-") < processes:
        return False
    try:
        return site.get("/healthz").status == 200
    except (OSError, http.client.HTTPException):
        return False
