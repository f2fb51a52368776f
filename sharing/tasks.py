"""Celery's part of the pool: what the web process may not do itself."""

from celery import shared_task

from sharing.school_requests import fulfil_request


@shared_task(ignore_result=True)
def make_requested_school(region: str, request_id: str) -> None:
    """Make the school a district admin asked for; the request says how it went."""
    fulfil_request(region=region, request_id=request_id)
