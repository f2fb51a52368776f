"""A roster brought to a page, from upload to done. Its files lie outside the web root.

Each upload has a folder `ROSTER_DIR/<tenant>/<id>/` with the file as it came, what would
change (a file a school), and how far it is. Names of people are in there and nowhere else;
they go as soon as the roster is applied or dropped, and after a day in any case.
"""

import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

KEEP_SECONDS = 24 * 3600
MOST_BYTES = 500_000_000

# Where an upload stands.
CHOOSING, READING, READY, APPLYING, DONE = "choosing", "reading", "ready", "applying", "done"
REFUSED, FAILED = "refused", "failed"
SETTLED = (CHOOSING, READY, DONE, REFUSED, FAILED)


@dataclass
class Upload:
    id: str
    tenant: str  # the schema of the region or school
    name: str  # as the file was called
    person: str  # who brought it: id
    label: str  # and name
    state: str = READING
    step: str = ""
    choices: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    schools: list[dict[str, Any]] = field(default_factory=list)  # counts, no names of people
    unknown: list[dict[str, str]] = field(default_factory=list)  # orgs without a school
    at: float = field(default_factory=time.time)

    @property
    def is_list(self) -> bool:
        """A spreadsheet, not a OneRoster zip."""
        return Path(self.name).suffix.lower() != ".zip"

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def too_many(self) -> list[dict[str, Any]]:
        return [school for school in self.schools if school["too_many"]]

    @property
    def has_changes(self) -> bool:
        return any(school["changes"] or school["terms"] for school in self.schools)

    @property
    def folder(self) -> Path:
        return _root() / self.tenant / self.id

    @property
    def file(self) -> Path:
        return self.folder / f"roster{Path(self.name).suffix.lower()}"

    def save(self) -> None:
        _write(self.folder / "upload.json", asdict(self))

    def keep_lines(self, at: int, lines: list[dict[str, Any]]) -> None:
        """What would change at the school number *at*, person by person."""
        _write(self.folder / f"school-{at}.json", lines)

    def lines(self, at: int) -> list[dict[str, Any]]:
        path = self.folder / f"school-{at}.json"
        return list(json.loads(path.read_text())) if path.exists() else []

    def forget_people(self) -> None:
        """Delete the roster and everything that names somebody; how it went stays."""
        for path in self.folder.iterdir():
            if path.name != "upload.json":
                path.unlink()
        self.faults, self.notes = [], []
        for school in self.schools:
            school["remarks"] = []
        self.save()

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def keep_upload(
    *, tenant: str, name: str, chunks: Iterable[bytes], person: str, label: str, **facts: Any
) -> Upload:
    """Keep a file for the worker. The name is only ever shown."""
    upload = Upload(
        id=str(uuid.uuid4()), tenant=tenant, name=Path(name).name[:120], person=person,
        label=label, **facts,
    )  # fmt: skip
    upload.folder.mkdir(parents=True, mode=0o700)
    descriptor = os.open(upload.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        for chunk in chunks:
            file.write(chunk)
    upload.save()
    return upload


def find_upload(*, tenant: str, upload_id: uuid.UUID | str) -> Upload | None:
    """The upload with this id that was brought to *tenant*; None when there is none any more."""
    path = _root() / tenant / str(uuid.UUID(str(upload_id))) / "upload.json"
    try:
        return Upload(**json.loads(path.read_text()))
    except FileNotFoundError:
        return None


def uploads_of(tenant: str) -> list[Upload]:
    """The uploads of a tenant, the newest first."""
    folder = _root() / tenant
    names = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    found = [find_upload(tenant=tenant, upload_id=name) for name in names]
    return sorted((one for one in found if one is not None), key=lambda one: -one.at)


def forget_old() -> int:
    """Delete uploads older than a day; how many."""
    count = 0
    for path in _root().glob("*/*/upload.json"):
        if path.stat().st_mtime < time.time() - KEEP_SECONDS:
            shutil.rmtree(path.parent, ignore_errors=True)
            count += 1
    return count


def _root() -> Path:
    return Path(settings.ROSTER_DIR)


def _write(path: Path, content: Any) -> None:
    """Whole or not at all: somebody may be reading it."""
    part = path.with_suffix(f".{uuid.uuid4().hex}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        json.dump(content, file)
    part.replace(path)
