"""How long a document is good for, and who is told before it ends."""

import uuid
from calendar import monthrange
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from portico.attendance.school_time import local
from portico.documents.checklist import EXPIRES_SOON
from portico.documents.models import Document, Requirement
from portico.due.actions import drop_work, plan_work
from portico.internships.actions.moving import tell_coordinators
from portico.internships.states import OPEN

ENDS = "document_ends"
TELL_AT = time(8)


def good_until(requirement: Requirement, day: date) -> date | None:
    """The last day a document accepted on *day* is good for; None where it does not expire."""
    if requirement.valid_months is None:
        return None
    return months_after(day, requirement.valid_months)


def months_after(day: date, months: int) -> date:
    """The same day of the month *months* later; the month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def plan_end(document: Document) -> None:
    """Have the school told a month before *document* ends; if it does not, forget the plan."""
    if document.state != Document.State.ACCEPTED or document.valid_until is None:
        drop_work(kind=ENDS, subject_id=document.id)
        return
    when = local(document.valid_until - EXPIRES_SOON, TELL_AT)
    plan_work(kind=ENDS, subject_id=document.id, due_at=max(when, timezone.now()))


@transaction.atomic
def tell_of_end(*, document_id: uuid.UUID) -> datetime | None:
    """A month before its end: tell the coordinators, if the internship still needs it.

    None: nothing is left to do. Else when to come again: its end was moved.
    """
    document = (
        Document.objects.select_for_update(of=("self",))
        .select_related("requirement", "placement__student", "placement__opportunity")
        .filter(id=document_id, state=Document.State.ACCEPTED, valid_until__isnull=False)
        .first()
    )
    if document is None or document.placement.state not in OPEN:
        return None
    assert document.valid_until is not None
    when = local(document.valid_until - EXPIRES_SOON, TELL_AT)
    if when > timezone.now():
        return when
    if not is_newest(document):
        return None
    tell_coordinators(
        kind="document_ends",
        placement=document.placement,
        document=document.requirement.title,
        day=document.valid_until.isoformat(),
    )
    return None


def is_newest(document: Document) -> bool:
    """False when a later one of the same requirement has been accepted."""
    later = Document.objects.filter(
        requirement=document.requirement_id,
        placement=document.placement_id,
        state=Document.State.ACCEPTED,
        given_at__gt=document.given_at,
    )
    return not later.exists()
