"""The nightly pull: for each region the newest zip of its folder, or what its service holds.

`ROSTER_FOLDER/bronx/` holds zips that a district's system leaves there (by SFTP, a share,
a copy), or `oneroster.toml`, which says where its OneRoster 1.2 service is. What cannot be
applied waits on the region's roster page for somebody to look at it.
"""

import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from portico.rosters import jobs
from portico.rosters.http import ServiceError
from portico.rosters.rest import download, read_service
from portico.rosters.uploads import APPLYING, READY, Upload, find_upload, keep_upload
from tenants.queries import region_schemas

log = logging.getLogger(__name__)

SERVICE = "oneroster.toml"
SETTLED_SECONDS = 60  # a younger file may still be arriving
LABEL = "nightly roster"
PIECE = 1 << 20


def pull_all() -> None:
    """Pull every region's roster; one that fails does not stop the others."""
    if not settings.ROSTER_FOLDER:
        return
    for region in region_schemas():
        try:
            pull_region(region, Path(settings.ROSTER_FOLDER) / region)
        except Exception:
            log.exception("nightly roster failed: region=%s", region)


def pull_region(region: str, folder: Path) -> Upload | None:
    """Bring the region's roster in; None when there is none or it changed nothing."""
    service = folder / SERVICE
    if not service.is_file():
        newest = _newest(folder)
        return bring_in(region, newest) if newest else None
    with tempfile.TemporaryDirectory(prefix="portico-roster-") as temporary:
        path = Path(temporary) / "oneroster.zip"
        try:
            download(read_service(service), path)
        except ServiceError as error:
            log.error("nightly roster failed: region=%s: %s", region, error)
            return None
        return bring_in(region, path)


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


def _newest(folder: Path) -> Path | None:
    old_enough = time.time() - SETTLED_SECONDS
    zips = [
        (path.stat().st_mtime, path)
        for path in folder.glob("*.zip")
        if path.is_file() and not path.is_symlink()
    ]
    return max((one for one in zips if one[0] < old_enough), default=(0, None))[1]


def _pieces(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            yield piece
