"""The school's opportunities: list, add, change, publish, pause, archive."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.actions import STATE_ACTIONS, change_opportunity_state
from catalog.models import Opportunity
from catalog.queries import find_opportunities, get_opportunity, opportunity_counts
from portico.accounts import may
from portico.accounts.models import Person
from portico.internships.queue import holders_of, overdue_counts, unwanted_opportunities
from portico.web.access import PortalRequest, attempt, back, page
from portico.web.coordinator.forms import OpportunityFilter, ReleaseForm
from portico.web.coordinator.offer_form import OpportunityForm
from portico.web.saving import posted, saved
from sharing.actions import refresh_release
from sharing.models import OwnListing

PAGE = 30


@dataclass(frozen=True)
class SlotsBar:
    """An opportunity's slots as parts of a bar (cotton/slots_bar.html)."""

    capacity: int
    taken: int
    released: int

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken - self.released)

    @property
    def free_from(self) -> int:
        return self.taken + self.released


def slots_bars(opportunities: list[Opportunity]) -> dict[uuid.UUID, SlotsBar]:
    """A bar an opportunity; what the clock has ended is free."""
    overdue = overdue_counts([one.id for one in opportunities])
    return {
        one.id: SlotsBar(one.capacity, max(0, one.taken - overdue[one.id]), one.released)
        for one in opportunities
    }


@require_GET
@page(may.CURATE)
def opportunities(request: PortalRequest) -> HttpResponse:
    form = OpportunityFilter(request.GET)
    form.is_valid()
    state, words = form.cleaned_data.get("state", ""), form.cleaned_data.get("q", "")
    found = Paginator(find_opportunities(state=state, words=words), PAGE).get_page(
        request.GET.get("page")
    )
    bars = slots_bars(list(found))
    context = {
        "nav": "opportunities",
        "tabs": _tabs(),
        "state": state or "all",
        "words": words,
        "page": found,
        "rows": [{"opportunity": one, "slots": bars[one.id]} for one in found],
        "unwanted": unwanted_opportunities().count(),
    }
    return render(request, "coordinator/opportunities.html", context)


def _tabs() -> list[dict]:
    counts = opportunity_counts()
    here = reverse("opportunities")
    tabs = [{"key": "all", "label": _("All"), "url": here, "count": sum(counts.values())}]
    tabs += [
        {
            "key": state.value,
            "label": state.label.capitalize(),
            "url": f"{here}?state={state.value}",
            "count": counts.get(state.value, 0),
        }
        for state in Opportunity.State
    ]
    return tabs


@require_http_methods(["GET", "POST"])
@page(may.CURATE)
def add(request: PortalRequest) -> HttpResponse:
    """A new opportunity: a draft, or published at once with the second button."""
    initial = {"site": request.GET.get("site"), "capacity": 1}
    form = OpportunityForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        made: list[Opportunity] = []
        if saved(form, lambda: made.append(_save(form, request))):
            return redirect("opportunity", opportunity_id=made[0].id)
    return _form_page(
        request, form, heading=_("New opportunity"), back_url=reverse("opportunities")
    )


@require_http_methods(["GET", "POST"])
@page(may.CURATE)
def edit(request: PortalRequest, opportunity_id: uuid.UUID) -> HttpResponse:
    """Change an opportunity; what is in the pool of it follows."""
    opportunity = get_opportunity(opportunity_id=opportunity_id)
    form = OpportunityForm(posted(request), instance=opportunity)
    here = reverse("opportunity", args=[opportunity_id])
    if request.method == "POST" and form.is_valid() and saved(form, lambda: _save(form, request)):
        messages.success(request, _("Saved."))
        return redirect(here)
    return _form_page(request, form, heading=_("Change the opportunity"), back_url=here)


def _save(form: OpportunityForm, request: PortalRequest) -> Opportunity:
    opportunity = form.save_as(request.user)
    if "publish" in request.POST and opportunity.state != Opportunity.State.PUBLISHED:
        opportunity = change_opportunity_state(
            actor=request.user, opportunity_id=opportunity.id, action="publish"
        )
    refresh_release(opportunity=opportunity)
    return opportunity


def _form_page(
    request: PortalRequest, form: OpportunityForm, *, heading: str, back_url: str
) -> HttpResponse:
    context = {"nav": "opportunities", "form": form, "heading": heading, "back_url": back_url}
    status = 422 if form.errors else 200
    return render(request, "coordinator/opportunity_form.html", context, status=status)


@require_GET
@page(may.CURATE)
def opportunity(request: PortalRequest, opportunity_id: uuid.UUID) -> HttpResponse:
    return opportunity_page(request, opportunity_id)


def opportunity_page(
    request: PortalRequest, opportunity_id: uuid.UUID, *, release_form: ReleaseForm | None = None
) -> HttpResponse:
    """One opportunity: what it says, its slots, who holds them, and what can be done."""
    found = get_opportunity(opportunity_id=opportunity_id)
    slots = slots_bars([found])[found.id]
    listing = OwnListing.objects.filter(opportunity_id=found.id).first() if found.released else None
    if release_form is None:
        initial: dict[str, Any] = {"slots": slots.free}
        if listing is not None:
            initial |= {"visible_from": listing.visible_from, "ask_owner": listing.ask_owner}
        release_form = ReleaseForm(initial=initial)
    context = {
        "nav": "opportunities",
        "opportunity": found,
        "slots": slots,
        "listing": listing,
        "now": timezone.now(),
        "holders": holders_of(opportunity_id=found.id),
        "release_form": release_form,
        "can": [key for key, (sources, _target) in STATE_ACTIONS.items() if found.state in sources],
    }
    status = 422 if release_form.errors else 200
    return render(request, "coordinator/opportunity.html", context, status=status)


DONE = {
    "publish": gettext_lazy("Published: your students see it now."),
    "pause": gettext_lazy("Paused: nobody can request it now."),
    "archive": gettext_lazy("Archived."),
}


@require_POST
@page(may.CURATE)
def change_state(request: PortalRequest, opportunity_id: uuid.UUID) -> HttpResponse:
    action = request.POST.get("action", "")
    if action not in STATE_ACTIONS:
        raise Http404
    attempt(
        request,
        lambda: _change_state(request.user, opportunity_id, action),
        done=str(DONE[action]),
    )
    return back(request, reverse("opportunity", args=[opportunity_id]))


def _change_state(actor: Person, opportunity_id: uuid.UUID, action: str) -> None:
    refresh_release(
        opportunity=change_opportunity_state(
            actor=actor, opportunity_id=opportunity_id, action=action
        )
    )
