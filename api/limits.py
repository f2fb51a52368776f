"""Rate limits, counted in Valkey by the minute; told in every answer.

`RateLimit-Policy` and `RateLimit` are the fields of the IETF's draft (httpapi
ratelimit-headers), `Retry-After` comes with 429.
"""

import logging
import time
from functools import cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from portico.valkey import Pool
from tenants.context import current_schema

WINDOW_SECONDS = 60
LIMITS = {"read": 600, "write": 120, "signed-out": 60}  # requests a window

log = logging.getLogger(__name__)


class Throttle(BaseThrottle):
    """Reads and writes of a person are counted apart; who is not signed in, by address."""

    left = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        policy, whom = _policy(request)
        window, into = divmod(time.time(), WINDOW_SECONDS)
        self.left = WINDOW_SECONDS - into
        try:
            used = _count_one(f"portico:api:{current_schema()}:{policy}:{whom}:{int(window)}")
        except RedisError:
            # A counter that is away must not close the API.
            log.warning("rate limits are not counted: Valkey does not answer")
            return True
        limit = LIMITS[policy]
        remaining = max(0, limit - used)
        request._request.rate_limit = (policy, limit, remaining, int(self.left))  # type: ignore[attr-defined]
        return used <= limit

    def wait(self) -> float:
        return self.left


@cache
def _valkey(address: str) -> Redis:
    return Redis(connection_pool=Pool.from_url(address, **settings.VALKEY_WAITS))


def _count_one(key: str) -> int:
    """One more; how many there are now. One round trip: Django's cache would take three."""
    with _valkey(settings.REDIS_URL).pipeline(transaction=False) as both:
        both.incr(key)
        both.expire(key, 2 * WINDOW_SECONDS)
        return int(both.execute()[0])


def rate_headers(request: Any) -> dict[str, str]:
    """What stands of the limit, for the answer."""
    rate = getattr(request, "rate_limit", None)
    if rate is None:
        return {}
    policy, limit, remaining, left = rate
    return {
        "RateLimit-Policy": f'"{policy}";q={limit};w={WINDOW_SECONDS}',
        "RateLimit": f'"{policy}";r={remaining};t={left}',
    }


def _policy(request: Request) -> tuple[str, str]:
    if request.user is None or not request.user.is_authenticated:
        return "signed-out", str(request.META.get("REMOTE_ADDR"))
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    return ("read" if reads else "write"), str(request.user.pk)
