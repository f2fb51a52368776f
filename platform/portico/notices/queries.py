"""Reading notices, as words for their reader."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format

from portico.accounts.models import Person
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
    if day := data.get("starts_on"):
        words["starts_on"] = date_format(date.fromisoformat(day), "DATE_FORMAT")
    return words


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
            body=str(kind.body) % words,
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


def absolute_url(path: str) -> str:
    """*path* at the current tenant's host, as people reach it."""
    port = "" if settings.PUBLIC_PORT in (80, 443) else f":{settings.PUBLIC_PORT}"
    return f"{settings.SITE_SCHEME}://{primary_host(current_schema())}{port}{path}"
