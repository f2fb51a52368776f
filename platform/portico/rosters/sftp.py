"""Zips a district's system leaves at an SFTP server, fetched into a folder for one night.

The server's host key is pinned: one that is another's gets neither password nor signature.
"""

import os
import socket
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import paramiko
from django.utils.translation import gettext as _

from portico.rosters.archive import MOST_PACKED
from portico.rosters.http import ServiceError

TIMEOUT = 30  # seconds, for each step
MOST_FILES = 100


@dataclass(frozen=True)
class Place:
    """A folder at an SFTP server. *key_file*: a private key's, beside the TOML file."""

    host: str
    host_key: str  # as in known_hosts: "ssh-ed25519 AAAA…"
    user: str
    folder: str = "."
    port: int = 22
    password: str = ""
    key_file: str = ""


def read_place(path: Path) -> Place:
    """The place the TOML file at *path* describes; ServiceError when it does not."""
    try:
        place = Place(**tomllib.loads(path.read_text()))
    except (tomllib.TOMLDecodeError, TypeError, UnicodeDecodeError) as error:
        raise ServiceError(_("%(file)s: %(why)s") % {"file": path.name, "why": error}) from error
    if bool(place.password) == bool(place.key_file):
        raise ServiceError(_("%s needs password or key_file, one of them") % path.name)
    return place


def fetch_zips(place: Place, into: Path, *, beside: Path, since: float = 0) -> None:
    """Copy the zips changed after *since* (Unix time) into the folder *into*, with their times.

    *beside* is where a key_file is looked for. ServiceError says what the server would not do.
    """
    pinned = _pinned(place)
    try:
        connected = socket.create_connection((place.host, place.port), timeout=TIMEOUT)
    except OSError as error:
        raise ServiceError(_("%(host)s: %(why)s") % {"host": place.host, "why": error}) from error
    transport = paramiko.Transport(connected)
    try:
        transport.banner_timeout = transport.auth_timeout = TIMEOUT
        _offer_only(transport, pinned)
        transport.connect(
            hostkey=pinned,
            username=place.user,
            password=place.password or "",
            pkey=paramiko.PKey.from_path(beside / place.key_file) if place.key_file else None,
        )
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        channel = client.get_channel()
        assert channel is not None
        channel.settimeout(TIMEOUT)
        for name, changed in _listed(client, place.folder, since):
            client.get(str(PurePosixPath(place.folder) / name), str(into / name))
            os.utime(into / name, (changed, changed))
    except (paramiko.SSHException, OSError, EOFError, ValueError) as error:
        raise ServiceError(_("%(host)s: %(why)s") % {"host": place.host, "why": error}) from error
    finally:
        transport.close()


def _pinned(place: Place) -> paramiko.PKey:
    entry = paramiko.hostkeys.HostKeyEntry.from_line(f"host {place.host_key}")
    if entry is None or entry.key is None:
        raise ServiceError(_("host_key is no public key: see ssh-keyscan"))
    return entry.key


def _offer_only(transport: paramiko.Transport, pinned: paramiko.PKey) -> None:
    """A server has keys of several kinds: ask for the one that is pinned."""
    name = pinned.get_name()
    wanted = ("rsa-sha2-512", "rsa-sha2-256") if name == "ssh-rsa" else (name,)
    transport.get_security_options().key_types = wanted


def _listed(client: paramiko.SFTPClient, folder: str, since: float) -> list[tuple[str, int]]:
    """Names and times of the zips there, oldest first; no folders, no links, no paths."""
    found = []
    for one in client.listdir_attr(folder):
        is_file = stat.S_ISREG(one.st_mode or 0)
        is_plain = one.filename == PurePosixPath(one.filename).name
        if is_file and is_plain and one.filename.endswith(".zip") and (one.st_mtime or 0) > since:
            if (one.st_size or 0) > MOST_PACKED:
                raise ServiceError(_("%s is larger than 500 MB") % one.filename)
            found.append((one.filename, int(one.st_mtime or 0)))
    return sorted(found, key=lambda pair: (pair[1], pair[0]))[-MOST_FILES:]
