"""Every request: an id, a log line, its count and time, a span. The outermost of the site."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from portico.telemetry.counters import REQUEST_SECONDS, REQUESTS
from portico.telemetry.ids import HEADER, accept_request_id, request_id
from portico.telemetry.tracing import describe, span, start_tracing

Handler = Callable[[HttpRequest], HttpResponseBase]
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
log = logging.getLogger(__name__)


class RequestMiddleware:
    """Number the request, and say afterwards what came of it.

    X-Request-ID is taken over when it looks like an id, else made, and is in the answer.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        start_tracing()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = accept_request_id(request.headers.get(HEADER))
        token = request_id.set(given)
        began = time.perf_counter()
        carrier = {"traceparent": request.headers.get("traceparent", "")}
        try:
            with span("request", kind="SERVER", carrier=carrier) as current:
                response = self.get_response(request)
                seconds = time.perf_counter() - began
                self._tell(request, response, seconds=seconds)
                describe(
                    current,
                    name=f"{_method(request)} {route_of(request)}",
                    failed=response.status_code >= 500,
                    attributes={
                        "http.request.method": _method(request),
                        "http.route": route_of(request),
                        "http.response.status_code": response.status_code,
                        "portico.tenant": tenant_of(request),
                        "portico.request_id": given,
                    },
                )
            response.headers[HEADER] = given
            return response
        finally:
            request_id.reset(token)

    @staticmethod
    def _tell(request: HttpRequest, response: HttpResponseBase, *, seconds: float) -> None:
        method, route, status = _method(request), route_of(request), response.status_code
        kind = _kind(request)
        REQUESTS.labels(kind, method, route, str(status)).inc()
        REQUEST_SECONDS.labels(kind, route).observe(seconds)
        log.info(
            "%s %s %s",
            *(method, route, status),
            extra={
                "tenant": tenant_of(request),
                "method": method,
                "route": route,
                "status": status,
                "ms": round(1000 * seconds, 1),
            },
        )


def route_of(request: HttpRequest) -> str:
    """The name of the page, never its path: paths may hold secrets, and there are too many."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def tenant_of(request: HttpRequest) -> str:
    """The tenant's schema; empty at the portal's own address and where no tenant answers."""
    tenant = getattr(request, "tenant", None)
    return tenant.schema_name if tenant else ""


def _kind(request: HttpRequest) -> str:
    """`school`, `region`, `public` (the portal's own address) or `none` (no tenant was asked)."""
    if not hasattr(request, "tenant"):
        return "none"
    return request.tenant.kind if request.tenant else "public"


def _method(request: HttpRequest) -> str:
    """A visitor may make methods up; a label must not grow with them."""
    return request.method if request.method in METHODS else "OTHER"
