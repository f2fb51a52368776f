"""A partner's own postings. Another partner's do not exist here: 404."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portico.accounts import may
from portico.web.access import PortalRequest, attempt, back, page
from portico.web.offer_words import dates_words, grades_words, pay_words, schedule_words
from portico.web.partner.forms import ContactForm, PostingForm
from portico.web.saving import saved
from sharing.actions import save_posting
from sharing.models import MentorContact, Partner, PoolListing
from sharing.partners import postings_of, use_by_school
from tenants.queries import schools_of

PAGE_SIZE = 25
STATE_OF_BUTTON = {"close": PoolListing.State.CLOSED, "open": PoolListing.State.OPEN}


@dataclass(frozen=True)
class SchoolUse:
    """How many slots the students of one school use."""

    school: str
    count: int


@require_GET
@page(may.POST)
def postings(request: PortalRequest) -> HttpResponse:
    own = postings_of(partner_id=_partner_id(request))
    listed = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    names = _school_names(request)
    use = use_by_school(listing_ids=[listing.id for listing in listed])
    context = {
        "nav": "postings",
        "partner": Partner.objects.get(id=_partner_id(request)),
        "page": listed,
        "rows": [
            {"listing": listing, "use": _named(use.get(listing.id, {}), names)}
            for listing in listed
        ],
    }
    return render(request, "partner/postings.html", context)


@require_GET
@page(may.POST)
def posting(request: PortalRequest, listing_id: uuid.UUID) -> HttpResponse:
    listing = _own(request, listing_id)
    names = _school_names(request)
    use = use_by_school(listing_ids=[listing.id]).get(listing.id, {})
    context = {
        "nav": "postings",
        "listing": listing,
        "contact": MentorContact.objects.filter(listing=listing).first(),
        "use": _named(use, names),
        "free": max(0, listing.slots - listing.in_use),  # type: ignore[attr-defined]
        "reach": [names.get(schema, schema) for schema in listing.schools or []],
        "schedule": schedule_words(listing.days, listing.start_time, listing.end_time),
        "dates": dates_words(listing.starts_on, listing.ends_on),
        "pay": pay_words(listing.pay, listing.hourly_rate, listing.pay_note),
        "grades": grades_words(listing.grades),
    }
    return render(request, "partner/posting.html", context)


@require_http_methods(["GET", "POST"])
@page(may.POST)
def new_posting(request: PortalRequest) -> HttpResponse:
    return _edit(request, PoolListing(), MentorContact())


@require_http_methods(["GET", "POST"])
@page(may.POST)
def edit_posting(request: PortalRequest, listing_id: uuid.UUID) -> HttpResponse:
    listing = _own(request, listing_id)
    contact = MentorContact.objects.filter(listing=listing).first()
    return _edit(request, listing, contact or MentorContact(listing=listing))


@require_POST
@page(may.POST)
def change_state(request: PortalRequest, listing_id: uuid.UUID) -> HttpResponse:
    """Close a posting to new students, or open it (again)."""
    listing = _own(request, listing_id)
    target = STATE_OF_BUTTON.get(request.POST.get("act", ""))
    if target is not None and target != listing.state:
        listing.state = target
        contact = MentorContact.objects.filter(listing=listing).first()
        attempt(
            request,
            lambda: save_posting(
                actor=request.user, listing=listing, contact=contact or MentorContact()
            ),
            done=_("Schools see it now.")
            if target == PoolListing.State.OPEN
            else _("Closed. Students who are there stay."),
        )
    return back(request, request.path.removesuffix("state/"))


def _edit(request: PortalRequest, listing: PoolListing, contact: MentorContact) -> HttpResponse:
    is_new = listing._state.adding
    schools = schools_of(region=request.tenant.schema_name)
    form = PostingForm(request.POST or None, instance=listing, schools=schools)
    contact_form = ContactForm(request.POST or None, instance=contact, prefix="contact")
    if request.method == "POST" and all([form.is_valid(), contact_form.is_valid()]):
        if is_new:
            drafted = request.POST.get("act") == "draft"
            form.instance.state = PoolListing.State.DRAFT if drafted else PoolListing.State.OPEN
        if saved(
            form,
            lambda: save_posting(
                actor=request.user, listing=form.instance, contact=contact_form.instance
            ),
        ):
            messages.success(request, _said(form.instance, is_new=is_new))
            return redirect("posting", listing_id=form.instance.id)
    context = {
        "nav": "postings",
        "form": form,
        "contact_form": contact_form,
        "listing": listing,
        "is_new": is_new,
    }
    status = 422 if form.errors or contact_form.errors else 200
    return render(request, "partner/posting_form.html", context, status=status)


def _said(listing: PoolListing, *, is_new: bool) -> str:
    if listing.state == PoolListing.State.DRAFT:
        return _("Saved as a draft; no school sees it yet.")
    if not is_new:
        return _("Saved.")
    if listing.schools is None:
        return _("Posted. Every school of the region sees it now.")
    count = len(listing.schools)
    return ngettext(
        "Posted. %(count)d school sees it now.", "Posted. %(count)d schools see it now.", count
    ) % {"count": count}


def _partner_id(request: PortalRequest) -> uuid.UUID:
    """The partner of this person; an account without one has no pages here (404)."""
    if request.user.partner_id is None:
        raise Partner.DoesNotExist
    return request.user.partner_id


def _own(request: PortalRequest, listing_id: uuid.UUID) -> PoolListing:
    return postings_of(partner_id=_partner_id(request)).get(id=listing_id)


def _school_names(request: PortalRequest) -> dict[str, str]:
    return {
        school.schema_name: school.name for school in schools_of(region=request.tenant.schema_name)
    }


def _named(use: dict[str, int], names: dict[str, str]) -> list[SchoolUse]:
    named = (SchoolUse(names.get(schema, schema), count) for schema, count in use.items())
    return sorted(named, key=lambda one: one.school)
