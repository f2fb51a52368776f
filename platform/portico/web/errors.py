"""Error pages. A person never sees a stack trace, and always a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.errors import Refused


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A rule said no: say why, on a page of its own (409: the state of things is in the way)."""
    return render(request, "409.html", {"refusal": refusal}, status=409)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere; nothing was done."""
    return render(request, "403.html", {"csrf": True}, status=403)
