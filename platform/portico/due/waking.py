"""Waking the worker when work is due now, so that a mail goes within a second.

A courtesy, not a promise: work is a row in PostgreSQL and the beat finds it anyway. So
nobody waits for the broker and nobody notices when it is down: a thread of its own tells
the worker, once for whatever came up meanwhile.
"""

import logging
import os
import threading
import time

from django.db import transaction

from portico.due.queues import queue_of
from portico.telemetry.ids import job_headers
from tenants.context import current_alias, current_schema
from tenants.names import PUBLIC, region_of

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.2  # acts of one moment wake a region's queue once

# (region, queue) → headers: the request that was first
_wanted: dict[tuple[str, str], dict[str, str]] = {}
_changed = threading.Condition()
_thread: threading.Thread | None = None


def wake_after_commit(kind: str) -> None:
    """Have work of *kind* in the current tenant's region looked for once this is committed."""
    schema = current_schema()
    region = region_of(schema) or schema
    if region != PUBLIC:
        transaction.on_commit(lambda: wake(region, queue_of(kind)), using=current_alias())


def wake(region: str, queue: str) -> None:
    """Have *queue* look for due work of *region* now. Returns at once, never fails."""
    global _thread
    with _changed:
        _wanted.setdefault((region, queue), job_headers())
        if _thread is None or not _thread.is_alive():  # not yet, or left behind by a fork
            _thread = threading.Thread(target=_send, name="portico-waking", daemon=True)
            _thread.start()
        _changed.notify()


def _send() -> None:
    from portico.celery import app  # the broker's address; not needed to plan work

    while True:
        with _changed:
            _changed.wait_for(lambda: bool(_wanted))
            wanted = dict(sorted(_wanted.items()))
            _wanted.clear()
        for (region, queue), headers in wanted.items():
            try:
                app.send_task(
                    "portico.due.tasks.wake_region",
                    args=[region, queue],
                    queue=queue,
                    headers=headers,
                    retry=False,
                    ignore_result=True,
                    expires=60,  # by then the beat has been there
                )
            except Exception as error:
                log.warning("the worker was not woken, the beat will: %s", type(error).__name__)
        time.sleep(GATHER_SECONDS)


def _forget_after_fork() -> None:
    global _changed, _thread
    _changed, _thread = threading.Condition(), None
    _wanted.clear()


os.register_at_fork(after_in_child=_forget_after_fork)
