"""Secrets of the links in guardians' and mentors' e-mails: made and found."""

import secrets
from datetime import timedelta

from django.utils import timezone

from portico.accounts.hashing import hash_secret
from portico.documents.models import DocumentLink
from portico.documents.reaching import Reach
from portico.internships.models import Placement

LINK_DAYS = 14


class LinkDead(Exception):
    """The link cannot be used; `reason` is `unknown` or `expired`."""

    def __init__(self, reason: str, link: DocumentLink | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.link = link


def hash_of(text: str) -> str:
    """SHA-256 in hexadecimal: of a secret, of a text that is signed."""
    return hash_secret(text)


def make_link(*, placement: Placement, giver: str, reach: Reach) -> tuple[DocumentLink, str]:
    """A new link and its secret (256 bits), which is kept only as a hash."""
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    link = DocumentLink.objects.create(
        placement=placement,
        giver=giver,
        email=reach.email,
        name=reach.name,
        language=reach.language,
        secret_hash=hash_of(secret),
        created_at=now,
        expires_at=now + timedelta(days=LINK_DAYS),
    )
    return link, secret


def find_link(*, secret: str, for_use: bool = False) -> DocumentLink:
    """The live link with this *secret*; LinkDead when there is none, or its time has passed.

    With *for_use* its row is locked, so that two clicks at once line up.
    """
    links = DocumentLink.objects.select_related("placement__student__teacher")
    if for_use:
        links = links.select_for_update(of=("self",))
    link = links.filter(secret_hash=hash_of(secret)).first()
    if link is None:
        raise LinkDead("unknown")
    if link.expires_at <= timezone.now():
        raise LinkDead("expired", link)
    return link
