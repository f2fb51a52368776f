"""My journey: the placements under way and the ones behind, and each one's own page."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portico.accounts import may
from portico.internships.actions import request_start, withdraw_placement
from portico.internships.queries import (
    closed_ones,
    contact_of,
    offer_of,
    open_ones,
    placement_of,
    placements_of,
)
from portico.internships.rules import may_act
from portico.internships.states import FINAL, State
from portico.web.access import PortalRequest, page
from portico.web.documents.words import card_of
from portico.web.minors import minors_of
from portico.web.offer_words import dates_words, schedule_words
from portico.web.student.cards import ORIGIN_KINDS, origin_label
from portico.web.student.forms import StartForm, WithdrawForm, proposed_start
from portico.web.student.guide import guide
from portico.web.student.timeline import timeline
from tenants.errors import Refused


@require_GET
@page(may.PURSUE)
def journey(request: PortalRequest) -> HttpResponse:
    """Everything the student ever asked for."""
    placements = placements_of(student=request.user)
    under_way = open_ones(placements)
    context = {
        "nav": "journey",
        "heroes": [guide(one, contact=contact_of(one)) for one in under_way],
        "history": closed_ones(placements),
    }
    return render(request, "student/journey.html", context)


@require_GET
@page(may.PURSUE)
def placement(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    """One placement: where it stands, what to do, whom to call."""
    mine = placement_of(student=request.user, placement_id=placement_id)
    contact = contact_of(mine)
    context: dict[str, Any] = {
        "nav": "journey",
        "placement": mine,
        "guide": guide(mine, contact=contact),
        "contact": contact,
        "origin": ORIGIN_KINDS[mine.origin_kind],
        "origin_label": origin_label(mine.origin_kind, mine.origin_name),
        "schedule": schedule_words(mine.days, mine.start_time, mine.end_time),
        "dates": dates_words(mine.starts_on, mine.ends_on),
        "timeline": timeline(mine),
        "may_withdraw": may_act(request.user, mine, "withdraw"),
        "is_over": mine.state in FINAL,
        "documents": card_of(mine, reader=request.user),
        "minors": minors_of(mine, to_student=True) if mine.state == State.START_REQUESTED else None,
        "form": WithdrawForm(),
    }
    return render(request, "student/placement.html", context)


@require_http_methods(["GET", "POST"])
@page(may.PURSUE)
def start_request(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    """The form that asks to start. Asked once it stays asked: a second click changes nothing."""
    mine = placement_of(student=request.user, placement_id=placement_id)
    if mine.state in (State.START_REQUESTED, State.ACTIVE):
        messages.info(request, _("You have asked to start already."))
        return redirect("placement", mine.id)
    if not may_act(request.user, mine, "request_start"):
        messages.warning(request, _("You can ask to start while you are pursuing it."))
        return redirect("placement", mine.id)
    first_values = proposed_start(mine, offer_of(mine))
    form = StartForm(request.POST if request.method == "POST" else None, initial=first_values)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                request_start(placement_id=mine.id, actor=request.user, start=form.start_request())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Sent! You get a message with the answer."))
            return redirect("placement", mine.id)
    context = {
        "nav": "journey",
        "placement": mine,
        "guide": guide(mine),
        "documents": card_of(mine, reader=request.user),
        "minors": minors_of(mine, schedule=form.schedule(), to_student=True),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "student/start_request.html", context, status=status)


@require_http_methods(["GET", "POST"])
@page(may.PURSUE)
def withdraw(request: PortalRequest, placement_id: uuid.UUID) -> HttpResponse:
    """Step back. GET asks whether it is meant."""
    mine = placement_of(student=request.user, placement_id=placement_id)
    if not may_act(request.user, mine, "withdraw"):
        messages.info(request, _("This one is over already."))
        return redirect("placement", mine.id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        withdraw_placement(
            placement_id=mine.id, actor=request.user, reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("Done. You stepped back."))
        return redirect("placement", mine.id)
    context = {"nav": "journey", "placement": mine, "form": form}
    status = 422 if form.errors else 200
    return render(request, "student/withdraw.html", context, status=status)
