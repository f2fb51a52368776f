"""The school looks at what was given: it counts, or it goes back with a reason."""

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.attendance.rules import require_staff
from portico.audit.actions import record
from portico.documents.actions.asking import can_be_asked, write_about
from portico.documents.actions.ending import good_until, plan_end
from portico.documents.models import Document, Giver
from portico.internships.actions.moving import facts, need_reason
from portico.notices.actions import tell
from tenants.errors import Refused


@transaction.atomic
def accept_document(
    *, document_id: uuid.UUID, actor: Person, valid_until: date | None = None
) -> Document:
    """It counts, until *valid_until* (a day at the school), or as the requirement says.

    Of an accepted one the day may be corrected. Refused: `forbidden`, `sent_back`, `past`.
    """
    document = _locked(document_id)
    require_staff(actor, document.placement)
    if document.state == Document.State.SENT_BACK:
        raise Refused("sent_back", _("It was sent back; a new one is asked for."))
    if valid_until is not None and valid_until < timezone.localdate():
        raise Refused("past", _("This day has passed."), field="valid_until")
    until = valid_until or good_until(document.requirement, timezone.localdate())
    _answer(document, actor, state=Document.State.ACCEPTED, valid_until=until)
    plan_end(document)
    return document


@transaction.atomic
def send_document_back(*, document_id: uuid.UUID, actor: Person, reason: str) -> Document:
    """It does not count; whoever gave it reads why and is asked anew.

    Refused: `forbidden`, `reason_required`, `sent_back` (a second click).
    """
    reason = need_reason(reason)
    document = _locked(document_id)
    placement = document.placement
    require_staff(actor, placement)
    if document.state == Document.State.SENT_BACK:
        raise Refused("sent_back", _("It was sent back already."))
    _answer(document, actor, state=Document.State.SENT_BACK, note=reason, valid_until=None)
    plan_end(document)
    words = {"document": document.requirement.title, "reason": reason}
    tell(kind="document_sent_back", person=placement.student, data=facts(placement) | words)
    if document.giver in (Giver.GUARDIAN, Giver.MENTOR) and can_be_asked(placement, document.giver):
        write_about(placement, document.giver)
    return document


def _locked(document_id: uuid.UUID) -> Document:
    return (
        Document.objects.select_for_update(of=("self",))
        .select_related("requirement", "placement__student__teacher")
        .get(id=document_id)
    )


def _answer(document: Document, actor: Person, *, state: str, **changes: object) -> None:
    before = {"state": document.state, "valid_until": document.valid_until}
    now = timezone.now()
    changes |= {"state": state, "checked_by": actor, "checked_at": now}
    for name, value in changes.items():
        setattr(document, name, value)
    document.save(update_fields=list(changes))
    record(
        action=f"document_{state}",
        subject=document.placement,
        actor=actor,
        before=before,
        after={
            "title": document.requirement.title,
            "document": document.id,
            "state": document.state,
            "valid_until": document.valid_until,
            "reason": document.note,
        },
    )
