"""Celery's part: wake the runner. Lost messages cost one beat, never work."""

import logging

from celery import shared_task
from django.db import Error as DatabaseError

from portico.due.queues import messages_waiting, queues_with_work
from portico.due.runner import run_due
from tenants.queries import region_schemas

log = logging.getLogger(__name__)

# A line nobody takes from must not fill Valkey: beyond this many messages it is left alone.
LONGEST_LINE = 10_000


@shared_task(ignore_result=True)
def wake_regions() -> None:
    """The beat: a job for each region and each queue in which something of it is due.

    So a busy region does not hold up another, nor a kind of work another kind.
    """
    waiting = messages_waiting()
    for region in region_schemas():
        try:
            queues = queues_with_work(region=region)
        except DatabaseError:
            log.exception("what is due in %s cannot be read", region)
            continue
        for queue in sorted(queues):
            if waiting[queue] < LONGEST_LINE:
                wake_region.apply_async((region, queue), queue=queue)


@shared_task(ignore_result=True)
def wake_region(region: str, queue: str = "") -> None:
    """Do what is due in *region* of the kinds of *queue*; without one, of all."""
    run_due(region=region, queue=queue)
