"""Handing out a file: to those who may read it, as a download that nothing runs."""

from django.http import FileResponse

from portico.accounts.models import Person
from portico.audit.actions import record
from portico.documents.files import open_file
from portico.documents.models import Document
from portico.documents.sniffing import EXTENSIONS


def download(document: Document, *, actor: Person) -> FileResponse:
    """The file of *document*; the reading is in history.

    Document.DoesNotExist where there is none: it was signed, or the file is gone.

    Never shown inside the site: an attachment, of the type its bytes have, in a sandbox
    without an origin. Its name is ours; what the sender called it is not kept.
    """
    if not document.is_file:
        raise Document.DoesNotExist
    try:
        file = open_file(document_id=document.id)
    except FileNotFoundError as gone:
        raise Document.DoesNotExist from gone
    record(
        action="document_read",
        subject=document.placement,
        actor=actor,
        after={"title": document.requirement.title, "document": document.id},
    )
    extension = EXTENSIONS[document.content_type]
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{document.requirement.kind}-{document.id.hex[-8:]}.{extension}",
        content_type=document.content_type,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
