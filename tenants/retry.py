"""Doing again what PostgreSQL broke off to end a deadlock.

Actions take their locks in one order, so deadlocks are rare; two that cross (a slot given
back here and taken there, twice, the other way round) are left to PostgreSQL, which breaks
off one of them. Everything that one did is undone, its locks are gone, and doing it again
is safe as long as the act does nothing outside the database. Rules that refuse, and every
other error, are never tried again.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected

T = TypeVar("T")
MOST_TRIES = 4


def again_on_deadlock(act: Callable[[], T], *, using: str | None = None) -> T:
    """Run *act* in a transaction (a savepoint inside one); again if a deadlock broke it off.

    Rolling back to the savepoint gives up the locks taken since, so the other side goes on.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            with transaction.atomic(using=using):
                return act()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected) or not tries_left:
                raise
    raise AssertionError("unreachable")
