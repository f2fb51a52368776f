"""Browsers in which an account's password was right before: a signed cookie of this host.

It holds hashes, no names, of the last accounts; it lets nobody in. All it does is that
failures elsewhere do not count against who sits there.
"""

import hashlib
import secrets
from dataclasses import dataclass

from django.core import signing

COOKIE = "portico_known"
SALT = "portico.accounts.known_browsers"
MAX_AGE = 180 * 24 * 3600  # seconds
MOST_ACCOUNTS = 6  # of a computer that is shared


@dataclass(frozen=True)
class KnownBrowser:
    """*id* is random; *accounts* are marks of those who signed in there, newest last."""

    id: str
    accounts: tuple[str, ...] = ()

    def knows(self, *, tenant: str, email: str) -> bool:
        return _mark(tenant, email) in self.accounts

    def with_account(self, *, tenant: str, email: str) -> "KnownBrowser":
        mark = _mark(tenant, email)
        others = [one for one in self.accounts if one != mark]
        return KnownBrowser(self.id, (*others, mark)[-MOST_ACCOUNTS:])

    def as_cookie(self) -> str:
        return signing.dumps([self.id, *self.accounts], salt=SALT)


def read_cookie(value: str) -> KnownBrowser:
    """The browser whose cookie this is; a new one where it is missing, old or made up."""
    try:
        browser_id, *accounts = signing.loads(value, salt=SALT, max_age=MAX_AGE)
    except (signing.BadSignature, ValueError):
        return KnownBrowser(secrets.token_urlsafe(12))
    return KnownBrowser(browser_id, tuple(accounts))


def _mark(tenant: str, email: str) -> str:
    return hashlib.sha256(f"{tenant} {email.strip().lower()}".encode()).hexdigest()[:20]
