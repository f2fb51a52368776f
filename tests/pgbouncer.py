"""PgBouncer in front of the tests' PostgreSQL, in transaction mode.

Debian's package `pgbouncer`; `.ci/run` installs it. Without it the tests that need it are
skipped and say so; REQUIRE_PGBOUNCER=1 makes that a failure. POOLER=1 puts one in front of
all tests: the site's login goes through it, the owner's past it (tests/servers.py).
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from portico.settings.databases import WEB_LOGIN

CONNECTIONS = 4  # far fewer than the clients that share them


def _program() -> str:
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if found is None:
        message = "PgBouncer is not installed (Debian: apt-get install pgbouncer)"
        if os.environ.get("REQUIRE_PGBOUNCER"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextmanager
def pgbouncer(folder: Path, *, password: str, connections: int = CONNECTIONS) -> Iterator[int]:
    """Run it in *folder* for the site's login, with that many *connections* a database to the
    server of DATABASE_URL; yields its port on this machine."""
    program = _program()
    server = conninfo_to_dict(os.environ["DATABASE_URL"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "users.txt").write_text(f'"{WEB_LOGIN}" "{password}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"""
[databases]
* = host={server["host"]} port={server["port"]}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 1000
server_idle_timeout = 5
server_login_retry = 1
ignore_startup_parameters = extra_float_digits,options
logfile = {folder}/pgbouncer.log
pidfile =
"""
    )
    command = [program, "-q", str(folder / "pgbouncer.ini")]
    if os.getuid() == 0:  # it does not run as root
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "nobody")
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and parent != Path("/") and parent != Path("/tmp"):
                parent.chmod(parent.stat().st_mode | 0o011)
        command = ["setpriv", "--reuid", "nobody", "--clear-groups", *command]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process, folder)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    log = folder / "pgbouncer.log"
    pytest.fail(f"PgBouncer did not start: {log.read_text() if log.exists() else process.poll()}")
