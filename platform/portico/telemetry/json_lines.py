"""Log records as JSON, a line each: what happened, with ids of request and tenant.

What an exception says is left out: PostgreSQL quotes the row that is twice, Python the
word that is no number, and both are somebody's data. Its type, SQLSTATE and the places it
came by stay; those find the fault. For the same reason a line names a page by its route and
not by its path, which may hold the secret of a link.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from portico.telemetry.ids import request_id, tenant
from portico.telemetry.tracing import current_trace_id

# What a caller may add with `extra=`; everything else on a record is logging's own.
EXTRAS = ("tenant", "method", "route", "status", "ms", "job", "job_id", "outcome")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            "request_id": request_id.get(),
            "tenant": tenant.get(),
            "trace_id": current_trace_id(),
        }
        line |= {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe_error(record.exc_info[1])
        return json.dumps({name: value for name, value in line.items() if value != ""}, default=str)


def describe_error(error: BaseException) -> list[dict[str, Any]]:
    """*error* and what caused it, the cause last: type, SQLSTATE, and where, innermost last."""
    chain: list[dict[str, Any]] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 5:
        frames = traceback.extract_tb(seen.__traceback__)
        described: dict[str, Any] = {
            "type": f"{type(seen).__module__}.{type(seen).__qualname__}",
            "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        if sqlstate := getattr(seen, "sqlstate", None):
            described["sqlstate"] = sqlstate
        chain.append(described)
        seen = seen.__cause__ or seen.__context__
    return chain


def _message(record: logging.LogRecord) -> str:
    if hasattr(record, "request") and isinstance(record.args, tuple) and record.args:
        return str(record.args[0])  # Django's "Internal Server Error: /path": without the path
    if isinstance(record.args, dict) and "exc" in record.args:  # Celery's account of a failed job
        return str(record.msg) % {**record.args, "exc": "see error", "traceback": ""}
    if isinstance(record.args, tuple):
        told = tuple(
            type(arg).__name__ if isinstance(arg, BaseException) else arg for arg in record.args
        )
        return str(record.msg) % told if told else str(record.msg)
    return record.getMessage()
