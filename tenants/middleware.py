"""A request belongs to one tenant, and lasts one transaction, rendering included."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from tenants.context import tenant_context
from tenants.hosts import tenant_for_host

Handler = Callable[[HttpRequest], HttpResponseBase]


class TenantMiddleware:
    """Find the tenant by host; run the rest of the request in its transaction.

    The base host itself is the portal's front page (public schema). An unknown host
    under it gets 404 without a word about which ones exist. A response of 500 or more
    rolls everything back; so does an exception.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.get_host().rsplit(":", 1)[0].lower()
        tenant = None
        if host != settings.BASE_HOST:
            tenant = tenant_for_host(host)
            if tenant is None:
                return HttpResponse(
                    "There is no such address.", status=404, content_type="text/plain"
                )
        request.tenant = tenant  # type: ignore[attr-defined]
        kind = tenant.kind if tenant else "public"
        request.urlconf = settings.TENANT_TYPES[kind]["URLCONF"]  # type: ignore[assignment]
        schema = tenant.schema_name if tenant else "public"
        with (
            timezone.override(tenant.time_zone if tenant else "UTC"),
            tenant_context(schema),
        ):
            response = self.get_response(request)
            if response.status_code >= 500 and connection.in_atomic_block:
                transaction.set_rollback(True)
            return response
