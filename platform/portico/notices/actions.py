"""Telling people, in the transaction of what is told."""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portico.accounts.models import Person
from portico.due.actions import plan_work
from portico.notices.daily import plan_daily
from portico.notices.kinds import KINDS
from portico.notices.models import Notice
from portico.notices.queries import link_is_gone
from portico.notices.topics import How, mail_for
from tenants.errors import Refused

STATE = {
    How.NOW: Notice.State.WAITING,
    How.DAILY: Notice.State.DAILY,
    How.NEVER: Notice.State.PORTAL,
}


def tell(
    *, kind: str, person: Person, data: dict[str, Any], secret: str = "", language: str = ""
) -> Notice:
    """Put a notice of *kind* for *person* into the outbox; KeyError on an unknown kind.

    *data* fills the kind's words and path, JSON-plain. *secret* is that of a link made
    by accounts.links; it is dropped from the row once the e-mail is on its way. Whether it
    comes by e-mail, and when, the person has chosen: see topics.py.
    """
    KINDS[kind]  # an unknown kind is a fault here and not at the worker's
    how = mail_for(person=person, kind=kind)
    mail = how == How.NOW
    notice = Notice.objects.create(
        kind=kind,
        person=person,
        email=person.email if mail else "",
        language=language or person.language or "en",
        data=data,
        secret=secret,
        state=STATE[how],
        next_attempt_at=timezone.now() if mail else None,
    )
    if mail:
        plan_work(kind="deliver", subject_id=notice.id, due_at=notice.created_at)
    elif how == How.DAILY:
        plan_daily(person=person)
    return notice


def write_to(
    *, kind: str, email: str, language: str, data: dict[str, Any], secret: str = ""
) -> Notice:
    """Put a message of *kind* for somebody without an account into the outbox."""
    notice = Notice.objects.create(
        kind=kind,
        email=email,
        language=language or "en",
        data=data,
        secret=secret,
        state=Notice.State.WAITING,
        next_attempt_at=timezone.now(),
    )
    plan_work(kind="deliver", subject_id=notice.id, due_at=notice.created_at)
    return notice


def mark_read(*, person: Person) -> int:
    """Mark all of *person*'s notices as read; return how many were new."""
    return Notice.objects.filter(person=person, read_at__isnull=True).update(read_at=timezone.now())


def mark_told(*, notice: Notice) -> None:
    """No news in the portal: the e-mail is all there is to it."""
    Notice.objects.filter(id=notice.id).update(read_at=timezone.now())


def send_again(*, notice_id: uuid.UUID) -> bool:
    """Put a notice that was given up back into the queue; False if it was not given up.

    It goes to the person's address of today: a wrong one has been corrected meanwhile. Refused
    (`link_gone`) when it came back after it was sent: the link in it is not kept so long.
    """
    notice = (
        Notice.objects.select_for_update(of=("self",)).select_related("person").get(id=notice_id)
    )
    if notice.state != Notice.State.FAILED:
        return False
    if link_is_gone(notice):
        raise Refused("link_gone", _("The link in it is gone. Ask anew where it was asked."))
    if notice.person is not None and notice.person.email:
        notice.email = notice.person.email
    notice.state, notice.attempts, notice.last_error = Notice.State.WAITING, 0, ""
    notice.next_attempt_at = timezone.now()
    notice.save(update_fields=["email", "state", "attempts", "last_error", "next_attempt_at"])
    plan_work(kind="deliver", subject_id=notice.id, due_at=timezone.now())
    return True
