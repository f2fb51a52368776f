"""One internship: what it is, asking for it, saving it."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catalog.actions import set_favorite
from portico.accounts import may
from portico.internships.actions import request_placement
from portico.internships.models import Placement
from portico.internships.queries import is_under_way, open_by_offer, placements_of
from portico.internships.rules import MOST_OPEN_REQUESTS
from portico.internships.states import State
from portico.web.access import PortalRequest, page
from portico.web.offer_words import dates_words, grades_words
from portico.web.student.cards import card, favorite_url
from portico.web.student.forms import RequestForm
from portico.web.student.position import school_position
from sharing.search import Listing, get_listing
from tenants.errors import Refused


def _find(request: PortalRequest, listing_id: uuid.UUID) -> Listing:
    listing = get_listing(
        listing_id=listing_id,
        student=request.user,
        school_position=school_position(request.tenant),
    )
    if listing is None:
        raise Http404
    return listing


@require_GET
@page(may.SEARCH)
def listing(request: PortalRequest, listing_id: uuid.UUID) -> HttpResponse:
    """The internship's own page, with the form to ask for it."""
    return _show(request, _find(request, listing_id), form=RequestForm())


@require_POST
@page(may.PURSUE)
def request_listing(request: PortalRequest, listing_id: uuid.UUID) -> HttpResponse:
    """Ask for it. A second click leads to the placement the first one made."""
    if mine := _open_placement(request, listing_id):
        return redirect("placement", mine.id)
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _show(request, _find(request, listing_id), form=form, status=422)
    try:
        placement = request_placement(
            student=request.user,
            listing_id=listing_id,
            message=form.cleaned_data["message"],
        )
    except Refused as refusal:
        if refusal.code == "already_requested" and (mine := _open_placement(request, listing_id)):
            return redirect("placement", mine.id)
        if refusal.code in ("forbidden", "not_found"):
            raise
        form.add_error(None, str(refusal.message))
        return _show(request, _find(request, listing_id), form=form, status=409)
    messages.success(request, _("Sent! Your coordinator has your request."))
    return redirect("placement", placement.id)


def _open_placement(request: PortalRequest, listing_id: uuid.UUID) -> Placement | None:
    return open_by_offer(placements_of(student=request.user)).get(listing_id)


def _show(
    request: PortalRequest, found: Listing, *, form: RequestForm, status: int = 200
) -> HttpResponse:
    placements = placements_of(student=request.user)
    mine = open_by_offer(placements).get(found.id)
    waiting = [placement for placement in placements if placement.state == State.REQUESTED]
    context: dict[str, Any] = {
        "nav": "find",
        "card": card(found, placement=mine),
        "listing": found,
        "form": form,
        "mine": mine,
        "dates": dates_words(found.starts_on, found.ends_on),
        "grades": grades_words(found.grades),
        "obstacle": _obstacle(request, found, waiting=len(waiting)) if mine is None else "",
        "under_way": next((other for other in placements if is_under_way(other)), None),
        "pursuit_days": request.tenant.pursuit_days,
        "list_url": _list_url(request),
    }
    return render(request, "student/listing.html", context, status=status)


def _list_url(request: PortalRequest) -> str:
    """The list as it was searched, when the student comes from there."""
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    find_url = reverse("find")
    if came_from.netloc == request.get_host() and came_from.path == find_url:
        return f"{find_url}?{came_from.query}".rstrip("?")
    return find_url


def _obstacle(request: PortalRequest, found: Listing, *, waiting: int) -> str:
    """Why the student cannot ask now; empty when they can. The action decides for good."""
    if found.grades and request.user.grade not in found.grades:
        return _("This one is for other grades: %(grades)s.") % {
            "grades": grades_words(found.grades)
        }
    if found.open_slots < 1:
        return _("All slots are taken right now. Save it, slots come free again.")
    if waiting >= MOST_OPEN_REQUESTS:
        return _("Three of your requests are waiting. Step back from one to ask for another.")
    return ""


@require_POST
@page(may.SEARCH)
def save_listing(request: PortalRequest, listing_id: uuid.UUID) -> HttpResponse:
    found = _find(request, listing_id)
    set_favorite(student=request.user, listing_id=found.id, saved=True)
    return _bookmark(request, listing_id, title=found.title, saved=True)


@require_POST
@page(may.SEARCH)
def forget_listing(request: PortalRequest, listing_id: uuid.UUID) -> HttpResponse:
    """Also what is not offered any more can be forgotten."""
    set_favorite(student=request.user, listing_id=listing_id, saved=False)
    found = get_listing(listing_id=listing_id)
    return _bookmark(request, listing_id, title=found.title if found else "", saved=False)


def _bookmark(
    request: PortalRequest, listing_id: uuid.UUID, *, title: str, saved: bool
) -> HttpResponse:
    """With htmx the bookmark as it is now; without it, back to where the click was."""
    if request.htmx:
        context = {
            "title": title,
            "saved": saved,
            "name": listing_id,
            "url": favorite_url(listing_id, saved=saved),
        }
        return render(request, "student/bookmark.html", context)
    messages.success(request, _("Saved.") if saved else _("No longer saved."))
    came_from = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return HttpResponseRedirect(came_from)
    return redirect(reverse("saved"))
