"""Slowing down password guessing, per account and per network, in Valkey.

A whole school may sit behind one address, so the network's limit is far above one
person's. Counters forget; nobody is locked out for longer than the window.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

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
        counts = cache.get_many([key for key, _most in self._keys])
        return any(counts.get(key, 0) >= most for key, most in self._keys)

    def count_failure(self) -> None:
        for key, _most in self._keys:
            cache.add(key, 0, timeout=WINDOW_SECONDS)
            cache.incr(key)

    def forgive(self) -> None:
        """A success clears the account's count; the network's goes on."""
        cache.delete(self._keys[0][0])
