"""Traces: nothing without a collector; with one, a request and its job are one trace."""

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from portico.telemetry import tracing
from tests.portico.telemetry.test_jobs import forget_password
from tests.running_site import program, running_site, wait_for
from tests.world import School

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ABOVE = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.send_spans_to(SimpleSpanProcessor(exporter))
    yield exporter
    tracing.stop_tracing()


@pytest.mark.django_db
def test_a_request_is_a_span_named_by_its_route_below_the_one_that_called(
    met: School, spans: InMemorySpanExporter
) -> None:
    student = met.student(given_name="Esperanza", family_name="Quimby")
    met.client(student).get("/?q=Quimby", headers={"traceparent": ABOVE})
    (span,) = spans.get_finished_spans()
    assert span.name == "GET find"
    assert format(span.context.trace_id, "032x") == TRACE
    assert span.parent is not None
    assert format(span.parent.span_id, "016x") == "00f067aa0ba902b7"
    told = dict(span.attributes or {})
    assert told.pop("portico.request_id")
    assert told == {
        "http.request.method": "GET",
        "http.route": "find",
        "http.response.status_code": 200,
        "portico.tenant": "bronx__met",
    }
    assert "Quimby" not in span.to_json()


@pytest.mark.django_db
def test_a_page_that_breaks_is_a_failed_span_without_what_the_error_says(
    met: School, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**anything: object) -> None:
        raise RuntimeError("Esperanza Quimby")

    student = met.student()
    monkeypatch.setattr("portico.web.account.views.send_password_link", broken)
    browser = Client(SERVER_NAME=met.host, raise_request_exception=False)
    assert browser.post("/forgotten/", {"email": student.email}).status_code == 500
    (span,) = spans.get_finished_spans()
    assert span.status.status_code == StatusCode.ERROR
    assert "Esperanza" not in span.to_json()


def test_without_a_collector_nothing_of_it_is_even_imported() -> None:
    code = (
        "import django, sys; django.setup();"
        "from portico.telemetry.requests import RequestMiddleware;"
        "RequestMiddleware(None);"
        "print(sorted(name for name in sys.modules if name.startswith('opentelemetry')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def collector() -> Iterator[tuple[int, list[ExportTraceServiceRequest]]]:
    """A collector that speaks OTLP over HTTP: its port, and what it has been sent."""
    taken: list[ExportTraceServiceRequest] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            assert self.path == "/v1/traces"
            taken.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, taken
    server.shutdown()
    server.server_close()


def test_a_request_and_the_job_it_causes_are_one_trace_at_a_real_collector(
    committed_db: None, met: School, tmp_path, collector
) -> None:
    port, taken = collector
    student = met.student()
    folders = [tmp_path / name for name in ("web", "worker")]
    for folder in folders:
        folder.mkdir()
    address = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    celery = ("celery", "--app", "portico.celery:app", "worker", "--concurrency", "1")
    with (
        program(folders[1], "worker", *celery, **address) as (worker, worker_log),
        running_site(folders[0], **address) as site,
    ):
        status = forget_password(site, host=met.host, email=student.email, traceparent=ABOVE)
        assert status == 200
        for process, log, name in (
            (site.process, site.log_file, "POST forgotten"),
            (worker, worker_log, "portico.due.tasks.wake_region"),
        ):
            wait_for(lambda name=name: name in traces(taken), process=process, log=log)
            assert traces(taken)[name] == TRACE


def traces(taken: list[ExportTraceServiceRequest]) -> dict[str, str]:
    """The trace each span belongs to, by the span's name."""
    return {
        span.name: span.trace_id.hex()
        for export in list(taken)
        for resource in export.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
