"""The school's people: the list, and one of them with their history."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portico.accounts import may
from portico.accounts.models import Person
from portico.accounts.roles import GIVEN_BY_HAND, Role
from portico.people.queries import CLOSED, find_people
from portico.people.rules import may_view_as
from portico.web.access import PortalRequest, page
from portico.web.history import history_in_words
from portico.web.people.words import LINES

PAGE = 50


@require_GET
@page(may.SEE_PEOPLE)
def people(request: PortalRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    role = request.GET.get("role", "")
    found = find_people(words=words, role=role)
    context = {
        "nav": "people",
        "words": words,
        "role": role,
        "tabs": _tabs(words),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "may_keep": request.user.has_role(*may.KEEP_PEOPLE.roles),
    }
    return render(request, "people/people.html", context)


def _tabs(words: str) -> list[dict[str, str]]:
    roles = (*GIVEN_BY_HAND, Role.SUBSTITUTE)
    labels: dict[str, str] = {"": _("all")}
    labels |= {role.value: str(role.label) for role in roles}
    labels[CLOSED] = _("closed")
    return [
        {"key": key, "label": capfirst(label), "url": "?" + urlencode({"role": key, "q": words})}
        for key, label in labels.items()
    ]


@require_GET
@page(may.SEE_PEOPLE)
def person(request: PortalRequest, person_id: uuid.UUID) -> HttpResponse:
    found = Person.objects.select_related("teacher", "stands_in_for").get(id=person_id)
    return show_person(request, found)


def show_person(request: HttpRequest, found: Person, *, status: int = 200) -> HttpResponse:
    viewer = request.user
    assert isinstance(viewer, Person)
    context = {
        "nav": "people",
        "person": found,
        "is_self": found.id == viewer.id,
        "may_keep": viewer.has_role(*may.KEEP_PEOPLE.roles),
        "is_student": found.has_role(Role.STUDENT),
        "may_view_as": may_view_as(viewer, found),
        "history": history_in_words(found, lines=LINES),
    }
    return render(request, "people/person.html", context, status=status)
