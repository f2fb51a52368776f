"""Error pages. A person never sees a stack trace, and always a way on."""

import sys

from django.db import ProgrammingError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template
from psycopg.errors import UndefinedColumn, UndefinedFunction, UndefinedTable

from tenants.errors import Refused


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A rule said no: say why, on a page of its own (409: the state of things is in the way)."""
    return render(request, "409.html", {"reason": refusal.message}, status=409)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere; nothing was done."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed: a page that needs neither the database nor a context.

    503 where it is only that this school's tables are older than the release: docs/migrations.md.
    """
    error = sys.exc_info()[1]
    older = (UndefinedColumn, UndefinedFunction, UndefinedTable)
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, older):
        text = get_template("503.html").render()
        return HttpResponse(text, status=503, headers={"Retry-After": "60"})
    return HttpResponseServerError(get_template("500.html").render())
