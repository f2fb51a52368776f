"""The school's addresses and two more, as simple as a page of a school can be.

The same views for us and for the plain way, so that what differs between them is what a
request costs before its own work begins. `terms/` is asked through the tenant's middleware
alone (asked.py), `simple/` through all of the portal's, by somebody who is signed in.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_GET

from catalog.models import Term
from portico.web import urls_school
from portico.web.access import page

TEMPLATE = """<!doctype html><title>{{ tenant.name }}</title><h1>{{ name }}</h1>
<ul>{% for term in terms %}<li>{{ term.name }} {{ term.starts_on }}</li>{% endfor %}</ul>"""


@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    return _page(request, name="")


@require_GET
@page()
def simple(request: HttpRequest) -> HttpResponse:
    return _page(request, name=request.user.full_name)  # type: ignore[union-attr]


def _page(request: HttpRequest, *, name: str) -> HttpResponse:
    tenant = request.tenant  # type: ignore[attr-defined]
    words = {"tenant": tenant, "name": name, "terms": Term.objects.all()}
    return HttpResponse(_template().render(words))


@cache
def _template() -> Any:
    return engines["django"].from_string(TEMPLATE)


urlpatterns = [path("terms/", terms), path("simple/", simple), *urls_school.urlpatterns]
