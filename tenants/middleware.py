"""A request belongs to one tenant, and lasts one transaction, rendering included."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from django.conf import settings
from django.db import DataError, ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from tenants.backend.base import DatabaseWrapper
from tenants.context import tenant_context
from tenants.hosts import KnownHost, known_host
from tenants.models import Tenant
from tenants.names import PUBLIC
from tenants.outside import takes_question
from tenants.replica_reads import answer_from_replica, note_error

Handler = Callable[[HttpRequest], HttpResponseBase]


class TenantMiddleware:
    """Find the tenant by host; run the rest of the request in its transaction.

    The base host itself is the portal's front page (public schema). An unknown host
    under it gets 404 without a word about which ones exist. A response of 500 or more
    rolls everything back; so does an exception. A view that asks another server is run in two
    transactions, and asks between them: outside.py.

    What this process knows of a host is held against the registry's version, which the
    transaction brings along as it begins: a change made anywhere counts from the next
    request on.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.get_host().rsplit(":", 1)[0].lower()
        before = dict(vars(request))
        response = self._answer_at(request, host)
        ask = takes_question(request)
        if ask is None:
            return response
        told = ask()  # between two transactions
        vars(request).clear()
        vars(request).update(before, heard_outside=told)
        return self._answer_at(request, host)

    def _answer_at(self, request: HttpRequest, host: str) -> HttpResponseBase:
        if host == settings.BASE_HOST:
            with tenant_context(PUBLIC):
                return self._answer(request, None)
        known = known_host(host)
        if known is not None:
            tenant = known.tenant
            read = answer_from_replica(
                request, known=known, answer=lambda request: self._answer(request, tenant)
            )
            if read is not None:
                return read
        while known is not None:
            with _entered(known) as version:
                if version == known.version:
                    return self._answer(request, known.tenant)
            before, known = known, known_host(host, version=version)
            if known is not None and known.version == before.version:
                raise RuntimeError(f"{known.tenant.schema_name} is registered, but not there")
        return HttpResponse("There is no such address.", status=404, content_type="text/plain")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A replica's error is no broken page: the primary is asked."""
        return note_error(request, error)

    def _answer(self, request: HttpRequest, tenant: Tenant | None) -> HttpResponseBase:
        request.tenant = tenant  # type: ignore[attr-defined]
        kind = tenant.kind if tenant else "public"
        request.urlconf = settings.TENANT_TYPES[kind]["URLCONF"]  # type: ignore[assignment]
        with timezone.override(tenant.time_zone if tenant else "UTC"):
            response = self.get_response(request)
            if response.status_code >= 500 and connection.in_atomic_block:
                transaction.set_rollback(True)
            return response


@contextmanager
def _entered(known: KnownHost) -> Iterator[int]:
    """The tenant's transaction; the version of the registry it finds: another than is known
    after a change, and after a restore, which takes the number back.

    One more than is known when the tenant cannot be entered: its role has gone with it.
    """
    with tenant_context(known.tenant.schema_name):
        try:
            version = cast(DatabaseWrapper, connection).registry_version()
        except (DataError, ProgrammingError):
            version = known.version + 1
        yield known.version if version is None else version
