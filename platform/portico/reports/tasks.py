"""Celery's part of the reports: files too long to wait for."""

from celery import shared_task

from portico.reports.exports.runs import make_file


@shared_task(ignore_result=True)
def make_export(schema: str, run_id: str) -> None:
    """Write the file somebody asked for; the run says how far it is."""
    make_file(schema=schema, run_id=run_id)
