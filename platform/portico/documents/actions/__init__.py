"""Everything that can be done with documents. Each within the tenant's transaction."""

from portico.documents.actions.asking import (
    ask_everybody,
    ask_for_documents,
    remind_of_documents,
)
from portico.documents.actions.checking import accept_document, send_document_back
from portico.documents.actions.ending import tell_of_end
from portico.documents.actions.giving import (
    Signature,
    sign_by_link,
    sign_document,
    upload_by_link,
    upload_document,
)
from portico.documents.actions.recording import (
    mark_concentrators,
    set_concentrators,
    set_guardian,
    set_student_facts,
)
from portico.documents.actions.requiring import save_requirement, set_requirement_active

__all__ = [
    "Signature",
    "accept_document",
    "ask_everybody",
    "ask_for_documents",
    "mark_concentrators",
    "remind_of_documents",
    "save_requirement",
    "send_document_back",
    "set_concentrators",
    "set_guardian",
    "set_requirement_active",
    "set_student_facts",
    "sign_by_link",
    "sign_document",
    "tell_of_end",
    "upload_by_link",
    "upload_document",
]
