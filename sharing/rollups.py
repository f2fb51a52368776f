"""Keeping rollups: a tenant's own rows brought to what it has counted."""

from collections.abc import Callable, Iterable

from django.db import connections, models
from django.utils import timezone

from sharing.models import Rollup
from tenants.context import current_alias, current_schema

COUNTS = tuple(
    field.name
    for field in Rollup._meta.local_fields
    if isinstance(field, models.PositiveIntegerField)
)


def keep_rollups(count: Callable[[], Iterable[Rollup]]) -> int:
    """Make the current tenant's rollups exactly what *count* returns; how many had to change.

    What is unchanged is not written. Two at once line up before either counts, so that the
    later count stands.
    """
    mine = current_schema()
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rollups {mine}"])
    kept = {(row.kind, row.key): row for row in Rollup.objects.filter(school=mine)}
    now = timezone.now()
    fresh = []
    for row in count():
        before = kept.pop((row.kind, row.key), None)
        if before is None or counts_of(before) != counts_of(row):
            row.school, row.counted_at = mine, now
            fresh.append(row)
    gone = [*kept, *((row.kind, row.key) for row in fresh)]
    Rollup.objects.filter(pk__in=[(kind, mine, key) for kind, key in gone]).delete()
    Rollup.objects.bulk_create(fresh)
    return len(kept) + len(fresh)


def counts_of(row: Rollup) -> tuple[int, ...]:
    """All numbers of a row, in the order of COUNTS."""
    return tuple(getattr(row, name) for name in COUNTS)
