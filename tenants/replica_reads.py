"""Requests answered from a replica: which ones, and what happens when that does not go.

A view says that it only reads and may be a moment late. Whatever goes wrong at the replica,
before or while it is asked, the request is answered again by the primary, as if nothing had
been.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve

from portico.telemetry.counters import REPLICA_READS
from tenants.backend.base import NotReplayed
from tenants.context import current_alias, on_replica
from tenants.hosts import KnownHost
from tenants.lsn import Lsn
from tenants.own_writes import Unknown, keep_write, written_by
from tenants.replicas import (
    choose_replica,
    connection_of,
    give_back,
    lag_bound,
    left_replica,
    replica_aliases,
    replica_context,
)

View = TypeVar("View", bound=Callable[..., Any])
Handler = Callable[[HttpRequest], HttpResponseBase]


def reads_replica(view: View) -> View:
    """Let GET and HEAD of *view* be answered from a replica. API classes set it as attribute.

    What such a view writes beside showing itself goes into tenants.context.writing_context.
    """
    view.reads_replica = True  # type: ignore[attr-defined]
    return view


def answer_from_replica(
    request: HttpRequest, *, known: KnownHost, answer: Handler
) -> HttpResponseBase | None:
    """*answer* to the request, run on a replica; None where the primary has to be asked."""
    alias = choose_replica()
    if alias is None or not _is_declared(request, known):
        return None
    try:
        replayed = max(lag_bound.lsn(), written_by(request) or Lsn(0))
    except (Error, Unknown, ValueError):
        return None
    connection, before = connection_of(alias), dict(vars(request))
    reason: Exception | None = None
    try:
        with replica_context(
            known.tenant.schema_name, using=alias, replayed=replayed
        ) as registry_version:
            if registry_version > known.version:
                return None  # the name may be somebody else's by now
            connection.errors_occurred = False
            response = answer(request)
            reason = getattr(request, "replica_error", None)
            give_back(alias)
    except (Error, NotReplayed) as error:
        reason = reason or error
    if reason is None and not connection.errors_occurred:
        REPLICA_READS.labels("replica").inc()
        return response
    if not isinstance(reason, NotReplayed):
        connection.close()
    left_replica(alias, reason)
    vars(request).clear()
    vars(request).update(before)
    return None


def note_error(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """A view's *error*, if it is the replica's: an answer nobody will see, in place of a 500."""
    if not isinstance(error, Error) or not on_replica():
        return None
    request.replica_error = error  # type: ignore[attr-defined]
    return HttpResponse(f"{current_alias()} is not read", status=503, content_type="text/plain")


def _is_declared(request: HttpRequest, known: KnownHost) -> bool:
    if request.method not in ("GET", "HEAD"):
        return False
    urlconf = str(settings.TENANT_TYPES[known.tenant.kind]["URLCONF"])
    try:
        view = resolve(request.path_info, urlconf).func
    except Resolver404:
        return False
    return getattr(getattr(view, "cls", view), "reads_replica", False)


class OwnWritesMiddleware:
    """Around everything that may commit: tell the asker where the last write stands."""

    def __init__(self, get_response: Handler) -> None:
        if not replica_aliases():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        site = connection_of(DEFAULT_DB_ALIAS)
        site.forget_write()
        response = self.get_response(request)
        if site.wrote_at is not None:
            keep_write(request, response, written=Lsn.parse(site.wrote_at))
        return response
