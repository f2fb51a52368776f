"""Having the tables of a school to ourselves, without anybody's request breaking."""

import time
from typing import Any

from django.db import OperationalError, transaction
from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable

from tenants.context import OWNER
from tenants.errors import Refused

# Shorter than PostgreSQL's deadlock_timeout (1 s): if somebody has to give way, it is us.
WAIT = "400ms"
MOST_TRIES = 60


def hold_still(cursor: Any, schemas: list[str], *, mode: str = "ACCESS EXCLUSIVE") -> None:
    """Lock every table of *schemas* until the transaction ends; whoever comes waits.

    *mode* is PostgreSQL's: with `SHARE` only those wait who would write. Acts that have begun
    are let through first. Refused (`busy`) when that does not happen within half a minute.
    """
    cursor.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2",
        [schemas],
    )
    tables = [sql.Identifier(*row) for row in cursor.fetchall()]
    if not tables:
        return
    lock = sql.SQL("LOCK TABLE {} IN {} MODE").format(sql.SQL(", ").join(tables), sql.SQL(mode))
    cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(WAIT)))
    for _ in range(MOST_TRIES):
        try:
            with transaction.atomic(using=OWNER):
                cursor.execute(lock)
            break
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
            time.sleep(0.1)
    else:
        raise Refused("busy", f"{', '.join(schemas)}: somebody is at work without a pause.")
    cursor.execute("SET LOCAL lock_timeout = 0")
