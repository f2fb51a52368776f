"""Traces by OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector.

Without it nothing is imported and a span costs a comparison. The packages are the extra
`otel`; OpenTelemetry's own variables (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, …) apply. A span
has the route, the tenant's id and the request's, nothing of a person and no SQL.
"""

import contextlib
import logging
import os
from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

log = logging.getLogger(__name__)
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
Attributes = Mapping[str, str | int]

_tracer: Any = None


def start_tracing() -> None:
    """In each process that serves, once: send spans to the collector that is named, if any."""
    if _tracer is None and any(os.environ.get(name) for name in ENDPOINTS):
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError:
            log.error("a collector of traces is named, but the extra `otel` is not installed")
            return
        send_spans_to(BatchSpanProcessor(OTLPSpanExporter()))


def send_spans_to(processor: "SpanProcessor") -> None:
    """Trace from now on, into *processor*."""
    global _tracer
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    service = os.environ.get("OTEL_SERVICE_NAME", "portico")
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer("portico")


def stop_tracing() -> None:
    global _tracer
    _tracer = None


@contextlib.contextmanager
def span(name: str, *, kind: str, carrier: Mapping[str, str]) -> Iterator[Any]:
    """A span around the block, a child of the one *carrier* (`traceparent`) tells of.

    *kind* is SERVER or CONSUMER. Gives the span, or None when nothing is traced.
    """
    if _tracer is None:
        yield None
        return
    from opentelemetry import propagate
    from opentelemetry.trace import SpanKind

    with _tracer.start_as_current_span(
        name,
        context=propagate.extract(carrier),
        kind=SpanKind[kind],
        record_exception=False,  # what it says may be somebody's data
        set_status_on_exception=False,
    ) as current:
        yield current


def describe(span: Any, *, name: str, failed: bool, attributes: Attributes) -> None:
    """Name a span by what turned out, and say whether it failed. Nothing for None."""
    if span is None:
        return
    from opentelemetry.trace import StatusCode

    span.update_name(name)
    span.set_attributes(dict(attributes))
    if failed:
        span.set_status(StatusCode.ERROR)


def inject(headers: MutableMapping[str, Any]) -> None:
    """Write the current span into a message's *headers*."""
    if _tracer is not None:
        from opentelemetry import propagate

        propagate.inject(headers)


def current_trace_id() -> str:
    """The current trace's id in hexadecimal; empty when nothing is traced."""
    if _tracer is None:
        return ""
    from opentelemetry import trace

    context = trace.get_current_span().get_span_context()
    return format(context.trace_id, "032x") if context.is_valid else ""
