"""What a region keeps in a school's name: its due work, and the terms of its releases.

In JSON's words, so that it lies beside the school's dump.
"""

from typing import Any

from django.utils.dateparse import parse_datetime

from portico.backups.manifest import plain
from portico.due.models import DueWork
from sharing.models import PoolListing
from tenants.context import OWNER, tenant_context
from tenants.ids import new_id

_DUE = ("kind", "subject_id", "due_at", "attempts")
_RELEASE = ("id", "opportunity_id", "visible_from", "ask_owner", "schools")


def due_of(school: str, *, region: str) -> list[dict[str, Any]]:
    with tenant_context(region, using=OWNER):
        return [plain(row) for row in DueWork.objects.filter(school=school).values(*_DUE)]


def releases_of(school: str, *, region: str) -> list[dict[str, Any]]:
    with tenant_context(region, using=OWNER):
        found = PoolListing.objects.filter(origin_schema=school)
        return [plain(row) for row in found.values(*_RELEASE)]


def put_due_back(school: str, *, region: str, due: list[dict[str, Any]]) -> None:
    """Make the due work of *school* what *due* says, and nothing else."""
    with tenant_context(region, using=OWNER):
        DueWork.objects.filter(school=school).delete()
        DueWork.objects.bulk_create(
            DueWork(id=new_id(), school=school, **{**row, "due_at": parse_datetime(row["due_at"])})
            for row in due
        )
