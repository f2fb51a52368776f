"""Every job of a worker: the id of the request that caused it, a log line, its count and time.

Celery's signals are the only place that sees each message go out and each job begin and end;
`connect_jobs` hangs what is here into them. A job the clock starts gets an id of its own.
"""

import contextlib
import logging
import logging.config
import time
from contextvars import Token
from dataclasses import dataclass
from typing import Any

from celery import Celery, bootsteps, signals
from celery.beat import PersistentScheduler
from django.conf import settings

from portico.telemetry.counters import JOB_SECONDS, JOBS
from portico.telemetry.exposition import serve_counters
from portico.telemetry.heartbeats import EVERY_SECONDS, beat_heart, stop_heart
from portico.telemetry.ids import JOB_HEADER, job_headers, new_request_id, request_id
from portico.telemetry.tracing import describe, span, start_tracing

log = logging.getLogger(__name__)


@dataclass
class Running:
    """What must be put back, and told, when the job ends."""

    began: float
    token: Token[str]
    stack: contextlib.ExitStack
    span: Any


def connect_jobs(app: Celery) -> None:
    """Have the jobs of *app* numbered, logged and counted, and its worker show it is alive."""
    signals.setup_logging.connect(_set_up_logging, weak=False)
    signals.before_task_publish.connect(_sent, weak=False)
    signals.task_prerun.connect(_begins, weak=False)
    signals.task_postrun.connect(_ended, weak=False)
    signals.worker_ready.connect(_serve_counters, weak=False)
    app.steps["worker"].add(Heart)


class Heart(bootsteps.StartStopStep):
    """Beats from the loop that takes jobs, so a worker whose loop hangs falls silent."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        beat_heart("worker")
        parent.timer.call_repeatedly(EVERY_SECONDS, beat_heart, ("worker",))

    def stop(self, parent: Any) -> None:
        stop_heart("worker")


class BeatingScheduler(PersistentScheduler):
    """The clock's own scheduler, with a sign of life at each turn of its loop."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        beat_heart("beat")
        wait: float = super().tick(*args, **kwargs)
        return min(wait, EVERY_SECONDS)

    def close(self) -> None:
        super().close()
        stop_heart("beat")


def _set_up_logging(**kwargs: object) -> None:
    """As the site logs; Celery would else set up a format of its own."""
    logging.config.dictConfig(settings.LOGGING)


def _serve_counters(**kwargs: object) -> None:
    if settings.METRICS_PORT:
        serve_counters(settings.METRICS_PORT)


def _sent(headers: dict[str, Any], **kwargs: object) -> None:
    for name, value in job_headers().items():
        headers.setdefault(name, value)


def _begins(task: Any, **kwargs: object) -> None:
    start_tracing()
    stack = contextlib.ExitStack()
    asked = task.request
    token = request_id.set(asked.get(JOB_HEADER) or new_request_id())
    carrier = {"traceparent": asked.get("traceparent") or ""}
    current = stack.enter_context(span(task.name, kind="CONSUMER", carrier=carrier))
    asked.portico = Running(time.perf_counter(), token, stack, current)


def _ended(task: Any, task_id: str, state: str | None, args: Any, **kwargs: object) -> None:
    running: Running = task.request.portico
    seconds = time.perf_counter() - running.began
    outcome = (state or "unknown").lower()
    JOBS.labels(task.name, outcome).inc()
    JOB_SECONDS.labels(task.name).observe(seconds)
    log.info(
        "%s %s",
        *(task.name, outcome),
        extra={
            "job": task.name,
            "job_id": task_id,
            "outcome": outcome,
            "ms": round(1000 * seconds, 1),
        },
    )
    describe(
        running.span,
        name=task.name,
        failed=outcome == "failure",
        attributes={"portico.request_id": request_id.get(), "portico.job_id": task_id},
    )
    running.stack.close()
    request_id.reset(running.token)
