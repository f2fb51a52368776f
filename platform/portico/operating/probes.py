"""Addresses for machines, on any host and by IP: /healthz, /readyz and /metrics.

They stand before everything else: a probe knows no school's host and follows no redirect.
The proxy of deploy/ shows none of them to the outside but /healthz.
"""

import hmac
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from portico.operating.gauges import Gauges
from portico.operating.health import check_health
from portico.telemetry.exposition import counters_as_text

Handler = Callable[[HttpRequest], HttpResponseBase]


class ProbeMiddleware:
    """/healthz: this process answers. /readyz: it can serve. /metrics: with METRICS_TOKEN only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.probes: dict[str, Handler] = {
            "/healthz": is_alive,
            "/readyz": is_ready,
            "/metrics": metrics,
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.probes.get(request.path, self.get_response)(request)


def is_alive(request: HttpRequest) -> HttpResponse:
    """Never asks the database: one that is away is no reason to restart every web server."""
    return HttpResponse("ok", content_type="text/plain")


def is_ready(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, `degraded` without Valkey; 503 when they cannot."""
    health = check_health()
    body = {
        "status": health.status,
        "database": health.database,
        "migrations": health.migrations,
        "valkey": health.valkey,
    }
    return _unkept(JsonResponse(body, status=200 if health.is_ready else 503))


def metrics(request: HttpRequest) -> HttpResponse:
    """404 without the token, as if there were nothing."""
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    given = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, wanted):
        return HttpResponse("Not found", status=404, content_type="text/plain")
    gauges = CollectorRegistry()
    gauges.register(Gauges())
    body = counters_as_text() + generate_latest(gauges)
    return _unkept(HttpResponse(body, content_type=CONTENT_TYPE_LATEST))


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
