"""Documents that lie in a bucket: copied into a backup, and put back from it.

In a backup they are where a folder's would be, so that one made from a folder can be restored
into a bucket, and the other way round. A document never changes under its id: to put back is to
add what is missing and to take away what was not there.
"""

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage

from portico.backups.manifest import Backup
from portico.documents.files import files_of, path_of, remove_file, storage

FOLDER = "DOCUMENT_DIR"  # as backups.files calls it


def is_used() -> bool:
    """Whether documents are elsewhere than in a folder of this machine."""
    return not isinstance(storage(), FileSystemStorage)


def copy_documents(backup: Backup, *, schemas: list[str]) -> None:
    """Copy the documents of *schemas* into the backup."""
    for schema in schemas:
        for document_id in files_of(schema):
            target = _place(backup, schema) / str(document_id)
            target.parent.mkdir(parents=True, exist_ok=True)
            with (
                contextlib.suppress(FileNotFoundError),  # its time was over meanwhile
                storage().open(path_of(schema=schema, document_id=document_id), "rb") as kept,
                target.open("wb") as copy,
            ):
                shutil.copyfileobj(kept, copy)
            if target.exists():
                backup.seal(target)


@contextlib.contextmanager
def documents_back(backup: Backup, *, schemas: list[str]) -> Iterator[None]:
    """The documents of *schemas* as the backup has them; as they were if the block fails.

    Where they are in a folder nothing is done here.
    """
    if not is_used():
        yield
        return
    surplus: list[tuple[str, uuid.UUID]] = []
    with contextlib.ExitStack() as undoing:
        for schema in schemas:
            there, kept = set(files_of(schema)), _kept(backup, schema)
            for document_id in sorted(kept - there):
                with (_place(backup, schema) / str(document_id)).open("rb") as file:
                    storage().save(path_of(schema=schema, document_id=document_id), File(file))
                undoing.callback(remove_file, schema=schema, document_id=document_id)
            surplus += [(schema, document_id) for document_id in sorted(there - kept)]
        yield
        undoing.pop_all()
    for schema, document_id in surplus:
        remove_file(schema=schema, document_id=document_id)


def _place(backup: Backup, schema: str) -> Path:
    return backup.folder / "files" / FOLDER / schema


def _kept(backup: Backup, schema: str) -> set[uuid.UUID]:
    place = _place(backup, schema)
    return {uuid.UUID(file.name) for file in place.iterdir()} if place.is_dir() else set()
