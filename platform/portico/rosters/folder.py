"""The nightly pull: for each region the zips of its folder, or what its service or server holds.

`ROSTER_FOLDER/bronx/` holds zips that a district's system leaves there; or `oneroster.toml`,
which says where its OneRoster 1.2 service is; or `sftp.toml`, where its SFTP server is. Deltas
are brought in one after the other, a bulk file takes the place of all before it. What cannot be
applied waits on the region's roster page for somebody to look at it.
"""

import json
import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from portico.rosters import jobs
from portico.rosters.http import ServiceError
from portico.rosters.oneroster import is_bulk
from portico.rosters.rest import download, read_service
from portico.rosters.sftp import fetch_zips, read_place
from portico.rosters.uploads import APPLYING, DONE, READY, Upload, find_upload, keep_upload
from tenants.queries import region_schemas

log = logging.getLogger(__name__)

SERVICE, SFTP = "oneroster.toml", "sftp.toml"
PULLED = "pulled.json"  # ROSTER_DIR/<region>/: time and name of the last zip brought in
SETTLED_SECONDS = 60  # a younger file may still be arriving
LABEL = "nightly roster"
PIECE = 1 << 20

Mark = tuple[float, str]  # a zip's time and name: what comes after what


def pull_all() -> None:
    """Pull every region's roster; one that fails does not stop the others."""
    if not settings.ROSTER_FOLDER:
        return
    for region in region_schemas():
        try:
            pull_region(region, Path(settings.ROSTER_FOLDER) / region)
        except Exception:
            log.exception("nightly roster failed: region=%s", region)


def pull_region(region: str, folder: Path) -> list[Upload]:
    """Bring the region's roster in; the uploads that are left to look at."""
    if not any((folder / name).is_file() for name in (SERVICE, SFTP)):
        return _bring_in_order(region, folder)
    with tempfile.TemporaryDirectory(prefix="portico-roster-") as temporary:
        try:
            if (folder / SERVICE).is_file():
                path = Path(temporary) / "oneroster.zip"
                download(read_service(folder / SERVICE), path)
                upload = bring_in(region, path)
                return [upload] if upload else []
            place = read_place(folder / SFTP)
            fetch_zips(place, Path(temporary), beside=folder, since=_last(region)[0])
            return _bring_in_order(region, Path(temporary))
        except ServiceError as error:
            log.error("nightly roster failed: region=%s: %s", region, error)
            return []


def _bring_in_order(region: str, folder: Path) -> list[Upload]:
    """The zips that came since the last one, each on the one before.

    Stops at one that waits for somebody: what a later delta says stands on it.
    """
    left = []
    for mark, path in _to_bring_in(folder, after=_last(region)):
        upload = bring_in(region, path)
        if upload is not None:
            left.append(upload)
            if upload.state != DONE:
                break
        _remember(region, mark)
    return left


def _to_bring_in(folder: Path, *, after: Mark) -> list[tuple[Mark, Path]]:
    """From the newest bulk file on, where that is new; else the deltas after the last one.

    A bulk file that is the newest of all is looked at every night: it says how things are.
    """
    old_enough = time.time() - SETTLED_SECONDS
    zips = sorted(
        ((path.stat().st_mtime, path.name), path)
        for path in folder.glob("*.zip")
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime < old_enough
    )
    for at in reversed(range(len(zips))):
        mark, path = zips[at]
        if mark <= after and at < len(zips) - 1:
            return zips[at + 1 :]
        if is_bulk(path):
            return zips[at:]
        if mark <= after:
            return []
    return zips


def bring_in(region: str, path: Path) -> Upload | None:
    """Apply the zip at *path*, unless it is refused or would take too many people away."""
    upload = keep_upload(
        tenant=region, name=path.name, chunks=_pieces(path), person="", label=LABEL
    )
    jobs.read_upload(tenant=region, upload_id=upload.id)
    read = find_upload(tenant=region, upload_id=upload.id)
    assert read is not None
    if read.state != READY or read.too_many:
        log.warning("nightly roster waits for somebody: region=%s", region)
        return read
    if not read.has_changes:
        read.drop()
        return None
    read.state = APPLYING
    read.save()
    jobs.apply_upload(tenant=region, upload_id=upload.id)
    return find_upload(tenant=region, upload_id=upload.id)


def _last(region: str) -> Mark:
    try:
        at, name = json.loads(_pulled(region).read_text())
    except (FileNotFoundError, ValueError):
        return (0.0, "")
    return (float(at), str(name))


def _remember(region: str, mark: Mark) -> None:
    path = _pulled(region)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps(mark))


def _pulled(region: str) -> Path:
    return Path(settings.ROSTER_DIR) / region / PULLED


def _pieces(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece
