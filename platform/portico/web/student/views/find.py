"""Find: where the placement stands, and the list of everything there is."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from catalog.demand import note_missed_search
from portico.accounts import may
from portico.accounts.roles import Role
from portico.internships.models import Placement
from portico.internships.queries import contact_of, open_by_offer, open_ones, placements_of
from portico.web.access import PortalRequest, page
from portico.web.context import home_url
from portico.web.student import searching
from portico.web.student.cards import cards
from portico.web.student.guide import Guide, guide
from portico.web.student.position import school_position
from sharing.search import Criteria, search_listings
from tenants.context import writing_context
from tenants.replica_reads import reads_replica


@require_GET
@reads_replica
@page(may.START)
def find(request: PortalRequest) -> HttpResponse:
    """The root: a student's list; everybody else begins elsewhere."""
    if not request.user.has_role(Role.STUDENT):
        return HttpResponseRedirect(home_url(request.user, kind=request.tenant.kind))
    criteria = searching.read_criteria(request.GET, student=request.user)
    cursor = request.GET.get("cursor")
    placements = placements_of(student=request.user)
    is_next_part = bool(cursor and request.htmx)
    results = search_listings(
        criteria=criteria,
        school_position=school_position(request.tenant),
        student=request.user,
        cursor=cursor,
        with_facets=not is_next_part,
    )
    if not results.listings and not cursor and searching.asks_for_something(criteria):
        _note_missed(request, criteria)
    address = searching.write_address(criteria)
    context: dict[str, Any] = {
        "nav": "find",
        "criteria": criteria,
        "results": results,
        "cards": cards(results.listings, placements=open_by_offer(placements)),
        "more_url": _more_url(address, results.next_cursor),
        "is_later_part": bool(cursor),
    }
    if is_next_part:
        return _varying(render(request, "student/find/cards.html", context))
    has_position = school_position(request.tenant) is not None
    context["first_facets"] = searching.first_facets(criteria, results.facets)
    context["more_facets"] = searching.more_facets(
        criteria, results.facets, student=request.user, has_position=has_position
    )
    context["sorts"] = searching.sort_options(criteria, has_position=has_position)
    context["wish"] = _wish(criteria)
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "student/find/results.html", context | {"is_update": True})
        return _varying(push_url(response, f"{reverse('find')}?{address}".rstrip("?")))
    context["hero"] = _hero(placements)
    context["others"] = len(open_ones(placements)) - 1
    context["is_first_visit"] = not placements
    return _varying(render(request, "student/find/page.html", context))


def _note_missed(request: PortalRequest, criteria: Criteria) -> None:
    """Not what is looked for by who only sees as the student does: it would be kept."""
    if getattr(request, "viewer", None) is None:
        with writing_context():
            note_missed_search(words=criteria.words, field=next(iter(criteria.fields), ""))


def _hero(placements: list[Placement]) -> Guide | None:
    """The placement that needs its student most."""
    current = next(iter(open_ones(placements)), None)
    return guide(current, contact=contact_of(current)) if current else None


def _more_url(address: str, cursor: str | None) -> str:
    if not cursor:
        return ""
    joined = f"{address}&" if address else ""
    return f"{reverse('find')}?{joined}cursor={cursor}"


def _wish(criteria: Criteria) -> dict[str, str]:
    """What a search without results is a wish for."""
    field = criteria.fields[0] if len(criteria.fields) == 1 else ""
    return {"job": criteria.words[:80], "field": field} if criteria.words or field else {}


def _varying(response: HttpResponse) -> HttpResponse:
    """A part and a whole page have one address: no cache may take one for the other."""
    patch_vary_headers(response, ["HX-Request"])
    return response
