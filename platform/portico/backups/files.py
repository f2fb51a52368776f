"""The files that belong to a tenant: copied into a backup, and put back with its rows.

settings.BACKED_UP_DIRS names the settings of folders. In each, the folder named as a
tenant's schema is that tenant's. Documents in a bucket are bucket.py's.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from portico.backups import bucket
from portico.backups.manifest import Backup


def folders() -> Iterator[tuple[str, Path]]:
    """(setting, folder) of the folders that are set and there."""
    for setting in settings.BACKED_UP_DIRS:
        value = getattr(settings, setting, "")
        if value and not (setting == bucket.FOLDER and bucket.is_used()):
            yield setting, Path(value)


def copy_files(backup: Backup, *, schemas: list[str]) -> None:
    """Copy the files of *schemas* into the backup."""
    for setting, folder in folders():
        for schema in schemas:
            for file in sorted((folder / schema).rglob("*")):
                if file.is_file() and not file.is_symlink():
                    target = backup.folder / "files" / setting / file.relative_to(folder)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with contextlib.suppress(FileNotFoundError):  # its time was over meanwhile
                        shutil.copyfile(file, target)
                        backup.seal(target)
    if bucket.is_used():
        bucket.copy_documents(backup, schemas=schemas)


@contextlib.contextmanager
def put_files_back(backup: Backup, *, schemas: list[str]) -> Iterator[None]:
    """The files of *schemas* as the backup has them; as they were if the block fails.

    What was there is kept until the block has ended well.
    """
    with contextlib.ExitStack() as undoing, contextlib.ExitStack() as tidying:
        for setting, folder in folders():
            for schema in schemas:
                _swap(backup.folder / "files" / setting / schema, folder / schema, undoing, tidying)
        with bucket.documents_back(backup, schemas=schemas):
            yield
        undoing.pop_all()


def _swap(
    kept: Path, place: Path, undoing: contextlib.ExitStack, tidying: contextlib.ExitStack
) -> None:
    new, old = (place.with_name(f".{place.name}.{word}") for word in ("restored", "before"))
    shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    if kept.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(kept, new)
        _give_to_owner(new, of=place.parent)
    if place.exists():
        place.rename(old)
        undoing.callback(old.rename, place)
        tidying.callback(shutil.rmtree, old, ignore_errors=True)
    if new.exists():
        new.rename(place)
        undoing.callback(shutil.rmtree, place, ignore_errors=True)


def _give_to_owner(folder: Path, *, of: Path) -> None:
    """To whoever has the folder around it, and nobody else: the site, also when root restores."""
    owner = of.stat()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if os.geteuid() == 0:
            os.chown(path, owner.st_uid, owner.st_gid)
