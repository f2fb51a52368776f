"""A teacher's own students, and the starts that wait for a yes."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from portico.accounts import may
from portico.documents.checklist import checklists
from portico.internships.models import Placement
from portico.internships.queries import days_left_in_words
from portico.internships.queue import advisees_of, get_placement, start_requests
from portico.internships.states import State
from portico.web.access import PortalRequest, page
from portico.web.placements import do_act, show_placement
from portico.web.staff_words import next_step, origin_key, origin_label


@require_GET
@page(may.ADVISE)
def advisees(request: PortalRequest) -> HttpResponse:
    """Own students: where each stands and what is next, the most urgent first."""
    rows = [
        {
            "student": one.student,
            "placement": one.placement,
            "interned": one.interned,
            "days_left": days_left_in_words(one.placement) if one.placement else "",
            "next_step": next_step(one.placement),
            "origin": origin_key(one.placement.origin_kind) if one.placement else "",
            "origin_label": origin_label(
                kind=one.placement.origin_kind, name=one.placement.origin_name
            )
            if one.placement
            else "",
        }
        for one in advisees_of(teacher=request.user)
    ]
    context = {
        "nav": "advisees",
        "without": [row for row in rows if row["placement"] is None],
        "with_one": sorted((row for row in rows if row["placement"] is not None), key=_urgency),
        "total": len(rows),
        "start_count": start_requests(decider=request.user).count(),
    }
    return render(request, "teacher/advisees.html", context)


# What a teacher can do something about comes first: a start to decide, a clock that runs.
URGENCY = (
    State.START_REQUESTED,
    State.PURSUING,
    State.REQUESTED,
    State.AWAITING_OWNER,
    State.ACTIVE,
)


def _urgency(row: dict[str, Any]) -> tuple[int, datetime]:
    placement: Placement = row["placement"]
    return URGENCY.index(State(placement.state)), placement.deadline or placement.requested_at


@require_GET
@page(may.ADVISE)
def starts(request: PortalRequest) -> HttpResponse:
    """Own students who ask to start; where documents are missing a yes would be refused."""
    asking = list(start_requests(decider=request.user))
    items = checklists(asking)
    rows = [
        {"placement": one, "missing": [item.title for item in items[one.id] if not item.counts]}
        for one in asking
    ]
    return render(request, "teacher/starts.html", {"nav": "starts", "rows": rows})


@require_GET
@page(may.ADVISE)
def placement(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    return show_placement(
        request,
        get_placement(placement_id=placement_id),
        nav="advisees",
        act_url="placement-teacher-act",
        back_url=reverse("advisees"),
    )


@require_http_methods(["GET", "POST"])
@page(may.ADVISE)
def act(request: PortalRequest, placement_id: uuid.UUID, act: str) -> HttpResponse:
    return do_act(
        request,
        get_placement(placement_id=placement_id),
        act,
        nav="advisees",
        here=reverse("placement-teacher", args=[placement_id]),
        act_url="placement-teacher-act",
    )
