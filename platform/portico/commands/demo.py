"""Run the whole portal on this machine, with example data."""

import contextlib
import errno
import http.client
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from portico import embedded, parts
from portico.commands import start_django
from portico.embedded import StartError
from portico.supervisor import Stop, Supervisor, stop_on_signals
from portico.terminal import console, step

WEB = (
    "granian --interface wsgi --workers 2 --blocking-threads 4 --no-ws"
    " --respawn-failed-workers --host 127.0.0.1"
)
WORKER = "celery --app portico.celery:app worker --concurrency 2 --loglevel INFO"
BEAT = "celery --app portico.celery:app beat --pidfile= --loglevel INFO"
START_SECONDS = 60
HALF_SEEDED = "half-seeded"
KEPT_AS_FILES = ("outbox", "exports", "documents", "rosters")  # their links die with the database


@click.command()
@click.option("--check", is_flag=True, help="Walk through the story over HTTP, then stop.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True
)
@click.option("--fresh", is_flag=True, help="Delete the data of earlier runs first.")
def command(check: bool, port: int, fresh: bool) -> int:
    """Run the whole portal on this machine, with example data.

    Starts PostgreSQL and Valkey (or uses DATABASE_URL and REDIS_URL), the web
    server, a worker and its clock. Ctrl-C stops everything; the data is kept in
    .portico/ for the next time.
    """
    stop_on_signals()
    base_url = f"http://localhost:{port}"
    folder = parts.data_folder()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_only_one(folder))
        programs = Supervisor(folder)
        programs.stop_leftovers()  # they may hold the port
        _claim(port)
        ours = "DATABASE_URL" not in os.environ
        if fresh or (ours and (folder / HALF_SEEDED).exists()):
            _forget(folder)
        with step("PostgreSQL"):
            stack.enter_context(parts.database())
        with step("Valkey"):
            stack.enter_context(parts.broker())
        stack.enter_context(programs)  # after the servers: stopped before them
        os.environ["PORT"] = str(port)  # addresses in pages and mails
        _prepare(folder)
        with step("Web server, worker and clock"):
            _start(programs, port, folder)
        if check:
            from portico.demo.check import run_check

            return 0 if run_check(base_url=base_url) else 1
        try:
            _show_sign_ins(port)
            programs.watch()
        except Stop:  # the way a demo is meant to end
            console.print("Stopping …")
            return 0


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    from portico.embedded.shared import lock, speaking_plainly

    with contextlib.ExitStack() as stack:
        with speaking_plainly(folder):
            alone = stack.enter_context(lock(folder / "demo", "lock", wait=False))
        if not alone:
            raise StartError("A demo already runs from this folder; stop it first with Ctrl-C")
        yield


def _claim(port: int) -> None:
    """Say so now if the port is not to be had, not after a minute of preparations."""
    advice = "choose another: make demo PORT=8001, or portico demo --port 8001"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = "taken" if error.errno == errno.EADDRINUSE else "not open to this user"
            raise StartError(f"Port {port} is {why}; {advice}") from error
    with socket.socket() as probe:  # macOS lets us bind beside a server on all addresses
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise StartError(f"Port {port} is taken; {advice}")


def _forget(folder: Path) -> None:
    if os.environ.get("DATABASE_URL"):
        raise StartError("Only data of our own is deleted; empty the database of DATABASE_URL")
    with step("Deleting the data of earlier runs"):
        embedded.forget(folder / "postgres")
        embedded.forget(folder / "valkey")
        for kept in KEPT_AS_FILES:
            shutil.rmtree(folder / kept, ignore_errors=True)
        (folder / HALF_SEEDED).unlink(missing_ok=True)


def _prepare(folder: Path) -> None:
    _build_assets()
    start_django()
    with step("Database") as say:
        from tenants.setup import set_up_database

        set_up_database(progress=say)
    from tenants.models import Region

    if Region.objects.exists():
        if (folder / HALF_SEEDED).exists():
            raise StartError("The example data in DATABASE_URL is half made; empty that database")
    else:
        with step("Example region, schools and people") as say, _marked(folder / HALF_SEEDED):
            from portico.demo.seed import seed_demo

            seed_demo(progress=say)


@contextlib.contextmanager
def _marked(mark: Path) -> Iterator[None]:
    """Leave *mark* behind unless the block comes to its end: half a region is of no use."""
    mark.touch()
    yield
    mark.unlink()


def _build_assets() -> None:
    """In a process of its own, whose lines are shown only if it fails."""
    with step("Styles, fonts and translations"):
        done = subprocess.run(
            [sys.executable, "-m", "portico.web.build_assets"],
            capture_output=True,
            text=True,
            start_new_session=True,
        )
        if done.returncode:
            reason = done.stderr.strip() or done.stdout.strip()
            raise StartError(f"The assets could not be built: {reason}")


def _start(programs: Supervisor, port: int, folder: Path) -> None:
    programs.start("web", [*WEB.split(), "--port", str(port), "portico.wsgi:application"])
    programs.start("worker", WORKER.split())
    programs.start("beat", [*BEAT.split(), "--schedule", str(folder / "beat-schedule")])
    programs.wait_until(
        lambda: _healthy(port), what="The web server does not answer", seconds=START_SECONDS
    )
    programs.wait_until(
        lambda: " ready." in programs.log("worker"),
        what="The worker is not ready",
        seconds=START_SECONDS,
    )


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _show_sign_ins(port: int) -> None:
    """Addresses are never broken over two lines: people click or copy them."""
    from portico.demo.seed import sign_ins

    rows = [(role, f"http://{host}:{port}", email, word) for role, host, email, word in sign_ins()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    console.print()
    for *cells, password in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        console.print(f"  {line}  {password}", soft_wrap=True, markup=False)
    console.print("\nPortico runs. Ctrl-C stops it; the data is kept.")
