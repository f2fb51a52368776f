"""Bringing rollups up to date: after a change by the clock, or all of a region at once."""

import uuid

from django.db import transaction
from django.utils import timezone

from portico.due.counts import ROLLUP
from portico.due.models import DueWork
from portico.reports.counting import count_region, count_school
from sharing.rollups import keep_rollups
from tenants.context import current_schema, kind_of, tenant_context
from tenants.queries import schools_of, tenant_by_schema


def refresh_rollups() -> int:
    """Count the current tenant again; how many of its rollups had to change."""
    schema = current_schema()
    count = count_school if kind_of(schema) == "school" else count_region
    with timezone.override(tenant_by_schema(schema).time_zone):
        return keep_rollups(count)


def rollup(*, subject_id: uuid.UUID) -> None:
    """Due work (settings.DUE_WORK). Other plans that are due now are done with this one."""
    due = DueWork.objects.filter(school=current_schema(), kind=ROLLUP, due_at__lte=timezone.now())
    due.exclude(subject_id=subject_id).delete()
    refresh_rollups()


def differing_rollups(*, region: str) -> dict[str, int]:
    """As rebuild_rollups, but nothing is kept: what it would change."""
    changed = {}
    for schema in _tenants(region):
        with tenant_context(schema):
            changed[schema] = refresh_rollups()
            transaction.set_rollback(True)
    return changed


def rebuild_rollups(*, region: str, using: str = "default") -> dict[str, int]:
    """Count the region and every school of it again: schema → how many rollups changed.

    A transaction a tenant: nobody waits for all of them.
    """
    changed = {}
    for schema in _tenants(region):
        with tenant_context(schema, using=using):
            changed[schema] = refresh_rollups()
    return changed


def _tenants(region: str) -> list[str]:
    return [region, *(school.schema_name for school in schools_of(region=region))]
