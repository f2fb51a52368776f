"""Celery's part of signing in."""

from celery import shared_task

from portico.signin.finding import send_school_links as send


@shared_task(ignore_result=True)
def send_school_links(region: str, email: str) -> None:
    send(region=region, email=email)
