"""Numbers that follow what people do: whoever changes what is counted plans a recount.

The kind of due work is `rollup`; portico.reports.rollups does it. History calls this with
every entry, so an act that is recorded needs no line of its own.
"""

import uuid
from datetime import timedelta

from django.db import connections
from django.utils import timezone

from tenants.context import current_alias, current_schema

ROLLUP = "rollup"
RECOUNT_AFTER = timedelta(seconds=30)  # many acts of one moment are counted once
# A plan this near may be carried out before the act that relies on it is committed.
TOO_NEAR = timedelta(seconds=10)


def counts_changed() -> None:
    """Have this tenant's rollups counted again within a minute; one cheap statement.

    Never waits for another act: each plans a row of its own, unless one that is far enough
    away is planned already. The recount clears away those that came twice.
    """
    now = timezone.now()
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO due_duework (id, school, kind, subject_id, due_at, attempts)
            SELECT %s, %s, %s, %s, %s, 0
            WHERE NOT EXISTS (
                SELECT 1 FROM due_duework WHERE school = %s AND kind = %s AND due_at > %s)
            """,
            [
                *(uuid.uuid4(), current_schema(), ROLLUP, uuid.uuid4(), now + RECOUNT_AFTER),
                *(current_schema(), ROLLUP, now + TOO_NEAR),
            ],
        )
