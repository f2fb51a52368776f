"""Celery's part: wake the runner. Lost messages cost one beat, never work."""

from celery import shared_task

from portico.due.runner import run_due
from tenants.queries import region_schemas


@shared_task(ignore_result=True)
def wake_regions() -> None:
    """The beat: one job a region, so that a busy region does not hold up another."""
    for region in region_schemas():
        wake_region.delay(region)


@shared_task(ignore_result=True)
def wake_region(region: str) -> None:
    run_due(region=region)
