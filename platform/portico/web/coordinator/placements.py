"""All placements of the school, and one of them."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from portico.accounts import may
from portico.internships.queries import by_the_clock
from portico.internships.queue import find_placements, get_placement
from portico.web.access import PortalRequest, page
from portico.web.coordinator.forms import PlacementFilter
from portico.web.placements import do_act, show_placement

PAGE = 50


@require_GET
@page(may.FOLLOW_PLACEMENTS)
def placements(request: PortalRequest) -> HttpResponse:
    """The table, narrowed by the address's parameters; a wrong one narrows nothing."""
    form = PlacementFilter(request.GET)
    wanted = form.wanted()
    found = Paginator(find_placements(**wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "placements",
        "form": form,
        "is_narrowed": any(wanted.values()),
        "page": found,
        "placements": [by_the_clock(one) for one in found],
    }
    return render(request, "coordinator/placements.html", context)


@require_GET
@page(may.FOLLOW_PLACEMENTS)
def placement(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    return show_placement(
        request,
        get_placement(placement_id=placement_id),
        nav="placements",
        act_url="placement-act",
        back_url=reverse("placements"),
    )


@require_http_methods(["GET", "POST"])
@page(may.FOLLOW_PLACEMENTS)
def act(request: PortalRequest, placement_id: uuid.UUID, act: str) -> HttpResponse:
    return do_act(
        request,
        get_placement(placement_id=placement_id),
        act,
        nav="placements",
        here=reverse("placement-staff", args=[placement_id]),
        act_url="placement-act",
    )
