"""Who has written something reads it: where in the primary's log the last write of theirs stands.

A browser brings it along in a signed cookie. A program with a token does not keep cookies: for
it the place is in Valkey, by the token, and while Valkey is away it reads from the primary.
Either is forgotten after REPLICA_MOST_LAG seconds, when no replica that is read can lack it
(tenants.replicas.LagBound). Only with replicas is any of this done.
"""

import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from tenants.lsn import Lsn

COOKIE = "portico_written"
SALT = "tenants.own_writes"

log = logging.getLogger(__name__)


class Unknown(Exception):
    """Nobody can say what the asker has written: the primary is to be read."""


def written_by(request: HttpRequest) -> Lsn | None:
    """The asker's last write; None when there was none lately. Unknown: see there."""
    key = _key(request)
    if key is None:
        # the browser drops it in time: hosts' clocks may differ
        kept = request.get_signed_cookie(COOKIE, default=None, salt=SALT)
    else:
        try:
            kept = cache.get(key)
        except RedisError as error:
            raise Unknown from error
    return Lsn.parse(kept) if kept else None


def keep_write(request: HttpRequest, response: HttpResponseBase, *, written: Lsn) -> None:
    """Let the asker's next requests know that *written* is theirs."""
    key = _key(request)
    if key is None:
        response.set_signed_cookie(
            COOKIE,
            str(written),
            salt=SALT,
            max_age=settings.REPLICA_MOST_LAG,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return
    try:
        cache.set(key, str(written), settings.REPLICA_MOST_LAG)
    except RedisError:
        log.warning("a token's write is not noted: Valkey does not answer")


def _key(request: HttpRequest) -> str | None:
    """Where a token's writes are noted; None for a browser."""
    authorization = request.headers.get("Authorization", "")
    if not authorization:
        return None
    asker = salted_hmac(SALT, f"{request.get_host()} {authorization}").hexdigest()
    return f"written:{asker}"
