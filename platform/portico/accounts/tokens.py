"""API tokens: made, found by their secret, revoked."""

import secrets
import uuid
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.hashing import hash_secret
from portico.accounts.models import ApiToken, Person
from tenants.context import writing_context
from tenants.errors import Refused

PREFIX = "portico_"  # so that a secret scanner knows one when it sees it
MOST_TOKENS = 20
LONGEST_DAYS = 366
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


def make_token(
    *, person: Person, name: str, access: str = "read", only: str = "", days: int | None = 90
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is shown once: only a hash is kept.

    *only* limits it to one kind of resource (`listings`); *days* None never expires.
    """
    if not name.strip():
        raise Refused("name_required", _("Say what the token is for."), field="name")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Refused("days", _("A token works for 1 to 366 days."), field="days")
    if live_tokens(person=person).count() >= MOST_TOKENS:
        raise Refused("too_many", _("Twenty tokens are enough; revoke one first."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        name=name.strip(),
        secret_hash=hash_secret(secret),
        hint=secret[: len(PREFIX) + 4],
        access=access,
        only=only,
        expires_at=None if days is None else timezone.now() + timedelta(days=days),
    )
    token.full_clean(exclude=["person", "expires_at", "last_used_at", "revoked_at"])
    token.save()
    return token, secret


def live_tokens(*, person: Person | None = None) -> QuerySet[ApiToken]:
    """*person*'s tokens (without one: everybody's) that work now, newest first."""
    found = _live().order_by("-id")
    return found if person is None else found.filter(person=person)


def find_token(*, secret: str) -> ApiToken | None:
    """The live token of an active person with this secret; notes its use, to the minute."""
    if not secret.startswith(PREFIX):
        return None
    token = _live().select_related("person").filter(secret_hash=hash_secret(secret)).first()
    if token is None or not token.person.is_active:
        return None
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - _USE_IS_NOTED_EVERY:
        with writing_context():
            ApiToken.objects.filter(id=token.id).update(last_used_at=now)
    return token


def revoke_token(*, person: Person, token_id: uuid.UUID) -> None:
    """It stops working at once; ApiToken.DoesNotExist when *person* has no such token."""
    token = ApiToken.objects.get(id=token_id, person=person)
    ApiToken.objects.filter(id=token.id, revoked_at__isnull=True).update(revoked_at=timezone.now())


def _live() -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()), revoked_at__isnull=True
    )
