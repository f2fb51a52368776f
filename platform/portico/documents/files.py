"""Where the files are: outside the web root, a folder a school, each under its document's id.

The folder is the school's schema (`bronx__met/0199…`), so that a school's files can be
copied, moved or removed as one. The storage is Django's `documents` (settings.STORAGES): a
folder on disk, or a bucket where DOCUMENT_BUCKET names one.
"""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext_lazy as _

from portico.documents.sniffing import ENOUGH, sniff
from tenants.context import current_schema
from tenants.errors import Refused


@dataclass(frozen=True)
class Kept:
    """What is known of a file once it is kept. *size* in bytes."""

    content_type: str
    size: int
    sha256: str


def storage() -> Storage:
    return storages["documents"]


def path_of(*, schema: str, document_id: uuid.UUID) -> str:
    return f"{schema}/{document_id}"


def look_at(upload: File) -> str:
    """The content type of *upload*; Refused `file` when it is empty, too large or unknown."""
    size = upload.size or 0
    if size == 0:
        raise Refused("file", _("The file is empty."), field="file")
    if size > settings.DOCUMENT_MAX_BYTES:
        most = settings.DOCUMENT_MAX_BYTES // 1_000_000
        raise Refused(
            "file",
            _("The file is too large; the most is %(most)s MB.") % {"most": most},
            field="file",
        )
    upload.seek(0)
    content_type = sniff(upload.read(ENOUGH))
    if content_type is None:
        raise Refused("file", _("Send a PDF or a photo (JPEG, PNG, HEIC)."), field="file")
    return content_type


def keep(upload: File, *, document_id: uuid.UUID) -> Kept:
    """Store *upload* for the current school. Refused as look_at says.

    Written before its row is committed: should the transaction be undone, the file is
    nobody's, and `portico documents --sweep` removes it.
    """
    content_type = look_at(upload)
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    path = path_of(schema=current_schema(), document_id=document_id)
    if storage().save(path, upload) != path:
        raise RuntimeError("a document's id was taken")
    return Kept(content_type, upload.size or 0, digest.hexdigest())


def open_file(*, document_id: uuid.UUID) -> IO[bytes]:
    """A file of the current school, to be read; FileNotFoundError where it is gone."""
    path = path_of(schema=current_schema(), document_id=document_id)
    return storage().open(path, "rb")


def files_of(schema: str) -> Iterator[uuid.UUID]:
    """The ids of the documents the school *schema* has files of."""
    try:
        _folders, names = storage().listdir(schema)
    except FileNotFoundError:  # a folder is made with its first file
        return
    for name in sorted(names):
        yield uuid.UUID(name)


def remove_file(*, schema: str, document_id: uuid.UUID) -> None:
    """Remove one file; nothing happens when it is gone already."""
    storage().delete(path_of(schema=schema, document_id=document_id))
