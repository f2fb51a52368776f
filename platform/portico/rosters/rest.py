"""A OneRoster 1.2 REST service, fetched into a bulk zip: from there on it is a file.

Of the Rostering service the collections that a zip would hold are read, page by page, and of
each record the columns we know. http.py asks; this file says what for.
"""

import csv
import io
import shutil
import tempfile
import tomllib
import urllib.parse
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from portico.rosters.http import Client, Credentials, ServiceError
from portico.rosters.tables import (
    CLASSES,
    COURSES,
    ENROLLMENTS,
    METADATA,
    ORGS,
    ROLES,
    SESSIONS,
    USERS_12,
    File,
)

SCOPE = "https://purl.imsglobal.org/spec/or/v1p2/scope/roster.readonly"
LOCAL = ("localhost", "127.0.0.1", "::1")

Record = dict[str, Any]

# Columns of a zip that are references in the service, by the name they have there.
REFERENCES = {
    "parentSourcedId": "parent",
    "courseSourcedId": "course",
    "schoolSourcedId": "school",
    "termSourcedIds": "terms",
    "classSourcedId": "class",
    "userSourcedId": "user",
    "orgSourcedId": "org",
}


@dataclass(frozen=True)
class Service:
    """Where a service is: *base_url* ends in `/ims/oneroster/rostering/v1p2`."""

    base_url: str
    token_url: str
    client_id: str
    client_secret: str
    scope: str = SCOPE


def read_service(path: Path) -> Service:
    """The service that the TOML file at *path* describes, a line for each of its facts."""
    try:
        service = Service(**tomllib.loads(path.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise ServiceError(f"{path.name}: {error}") from error
    for address in (service.base_url, service.token_url):
        parts = urllib.parse.urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
            raise ServiceError(_("%(file)s: %(address)s is not https")
                               % {"file": path.name, "address": address})  # fmt: skip
    return service


def download(
    service: Service, path: Path, *, say: Callable[[str], None] = lambda line: None
) -> None:
    """Write all the service has to *path*, a OneRoster 1.2 bulk zip. ServiceError if it cannot."""
    client = Client(
        service.token_url, Credentials(service.client_id, service.client_secret, service.scope)
    )
    base = service.base_url.rstrip("/")
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
        tempfile.TemporaryFile(prefix="portico-roster-") as roles,
    ):
        packed.writestr("manifest.csv", _manifest())
        write_role = _writer(roles, ROLES)
        for file in (ORGS, SESSIONS, COURSES, USERS_12, CLASSES, ENROLLMENTS):
            say(file.name)
            with packed.open(file.csv, "w", force_zip64=True) as raw:
                write = _writer(raw, file)
                for record in client.records(f"{base}/{file.name}", file.name):
                    if record.get("status") == "tobedeleted":
                        continue
                    write(_cells(record, file))
                    if file is USERS_12:
                        for role in _roles(record):
                            write_role(_cells(role, ROLES))
        roles.seek(0)
        with packed.open(ROLES.csv, "w", force_zip64=True) as raw:
            shutil.copyfileobj(roles, raw)


def _manifest() -> str:
    files = (ORGS, SESSIONS, COURSES, USERS_12, ROLES, CLASSES, ENROLLMENTS)
    lines = ["propertyName,value", "manifest.version,1.0", "oneroster.version,1.2"]
    return "\n".join([*lines, *(f"file.{file.name},bulk" for file in files)]) + "\n"


def _roles(user: Record) -> Iterable[Record]:
    """A user's roles, with the ids they have as rows of a file."""
    for number, role in enumerate(user.get("roles") or []):
        yield {
            **role,
            "sourcedId": f"{user.get('sourcedId', '')}:{number}",
            "user": {"sourcedId": user.get("sourcedId", "")},
        }


def _cells(record: Record, file: File) -> dict[str, str]:
    return {column: _cell(record, column) for column in (*file.needed, *file.also)}


def _cell(record: Record, column: str) -> str:
    if column.startswith(METADATA):
        return _plain((record.get("metadata") or {}).get(column.removeprefix(METADATA)))
    value = record.get(REFERENCES.get(column, column))
    if column == "status":
        return ""  # a bulk file says nothing of it
    if isinstance(value, list):
        return ",".join(_plain(one) for one in value)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("sourcedId")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else " ".join(str(value).split())


def _writer(raw: IO[bytes], file: File) -> Callable[[dict[str, str]], None]:
    """Writes rows of *file* to *raw*; its header at once."""
    columns = [*file.needed, *file.also]

    def write(cells: dict[str, str]) -> None:
        line = io.StringIO()
        csv.writer(line).writerow([cells[column] for column in columns])
        raw.write(line.getvalue().encode())

    write({column: column for column in columns})
    return write
