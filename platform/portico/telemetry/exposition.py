"""The counters of all processes of this program, in Prometheus' text format."""

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector


def counters() -> CollectorRegistry:
    """What has been counted, by this process alone where PROMETHEUS_MULTIPROC_DIR is not set."""
    if not settings.PROMETHEUS_MULTIPROC_DIR:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def counters_as_text() -> bytes:
    return generate_latest(counters())


def serve_counters(port: int) -> None:
    """Answer at *port*, on every address of this machine: it must not be reachable from outside."""
    start_http_server(port, registry=counters())
