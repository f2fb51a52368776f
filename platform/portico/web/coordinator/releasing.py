"""Into the pool and back: release, recall, and release of what nobody here wants."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.internships.actions.releasing import release_slots
from portico.internships.actions.releasing import release_unwanted as free_and_release
from portico.internships.queue import unwanted_opportunities
from portico.web.access import PortalRequest, attempt, back, page
from portico.web.coordinator.forms import ReleaseForm, TermsForm
from portico.web.coordinator.opportunities import opportunity_page, slots_bars
from portico.web.saving import posted, saved
from sharing import actions


@require_http_methods(["GET", "POST"])
@page(may.RELEASE)
def release(request: PortalRequest, opportunity_id: uuid.UUID) -> HttpResponse:
    """Release some free slots; wrong input comes back on the opportunity's page."""
    here = reverse("opportunity", args=[opportunity_id])
    if request.method == "GET":
        return redirect(here + "#release")
    form = ReleaseForm(request.POST)
    if form.is_valid() and saved(
        form,
        lambda: release_slots(
            actor=request.user, opportunity_id=opportunity_id, **form.cleaned_data
        ),
    ):
        slots = form.cleaned_data["slots"]
        done = ngettext("%(n)d slot is in the pool.", "%(n)d slots are in the pool.", slots)
        messages.success(request, done % {"n": slots})
        return back(request, here)
    return opportunity_page(request, opportunity_id, release_form=form)


@require_POST
@page(may.RELEASE)
def recall(request: PortalRequest, opportunity_id: uuid.UUID) -> HttpResponse:
    """Take back what nobody holds, and say what is held."""
    result: list[tuple[int, int]] = []
    if attempt(
        request,
        lambda: result.append(
            actions.recall_slots(actor=request.user, opportunity_id=opportunity_id)
        ),
    ):
        came_back, held = result[0]
        back_words = ngettext("%(n)d slot came back.", "%(n)d slots came back.", came_back)
        held_words = ngettext(
            "%(n)d is in use at another school and stays released until it is free.",
            "%(n)d are in use at other schools and stay released until they are free.",
            held,
        )
        words = [back_words % {"n": came_back}]
        if held:
            words.append(held_words % {"n": held})
        elif not came_back:
            words = [_("Nothing of it was in the pool any more.")]
        (messages.warning if held else messages.success)(request, " ".join(words))
    return back(request, reverse("opportunity", args=[opportunity_id]))


@require_http_methods(["GET", "POST"])
@page(may.RELEASE)
def release_unwanted(request: PortalRequest) -> HttpResponse:
    """What no student here requested or saved: release all free slots of the chosen ones."""
    found = list(unwanted_opportunities()[:200])
    bars = slots_bars(found)
    form = TermsForm(posted(request))
    chosen = [one.id for one in found if str(one.id) in request.POST.getlist("opportunity")]
    results: list[actions.Release] = []
    if request.method == "POST" and form.is_valid():
        if not request.POST.getlist("opportunity"):
            form.add_error(None, _("Choose at least one opportunity."))
        else:
            results = free_and_release(
                actor=request.user,
                opportunity_ids=chosen,
                visible_from=form.cleaned_data["visible_from"],
                ask_owner=form.cleaned_data["ask_owner"],
            )
    done = {result.opportunity.id for result in results if result.refusal is None}
    context = {
        "nav": "opportunities",
        "form": form,
        "rows": [
            {"opportunity": one, "slots": bars[one.id], "chosen": one.id in chosen}
            for one in found
            if one.id not in done
        ],
        "results": results,
        "posted": request.method == "POST" and not form.errors,
    }
    status = 422 if form.errors else 200
    return render(request, "coordinator/release_unwanted.html", context, status=status)
