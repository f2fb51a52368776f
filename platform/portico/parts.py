"""The parts the site needs: where they are, or servers of our own.

DATABASE_URL and REDIS_URL are used when they are set. Where they are not, a
PostgreSQL and a Valkey run from wheels with their data in `.portico/`, shared with
whatever else runs from this folder, a demo for instance.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from portico import embedded


def home() -> Path:
    """The project's folder; the current one where the package is installed without it."""
    source = Path(__file__).resolve().parents[2]
    return source if (source / "pyproject.toml").exists() else Path.cwd()


def data_folder() -> Path:
    """Where this machine's data and logs are kept; PORTICO_DATA moves it."""
    return Path(os.environ.get("PORTICO_DATA") or home() / ".portico").resolve()


@contextlib.contextmanager
def database() -> Iterator[str]:
    """DATABASE_URL for the block, from the environment or from a server of our own."""
    with _from_environment_or("DATABASE_URL", embedded.postgres, "postgres") as url:
        yield url


@contextlib.contextmanager
def broker() -> Iterator[str]:
    """REDIS_URL for the block, from the environment or from a server of our own."""
    with _from_environment_or("REDIS_URL", embedded.valkey, "valkey") as url:
        yield url


@contextlib.contextmanager
def _from_environment_or(variable, start, folder):  # type: ignore[no-untyped-def]
    if url := os.environ.get(variable):
        yield url
        return
    with start(data_folder() / folder) as url:
        os.environ[variable] = url
        try:
            yield url
        finally:
            del os.environ[variable]
