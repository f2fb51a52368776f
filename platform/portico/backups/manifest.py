"""What lies in a backup: its manifest, and checking that nothing of it was changed or lost.

DIR/manifest.json             this
DIR/tenants/bronx__met.dump   pg_dump's custom format, one schema
DIR/tenants/bronx__met.json   its row of the registry, and what the region keeps for it
DIR/files/ROSTER_DIR/bronx__met/…
"""

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tenants.errors import Refused
from tenants.names import region_of

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Sealed:
    """One file of the backup."""

    sha256: str
    bytes: int


@dataclass
class Facts:
    """What a tenant's backup holds beside its dump.

    `registry`: its row there, by field, the region by its schema. `hosts`: (host, primary).
    `rows`: table -> how many. `due` and `releases`: of a school, as its region had them.
    """

    registry: dict[str, Any]
    hosts: list[tuple[str, bool]]
    migrations: list[tuple[str, str]]
    rows: dict[str, int]
    due: list[dict[str, Any]] = field(default_factory=list)
    releases: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Backup:
    """A backup in *folder*; `made_at` is the moment its rows are of (ISO, UTC)."""

    folder: Path
    made_at: str
    portico: str
    server: str
    tenants: list[str] = field(default_factory=list)  # schemas, a region before its schools
    files: dict[str, Sealed] = field(default_factory=dict)  # path within folder -> what it was

    def dump(self, schema: str) -> Path:
        return self.folder / _dump_name(schema)

    def facts(self, schema: str) -> Facts:
        return Facts(**json.loads((self.folder / _facts_name(schema)).read_text()))

    def schools_of(self, region: str) -> list[str]:
        return [schema for schema in self.tenants if region_of(schema) == region]

    def seal(self, path: Path) -> None:
        """Note a file that has been written, with its hash."""
        self.files[str(path.relative_to(self.folder))] = _seal(path)

    def write_facts(self, schema: str, facts: Facts) -> None:
        path = self.folder / _facts_name(schema)
        path.write_text(json.dumps(asdict(facts), indent=1))
        self.seal(path)

    def write(self) -> None:
        """Write the manifest, last of all: a folder without one is no backup."""
        said = {
            "format": FORMAT,
            "made_at": self.made_at,
            "portico": self.portico,
            "server": self.server,
            "tenants": self.tenants,
            "files": {name: asdict(sealed) for name, sealed in sorted(self.files.items())},
        }
        (self.folder / MANIFEST).write_text(json.dumps(said, indent=1) + "\n")

    def check(self, schemas: list[str]) -> None:
        """Refused when a file of one of *schemas* is missing or not what it was."""
        for name, sealed in self.files.items():
            if not _belongs(name, schemas):
                continue
            path = self.folder / name
            if not path.is_file():
                raise Refused("incomplete", f"The backup is incomplete: {name} is missing.")
            if _seal(path) != sealed:
                raise Refused("changed", f"The backup was changed: {name} is not what it was.")


def open_backup(folder: Path) -> Backup:
    """The backup in *folder*; Refused when there is none, or one of a later format."""
    try:
        said = json.loads((folder / MANIFEST).read_text())
        if said["format"] != FORMAT:
            raise Refused("format", f"This backup has format {said['format']}, this is {FORMAT}.")
        return Backup(
            folder=folder,
            made_at=said["made_at"],
            portico=said["portico"],
            server=said["server"],
            tenants=said["tenants"],
            files={name: Sealed(**sealed) for name, sealed in said["files"].items()},
        )
    except FileNotFoundError as error:
        raise Refused("not_found", f"There is no backup in {folder}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("broken", f"{folder / MANIFEST} cannot be read.") from error


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON can say it, times to the microsecond: a deadline is compared with its plan."""
    return {
        key: value.isoformat()
        if isinstance(value, datetime.datetime)
        else value
        if value is None or isinstance(value, bool | int | float | list | str)
        else str(value)
        for key, value in row.items()
    }


def _dump_name(schema: str) -> str:
    return f"tenants/{schema}.dump"


def _facts_name(schema: str) -> str:
    return f"tenants/{schema}.json"


def _belongs(name: str, schemas: list[str]) -> bool:
    """Whether a file is one of these tenants'."""
    kind, _, rest = name.partition("/")
    if kind == "tenants":
        return rest.rpartition(".")[0] in schemas
    return rest.split("/")[1] in schemas


def _seal(path: Path) -> Sealed:
    with path.open("rb") as file:
        return Sealed(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)
