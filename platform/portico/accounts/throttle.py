"""Slowing down password guessing in Valkey, without shutting a school out.

A whole school sits behind one address, and one of its computers may be the attacker: so no
address is ever closed to browsers that have signed in before, and ways in without a password
are counted for themselves. Counters forget after the window. While Valkey is away nothing is
counted and everybody may sign in: a school must not stand before a closed door because a
counter is lost.

Three counters of failures: of the account, of the network, and of a browser that is known for
this account (known_browsers.py), which the other two do not touch. The idea of the last is
OWASP's "Slow Down Online Guessing Attacks with Device Cookies".
"""

import hashlib
import logging
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WINDOW_SECONDS = 15 * 60
MOST_PER_ACCOUNT = 8
NETWORK_UNDER_ATTACK = 300  # failures of a network: then an account has few tries left from it
MOST_UNDER_ATTACK = 2
MOST_PER_NETWORK = 3000  # then only hashing is saved: known browsers and other ways in go on


@dataclass(frozen=True)
class SignInThrottle:
    """*browser* is the id of a browser known for this account, empty for others."""

    tenant: str
    email: str
    address: str
    browser: str = ""

    @property
    def _account(self) -> str:
        account = hashlib.sha256(f"{self.tenant} {self.email.strip().lower()}".encode())
        own = f":{self.browser}" if self.browser else ""
        return f"sign-in:account:{account.hexdigest()[:32]}{own}"

    @property
    def _network(self) -> str:
        return f"sign-in:network:{self.address}"

    def is_closed(self) -> bool:
        """True while there were too many failures lately."""
        try:
            counts = cache.get_many([self._account, self._network])
        except RedisError:
            log.warning("sign-ins are not counted: Valkey does not answer")
            return False
        account, network = counts.get(self._account, 0), counts.get(self._network, 0)
        if self.browser:
            return account >= MOST_PER_ACCOUNT
        if network >= MOST_PER_NETWORK:
            return True
        return account >= (
            MOST_UNDER_ATTACK if network >= NETWORK_UNDER_ATTACK else MOST_PER_ACCOUNT
        )

    def count_failure(self) -> None:
        try:
            for key in (self._account, self._network):
                cache.add(key, 0, timeout=WINDOW_SECONDS)
                cache.incr(key)
        except (RedisError, ValueError):  # ValueError: the window ended between the two
            log.warning("a failed sign-in was not counted")

    def forgive(self) -> None:
        """A success clears the account's count; the network's goes on."""
        try:
            cache.delete(self._account)
        except RedisError:
            log.warning("a count of failed sign-ins was not cleared")
