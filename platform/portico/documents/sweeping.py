"""Files and rows compared: a file no document names, a document whose file is gone."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from portico.documents.files import files_of, path_of, remove_file, storage
from portico.documents.models import Document
from tenants.context import tenant_context

YOUNG = timedelta(hours=1)  # may belong to a transaction that is not over


@dataclass(frozen=True)
class Compared:
    """Of one school: documents without a file, files without a document."""

    schema: str
    missing: list[uuid.UUID]
    orphans: list[uuid.UUID]


def compare_files(*, schema: str) -> Compared:
    """Compare the files of *schema* with its documents."""
    kept = set(files_of(schema))
    with tenant_context(schema):
        named = set(Document.objects.exclude(sha256="").values_list("id", flat=True))
    return Compared(schema, sorted(named - kept), sorted(kept - named))


def remove_orphans(found: Compared) -> int:
    """Remove files of no document that are older than an hour; how many."""
    removed = 0
    for document_id in found.orphans:
        path = path_of(schema=found.schema, document_id=document_id)
        if storage().get_modified_time(path) < timezone.now() - YOUNG:
            remove_file(schema=found.schema, document_id=document_id)
            removed += 1
    return removed
