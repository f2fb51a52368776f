"""What log lines are told apart by: the request that caused them, and the tenant they are of.

A request's id goes with its jobs, so what it causes can be found by it.
"""

import re
import uuid
from contextvars import ContextVar

from portico.telemetry.tracing import inject

HEADER = "X-Request-ID"
JOB_HEADER = "portico_request_id"  # of a Celery message
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")  # empty outside of both
tenant: ContextVar[str] = ContextVar("tenant", default="")  # the schema; tenant_context sets it


def job_headers() -> dict[str, str]:
    """What a message to a worker carries: whose doing the job is, for lines and traces."""
    headers = {JOB_HEADER: request_id.get() or new_request_id()}
    inject(headers)
    return headers


def new_request_id() -> str:
    return uuid.uuid4().hex


def accept_request_id(given: str | None) -> str:
    """The id a proxy or a program has *given* the request, when it looks like one; else a new one.

    Anybody may send one, so it is a label and proves nothing.
    """
    return given if given and ACCEPTABLE.fullmatch(given) else new_request_id()
