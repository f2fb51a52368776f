"""Wishes to action: what students want against what there is, and the places being won."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.cultivation import (
    OPEN_STATES,
    count_due_leads,
    find_leads,
    lead_counts,
    save_lead,
    win_lead,
)
from catalog.fields import Field
from catalog.models import Lead
from catalog.queries import count_new_suggestions
from portico.accounts import may
from portico.reports.demand import FieldDemand, demand_by_field, missed_words, wished_jobs
from portico.web.access import PortalRequest, attempt, page
from portico.web.coordinator.sections import sections
from portico.web.saving import posted, saved
from tenants.replica_reads import reads_replica

A_PAGE = 50


class LeadForm(forms.ModelForm):
    class Meta:
        model = Lead
        fields = ["name", "field", "contact", "state", "next_on", "notes"]
        widgets = {
            "next_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "notes": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "next_on": gettext_lazy("When to call or write again."),
            "notes": gettext_lazy("Who said what, and when. For staff only."),
        }


@require_GET
@reads_replica
@page(may.CULTIVATE)
def demand(request: PortalRequest) -> HttpResponse:
    fields = demand_by_field()
    wanted = [one for one in fields if one.students or one.missed or one.saved]
    context = {
        "nav": "board",
        "section": "demand",
        "sections": sections(),
        "rows": [{"demand": one, "sentence": in_words(one)} for one in wanted],
        "unwanted": [one for one in fields if one not in wanted and one.own],
        "jobs": wished_jobs(),
        "missed": missed_words(),
        "due": count_due_leads(),
        "suggestions": count_new_suggestions(),
    }
    return render(request, "coordinator/demand.html", context)


def in_words(one: FieldDemand) -> str:
    """“12 students want it, you offer 2; 9 slots in the region.”"""
    want = ngettext("%(n)d student wants it", "%(n)d students want it", one.students)
    region = ngettext("%(n)d slot in the region", "%(n)d slots in the region", one.region)
    words = {
        "want": want % {"n": one.students},
        "own": one.own,
        "region": region % {"n": one.region},
    }
    return _("%(want)s, you offer %(own)d; %(region)s.") % words


# --- the cultivation list -----------------------------------------------------------------


@require_GET
@page(may.CULTIVATE)
def leads(request: PortalRequest) -> HttpResponse:
    """Places to win: the open ones, or those of one state."""
    state = request.GET.get("state", "")
    state = state if state in Lead.State.values else ""
    counts = lead_counts()
    found = Paginator(find_leads(state=state), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "board",
        "tabs": _tabs(counts),
        "state": state,
        "page": found,
        "leads": list(found),
        "today": timezone.localdate(),
    }
    return render(request, "coordinator/leads.html", context)


def _tabs(counts: dict[str, int]) -> list[dict[str, Any]]:
    here = reverse("leads")
    open_count = sum(counts.get(state, 0) for state in OPEN_STATES)
    return [{"key": "", "label": _("To do"), "url": here, "count": open_count}] + [
        {
            "key": state.value,
            "label": str(state.label).capitalize(),
            "url": f"{here}?state={state.value}",
            "count": counts.get(state, 0),
        }
        for state in Lead.State
    ]


@require_http_methods(["GET", "POST"])
@page(may.CULTIVATE)
def lead_add(request: PortalRequest) -> HttpResponse:
    """A new place to win; `field` and `name` in the address fill the form."""
    field = request.GET.get("field", "")
    lead = Lead(
        field=field if field in Field.values else "", name=request.GET.get("name", "")[:120]
    )
    return _edit(request, lead, heading=_("Add a place to win"))


@require_http_methods(["GET", "POST"])
@page(may.CULTIVATE)
def lead(request: PortalRequest, lead_id: uuid.UUID) -> HttpResponse:
    found = Lead.objects.select_related("site").get(id=lead_id)
    return _edit(request, found, heading=found.name)


def _edit(request: PortalRequest, found: Lead, *, heading: str) -> HttpResponse:
    is_new = found._state.adding
    form = LeadForm(posted(request), instance=found)
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: save_lead(actor=request.user, lead=form.instance))
    ):
        messages.success(request, _("Saved."))
        return redirect("leads")
    context = {"nav": "board", "form": form, "heading": heading, "lead": None if is_new else found}
    status = 422 if form.errors else 200
    return render(request, "coordinator/lead.html", context, status=status)


@require_POST
@page(may.CULTIVATE)
def lead_won(request: PortalRequest, lead_id: uuid.UUID) -> HttpResponse:
    """They said yes: a site is made of it."""
    found = Lead.objects.get(id=lead_id)
    attempt(
        request,
        lambda: win_lead(actor=request.user, lead_id=lead_id),
        done=_("Won! Add a mentor, then an opportunity."),
    )
    found.refresh_from_db()
    if found.site_id:
        return redirect("site", site_id=found.site_id)
    return redirect("leads")
