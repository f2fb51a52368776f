"""Connections to Valkey, wherever REDIS_URL says it is (settings/valkey.py)."""

from typing import Any

from redis import ConnectionPool
from redis.sentinel import Sentinel, SentinelConnectionPool

from portico.settings.valkey import sentinels_of


class Pool:
    """What Django's cache calls its `pool_class`: makes a pool for either kind of address."""

    @staticmethod
    def from_url(address: str, **options: Any) -> ConnectionPool:
        """Connections to *address*, always to the primary; *options* are redis-py's."""
        sentinels = sentinels_of(address)
        if sentinels is None:
            return ConnectionPool.from_url(address, **options)
        asked = Sentinel(sentinels.hosts, sentinel_kwargs=sentinels.options)
        return SentinelConnectionPool(
            sentinels.master, asked, db=sentinels.database, **sentinels.login, **options
        )
