"""Reading from streaming replicas: which one, and whether it is far enough.

A replica is read as a whole or not at all: one read-only transaction, in which the tenant's
path and role hold as on the primary. It must have replayed two things: what the primary had
written REPLICA_MOST_LAG seconds ago, and what the asker has written since
(tenants/own_writes.py). The message that begins the transaction asks for both, so a replica
that is too far behind costs one round trip and the primary answers.

Whoever falls back to the primary is told nothing; a counter and the log are.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar, cast

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction

from portico.telemetry.counters import REPLICA_READS
from tenants.backend.base import DatabaseWrapper, NotReplayed
from tenants.context import on_replica, tenant_context
from tenants.lsn import Lsn

T = TypeVar("T")
AGAIN_AFTER = 5.0  # seconds in which a replica that did not answer is not asked
MARKS_KEPT = 10  # of the primary's log, over REPLICA_MOST_LAG seconds
JOB_WAITS = 2.0  # seconds a job gives a replica to catch up
JOB_ASKS_EVERY = 0.05

log = logging.getLogger(__name__)
_away_until: dict[str, float] = {}  # alias -> monotonic time; this process's experience


def replica_aliases() -> list[str]:
    """Aliases of the replicas, in the order of REPLICA_DATABASE_URLS; empty: there are none."""
    return [alias for alias, facts in settings.DATABASES.items() if facts.get("REPLICA")]


def choose_replica() -> str | None:
    """One at random of those that answered when last asked; None when there is none."""
    now = time.monotonic()
    there = [alias for alias in replica_aliases() if _away_until.get(alias, now) <= now]
    return random.choice(there) if there else None  # noqa: S311 - spreads load, guards nothing


@contextmanager
def replica_context(schema: str, *, using: str, replayed: Lsn) -> Iterator[int]:
    """Run the block as tenant *schema* in a read-only transaction on the replica *using*.

    Gives the version of the registry it finds. NotReplayed when it has not come to *replayed*;
    a database error when it is away or breaks off, at the beginning or anywhere in the block.
    """
    with tenant_context(schema, using=using):
        yield connection_of(using).begin_reading(replayed=str(replayed))


def connection_of(alias: str) -> DatabaseWrapper:
    return cast(DatabaseWrapper, connections[alias])


def left_replica(alias: str, reason: Exception | None) -> None:
    """Count and log why *alias* was given up for the primary; unless it is only behind, or
    broke off one query, leave it alone for AGAIN_AFTER seconds."""
    if isinstance(reason, NotReplayed):
        REPLICA_READS.labels("behind").inc()
        return
    state = getattr(getattr(reason, "__cause__", None), "sqlstate", None)
    outcome = _OUTCOMES.get(state or "", "away")
    REPLICA_READS.labels(outcome).inc()
    if outcome == "away":
        _away_until[alias] = time.monotonic() + AGAIN_AFTER
    level = logging.ERROR if outcome == "wrote" else logging.WARNING
    log.log(level, "%s: %s; the primary is read instead (%s)", alias, outcome, reason)


# By SQLSTATE: a conflict with recovery cancels a query; a page that writes is declared wrongly.
_OUTCOMES = {"40001": "conflict", "25006": "wrote"}


class LagBound:
    """Where the primary's log was, some seconds ago: what a replica must have replayed.

    A process asks the primary every tenth of REPLICA_MOST_LAG, when somebody reads. A replica
    must have come to the oldest mark that is younger than REPLICA_MOST_LAG, so one that stands
    still is not read for longer, and no clock is compared with another machine's. A process
    that asks for the first time in a while is stricter: it has but the mark of now.
    """

    def __init__(self) -> None:
        self._marks: list[tuple[float, Lsn]] = []
        self._lock = Lock()

    def lsn(self) -> Lsn:
        """What must have been replayed. A database error when the primary does not say."""
        now, most = time.monotonic(), settings.REPLICA_MOST_LAG
        with self._lock:
            young = [mark for mark in self._marks if mark[0] > now - most]
            if not young or young[-1][0] <= now - most / MARKS_KEPT:
                young.append((now, written_so_far()))
            self._marks = young
            return young[0][1]

    def forget(self) -> None:
        self._marks = []


lag_bound = LagBound()


def written_so_far() -> Lsn:
    """Where the primary's log is now: whatever has been committed stands before it."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return Lsn.parse(cursor.fetchone()[0])


def read_tenant(schema: str, read: Callable[[], T]) -> T:
    """For jobs: *read* run as tenant *schema*, on a replica that has all that is committed now.

    On the primary when there is no replica, when it does not catch up, and again from the
    beginning when it breaks off: *read* must not mind. Inside a transaction, in that.
    """
    alias = None
    if not connections[DEFAULT_DB_ALIAS].in_atomic_block and not on_replica():
        alias = choose_replica()
    if alias is not None:
        try:
            with _caught_up(schema, using=alias):
                found = read()
            REPLICA_READS.labels("replica").inc()
            return found
        except (Error, NotReplayed) as reason:
            left_replica(alias, reason)
            connection_of(alias).close()
    with tenant_context(schema):
        return read()


@contextmanager
def _caught_up(schema: str, *, using: str) -> Iterator[None]:
    wanted, give_up = written_so_far(), time.monotonic() + JOB_WAITS
    while True:
        try:
            with replica_context(schema, using=using, replayed=wanted):
                yield
                return
        except NotReplayed:
            if time.monotonic() > give_up:
                raise
        time.sleep(JOB_ASKS_EVERY)


def forget() -> None:
    """What this process has learned of replicas: for tests, which change them."""
    _away_until.clear()
    lag_bound.forget()


def give_back(alias: str) -> None:
    """End a read: nothing was written, so there is nothing to commit."""
    if connections[alias].in_atomic_block:
        transaction.set_rollback(True, using=alias)
