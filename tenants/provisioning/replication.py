"""Are the replicas that are read from well? A finding each, for `portico doctor`."""

from collections.abc import Iterator

from django.conf import settings
from django.db import Error, connections

from tenants.context import public_context
from tenants.lsn import Lsn
from tenants.provisioning.inspection import Finding
from tenants.replicas import replica_aliases, written_so_far


def inspect_replicas() -> Iterator[Finding]:
    """Nothing without replicas. A replica that is off is not read; pages go to the primary."""
    for alias in replica_aliases():
        facts = settings.DATABASES[alias]
        name = f"{alias} at {facts['HOST']}:{facts['PORT'] or 5432}"
        try:
            yield _inspect(alias, name, written_so_far())
        except Error as error:
            yield Finding(name, (str(error).strip(),))


def _inspect(alias: str, name: str, written: Lsn) -> Finding:
    with public_context(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_is_in_recovery(),
                   EXISTS (SELECT FROM pg_stat_wal_receiver),
                   greatest(pg_wal_lsn_diff(%s, pg_last_wal_replay_lsn()), 0)::bigint,
                   extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float
            """,
            [str(written)],
        )
        is_standby, streams, behind, since_last = cursor.fetchone()
    if not is_standby:
        return Finding(name, ("is no standby (any more)",))
    seconds = (since_last or 0.0) if behind else 0.0
    lag = f"{behind / 1e6:.1f} MB and {seconds:.1f} s behind"
    off = []
    if not streams:
        off.append("does not stream: see primary_conninfo and the log of the standby")
    if seconds > settings.REPLICA_MOST_LAG:
        off.append(f"is {lag}, more than REPLICA_MOST_LAG: the primary is read")
    return Finding(f"{name}: {lag}", tuple(off))
