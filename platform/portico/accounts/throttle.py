"""Slowing down password guessing, per account and per network, in Valkey.

A whole school may sit behind one address, so the network's limit is far above one
person's. Counters forget; nobody is locked out for longer than the window. While Valkey
is away nothing is counted and everybody may sign in: a school must not stand before a
closed door because a counter is lost.
"""

import hashlib
import logging
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WINDOW_SECONDS = 15 * 60
MOST_PER_ACCOUNT = 8
MOST_PER_NETWORK = 300


@dataclass(frozen=True)
class SignInThrottle:
    tenant: str
    email: str
    address: str

    @property
    def _keys(self) -> tuple[tuple[str, int], ...]:
        account = hashlib.sha256(f"{self.tenant} {self.email.strip().lower()}".encode())
        return (
            (f"sign-in:account:{account.hexdigest()[:32]}", MOST_PER_ACCOUNT),
            (f"sign-in:network:{self.address}", MOST_PER_NETWORK),
        )

    def is_closed(self) -> bool:
        """True while there were too many failures lately."""
        try:
            counts = cache.get_many([key for key, _most in self._keys])
        except RedisError:
            log.warning("sign-ins are not counted: Valkey does not answer")
            return False
        return any(counts.get(key, 0) >= most for key, most in self._keys)

    def count_failure(self) -> None:
        try:
            for key, _most in self._keys:
                cache.add(key, 0, timeout=WINDOW_SECONDS)
                cache.incr(key)
        except (RedisError, ValueError):  # ValueError: the window ended between the two
            log.warning("a failed sign-in was not counted")

    def forgive(self) -> None:
        """A success clears the account's count; the network's goes on."""
        try:
            cache.delete(self._keys[0][0])
        except RedisError:
            log.warning("a count of failed sign-ins was not cleared")
