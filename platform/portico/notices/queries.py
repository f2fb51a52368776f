"""Reading notices, as words for their reader."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portico.accounts.models import Person
from portico.notices.bounces import RETURNED
from portico.notices.kinds import KINDS
from portico.notices.models import Notice
from tenants.context import current_schema
from tenants.queries import primary_host


@dataclass(frozen=True)
class Message:
    """A notice in its reader's language. `path` is empty where the link was for an e-mail only."""

    id: uuid.UUID
    subject: str
    body: str
    button: str
    path: str
    at: datetime
    is_new: bool


def _for_people(data: dict[str, Any]) -> dict[str, Any]:
    """Dates and times of a notice's data as people write them, in the active zone."""
    words = dict(data)
    if moment := data.get("deadline"):
        local = timezone.localtime(datetime.fromisoformat(moment))
        words["deadline"] = date_format(local, "DATETIME_FORMAT")
    for name in ("starts_on", "day"):
        if day := data.get(name):
            words[name] = date_format(date.fromisoformat(day), "DATE_FORMAT")
    return words


def _one_stop(text: str) -> str:
    """“until 5:30 p.m.” ends a sentence with the stop it has already."""
    return text.replace(".m..", ".m.")


def in_words(notice: Notice, *, language: str | None = None) -> Message:
    """*notice* in *language* (default: the active one)."""
    kind = KINDS[notice.kind]
    with translation.override(language or translation.get_language()):
        path = kind.path % notice.data
        if "{secret}" in path:
            path = path.replace("{secret}", notice.secret) if notice.secret else ""
        words = _for_people(notice.data)
        return Message(
            id=notice.id,
            subject=str(kind.subject) % words,
            body=_one_stop(str(kind.body) % words).replace(
                "{secret}", notice.secret or "···· ····"
            ),
            button=str(kind.button),
            path=path,
            at=notice.created_at,
            is_new=notice.read_at is None,
        )


def messages_of(*, person: Person, limit: int = 50) -> list[Message]:
    """*person*'s newest notices, without links meant for a mailbox."""
    return [in_words(notice) for notice in Notice.objects.filter(person=person)[:limit]]


def unread_count(*, person: Person) -> int:
    return Notice.objects.filter(person=person, read_at__isnull=True).count()


def told_since(moment: datetime, *, kind: str, **data: Any) -> bool:
    """True when a notice of *kind* with these *data* has been written since *moment*."""
    return Notice.objects.filter(kind=kind, created_at__gte=moment, data__contains=data).exists()


MOST_SHOWN = 100
NOT_WRITTEN = "NotWritten"  # a last_error of ours: the notice itself is at fault


def given_up() -> list[Notice]:
    """Mails that will not be tried any more, newest first."""
    found = Notice.objects.filter(state=Notice.State.FAILED).select_related("person")
    return list(found[:MOST_SHOWN])


def still_tried() -> list[Notice]:
    """Mails that failed before and will be tried again, the next one first."""
    found = Notice.objects.filter(state=Notice.State.WAITING, attempts__gt=0)
    return list(found.select_related("person").order_by("next_attempt_at")[:MOST_SHOWN])


def given_up_count() -> int:
    return Notice.objects.filter(state=Notice.State.FAILED).count()


def link_is_gone(notice: Notice) -> bool:
    """Whether the mail needs a link that is not kept any more: sent again it would lead nowhere."""
    return KINDS[notice.kind].has_link and not notice.secret


def why_undelivered(notice: Notice) -> str:
    """The last failure in words staff can act on."""
    name, _space, codes = notice.last_error.partition(" ")
    if name == "SMTPRecipientsRefused":
        if codes.startswith("5"):
            return _("There is no mailbox with this address. Correct it, then send again.")
        return _("The mailbox takes no mail at the moment.")
    if name == RETURNED:
        if codes.startswith("5.1"):
            return _("It came back: there is no such mailbox. Correct the address.")
        return _("It came back: the mailbox did not take it.")
    if name in ("SMTPDataError", "SMTPSenderRefused"):
        return _("The mail server did not take this mail.")
    if name == "SMTPAuthenticationError":
        return _("The mail server did not accept the portal's sign-in.")
    if name == NOT_WRITTEN:
        return _("The mail could not be written. Tell whoever runs the portal.")
    return _("The mail server could not be reached.")


def absolute_url(path: str) -> str:
    """*path* at the current tenant's host, as people reach it."""
    port = "" if settings.PUBLIC_PORT in (80, 443) else f":{settings.PUBLIC_PORT}"
    return f"{settings.SITE_SCHEME}://{primary_host(current_schema())}{port}{path}"
