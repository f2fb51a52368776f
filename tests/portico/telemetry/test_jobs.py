"""From a request over the broker to a worker: one id, and the worker's own numbers and lines."""

import http.client
import json
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from portico.embedded.shared import free_port
from portico.notices.models import Notice
from tests.running_site import RunningSite, get, program, running_site, wait_for

CSRF = "m" * 32  # a cookie and a header that agree are what Django asks for
GIVEN = "from-the-proxy-17"


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def is_ours(line: dict[str, Any]) -> bool:
    """A job of the request with the given id: what else is due wakes the worker as well."""
    return bool(line.get("job")) and line.get("request_id") == GIVEN


def forget_password(site: RunningSite, *, host: str, email: str, traceparent: str = "") -> int:
    """Ask for a link by e-mail, as a page would."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request(
        "POST",
        "/forgotten/",
        f"email={email}",
        {
            "Host": host,
            "Cookie": f"csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Request-ID": GIVEN,
            "traceparent": traceparent,
        },
    )
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_job_carries_the_id_of_the_request_that_caused_it(committed_db, met, tmp_path):
    student = met.student(email="esperanza.q@example.org")
    port = free_port()
    web_folder, worker_folder = tmp_path / "web", tmp_path / "worker"
    web_folder.mkdir()
    worker_folder.mkdir()
    worker = ("celery", "--app", "portico.celery:app", "worker", "--concurrency", "2")
    with (
        program(worker_folder, "worker", *worker, METRICS_PORT=str(port)) as (process, log),
        running_site(web_folder) as site,
    ):
        assert forget_password(site, host=met.host, email=student.email) == 200
        wait_for(lambda: any(map(is_ours, lines_of(log))), process=process, log=log)
        numbers = get(port, "/metrics").body.decode()
    done = next(filter(is_ours, lines_of(log)))
    assert done["job"] == "portico.due.tasks.wake_region"
    assert done["outcome"] == "success"
    assert done["request_id"] == GIVEN
    asked = [line for line in lines_of(site.log_file) if line.get("route") == "forgotten"]
    assert [(line["request_id"], line["tenant"]) for line in asked] == [(GIVEN, "bronx__met")]
    with met:
        assert Notice.objects.get(person=student).state == Notice.State.SENT
    assert "esperanza" not in log.read_text() + site.log()
    counted = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(numbers)
        for sample in family.samples
    }
    job = "portico.due.tasks.wake_region"
    assert counted["portico_jobs_total", job, "success"] >= 1
    assert counted["portico_job_seconds_count", job] >= 1
    assert counted["portico_notices_total", "sent"] == 1
