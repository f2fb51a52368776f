"""Celery's part of rosters: what would hold up a page, and what the clock does."""

from celery import shared_task

from portico.rosters import folder, jobs
from portico.rosters.uploads import forget_old


@shared_task(ignore_result=True)
def read_upload(tenant: str, upload_id: str) -> None:
    jobs.read_upload(tenant=tenant, upload_id=upload_id)


@shared_task(ignore_result=True)
def apply_upload(tenant: str, upload_id: str) -> None:
    jobs.apply_upload(tenant=tenant, upload_id=upload_id)


@shared_task(ignore_result=True)
def forget_old_uploads() -> None:
    forget_old()


@shared_task(ignore_result=True)
def pull_rosters() -> None:
    """Nightly: what lies in ROSTER_FOLDER, and what its services hold."""
    folder.pull_all()
