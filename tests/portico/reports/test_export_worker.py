"""A long table, made by a Celery worker of its own: broker, progress, file, link."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import settings as django_settings

from portico.reports.exports import starting
from portico.reports.exports.runs import Run, find_run
from portico.reports.tasks import make_export
from tests.running_site import program, wait_for
from tests.world import School

WORKER = ("celery", "--app", "portico.celery:app", "worker", "--concurrency", "1")


def test_a_worker_makes_the_file_somebody_asked_for(
    committed_db: None,
    met: School,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    met.placement(met.opportunity().id, state="active")
    alice = met.coordinator()
    client = met.client(alice)
    settings.EXPORT_DIR = str(tmp_path / "exports")
    # the worker's cache and broker are one Valkey database, as in production: the tests' cache
    valkey = django_settings.CACHES["default"]["LOCATION"]
    broker = Celery(broker=valkey, set_as_current=False)
    monkeypatch.setattr(starting, "MOST_AT_ONCE", 0)  # every table is long
    monkeypatch.setattr(
        make_export,
        "delay",
        lambda *args: broker.send_task(make_export.name, args=args, queue="long"),
    )
    asked = client.post("/exports/make/", {"table": "placements", "format": "csv"})
    assert asked.status_code == 302, asked.content
    run_id = uuid.UUID(asked.headers["Location"].rstrip("/").split("/")[-1])

    def run() -> Run:
        with met:
            found = find_run(run_id=run_id, person=alice)
        assert found is not None
        return found

    address = {"REDIS_URL": valkey, "EXPORT_DIR": settings.EXPORT_DIR}
    with program(tmp_path, "worker", *WORKER, **address) as (process, log):
        wait_for(lambda: run().is_settled, process=process, log=log)
    assert (run().state, run().rows) == ("done", 1)
    file = client.get(f"/exports/{run_id}/file/")
    assert "Urban Farm Apprentice" in file.getvalue().decode("utf-8-sig")
