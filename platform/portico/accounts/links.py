"""Secrets for links in e-mails: made, found, used up."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from portico.accounts.hashing import hash_secret
from portico.accounts.models import LinkToken, Person


class LinkError(Exception):
    """The link cannot be used; `reason` is `unknown`, `expired` or `used`.

    `link` is the dead link itself where there is one, so that a page can say what became
    of it; whoever has the secret was meant to know.
    """

    def __init__(self, reason: str, link: LinkToken | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.link = link


def make_link(
    *,
    purpose: str,
    person: Person,
    subject_id: uuid.UUID | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Store a new link and return its secret (256 bits, URL-safe). Shown once, kept hashed.

    Expires after settings.LINK_DAYS unless *expires_at* (aware, UTC) says otherwise.
    """
    secret = secrets.token_urlsafe(32)
    LinkToken.objects.create(
        purpose=purpose,
        person=person,
        subject_id=subject_id,
        secret_hash=hash_secret(secret),
        expires_at=expires_at or timezone.now() + timedelta(days=settings.LINK_DAYS),
    )
    return secret


def find_link(*, secret: str, purpose: str, for_use: bool = False) -> LinkToken:
    """The live link with this *secret* and *purpose*, or LinkError.

    With *for_use* the row is locked, so that two clicks at once are one use.
    """
    links = LinkToken.objects.select_related("person")
    if for_use:
        links = links.select_for_update(of=("self",))
    link = links.filter(secret_hash=hash_secret(secret), purpose=purpose).first()
    if link is None or not link.person.is_active:
        raise LinkError("unknown")
    if link.used_at is not None:
        raise LinkError("used", link)
    if link.expires_at <= timezone.now():
        raise LinkError("expired", link)
    return link


def use_link(*, link: LinkToken) -> None:
    """Mark a link found with for_use=True as used."""
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
