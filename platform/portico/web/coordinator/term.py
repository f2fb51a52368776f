"""The term at a glance: a table, a board by state, and what happens when it is over."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from catalog.models import Term
from catalog.terms import current_term, save_term, terms
from portico.accounts import may
from portico.internships.actions import roll_over_term
from portico.reports.health import Level
from portico.reports.term import COLUMNS, Glance, leftovers_of, term_at_a_glance
from portico.web.access import PortalRequest, page
from portico.web.coordinator.forms import PlacementFilter
from portico.web.coordinator.sections import sections
from portico.web.saving import posted, saved
from tenants.errors import Refused
from tenants.replica_reads import reads_replica

A_PAGE = 50
MOST_CARDS = 25
COLUMN_NAMES = {
    "waiting": gettext_lazy("Waiting"),
    "pursuing": gettext_lazy("Pursuing"),
    "active": gettext_lazy("Interning"),
    "completed": gettext_lazy("Completed"),
    "fell_through": gettext_lazy("Fell through"),
}


class TermFilter(PlacementFilter):
    """What narrows the term. Every part is optional; a wrong one narrows nothing."""

    health = forms.ChoiceField(
        label=gettext_lazy("Health"),
        required=False,
        choices=[("", gettext_lazy("any")), *((level, level.label) for level in Level)],
    )
    term = forms.ModelChoiceField(
        label=gettext_lazy("Term"), required=False, queryset=Term.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"].queryset = terms()  # type: ignore[attr-defined]
        self.fields["health"].choices = [  # type: ignore[attr-defined]
            ("", _("any")),
            *((level, level.label) for level in Level),
        ]

    def wanted(self) -> dict[str, Any]:
        return {**super().wanted(), "health": self.cleaned_data.get("health", "")}


class TermForm(forms.ModelForm):
    class Meta:
        model = Term
        fields = ["name", "starts_on", "ends_on"]
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"name": gettext_lazy("For example: Fall 2026.")}


@require_GET
@reads_replica
@page(may.PLAN_TERMS)
def term(request: PortalRequest) -> HttpResponse:
    """Every placement of a term, narrowed by the address's parameters."""
    form = TermFilter(request.GET)
    wanted = form.wanted()
    chosen = form.cleaned_data.get("term") or current_term()
    glance = term_at_a_glance(term=chosen, **wanted)
    as_board = request.GET.get("view") == "board"
    context: dict[str, Any] = {
        "nav": "board",
        "section": "term",
        "sections": sections(),
        "term": chosen,
        "form": form,
        "is_narrowed": any(wanted.values()),
        "as_board": as_board,
        "views": _views(request, as_board=as_board),
        "levels": _levels(request, glance),
        "count": len(glance.rows),
    }
    if as_board:
        context["columns"] = _columns(glance)
    else:
        found = Paginator(glance.rows, A_PAGE).get_page(request.GET.get("page"))
        context |= {"page": found, "rows": list(found)}
    return render(request, "coordinator/term.html", context)


def _with(request: PortalRequest, **changes: str) -> str:
    """This page's address with *changes* to its parameters, on the first page."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query[name] = value
    return f"{reverse('term')}?{query.urlencode()}"


def _views(request: PortalRequest, *, as_board: bool) -> list[dict[str, Any]]:
    return [
        {"label": _("Table"), "url": _with(request, view="table"), "on": not as_board},
        {"label": _("Board"), "url": _with(request, view="board"), "on": as_board},
    ]


def _levels(request: PortalRequest, glance: Glance) -> list[dict[str, Any]]:
    """How many internships stand at each level of health; a click narrows to them."""
    return [
        {
            "label": level.label,
            "tone": level.tone,
            "count": glance.levels[level],
            "url": _with(request, health=level),
        }
        for level in reversed(Level)
        if glance.levels.get(level)
    ]


def _columns(glance: Glance) -> list[dict[str, Any]]:
    columns = []
    for key, states in COLUMNS:
        rows = glance.column(states)
        columns.append(
            {
                "key": key,
                "name": COLUMN_NAMES[key],
                "count": len(rows),
                "rows": rows[:MOST_CARDS],
                "more": max(0, len(rows) - MOST_CARDS),
            }
        )
    return columns


# --- terms --------------------------------------------------------------------------------


@require_GET
@page(may.PLAN_TERMS)
def term_list(request: PortalRequest) -> HttpResponse:
    return render(request, "coordinator/terms.html", {"nav": "board", "terms": terms()})


@require_http_methods(["GET", "POST"])
@page(may.PLAN_TERMS)
def term_add(request: PortalRequest) -> HttpResponse:
    return _edit(request, Term(), heading=_("Add term"))


@require_http_methods(["GET", "POST"])
@page(may.PLAN_TERMS)
def term_edit(request: PortalRequest, term_id: uuid.UUID) -> HttpResponse:
    return _edit(request, Term.objects.get(id=term_id), heading=_("Edit term"))


def _edit(request: PortalRequest, found: Term, *, heading: str) -> HttpResponse:
    form = TermForm(posted(request), instance=found)
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: save_term(actor=request.user, term=form.instance))
    ):
        messages.success(request, _("Saved."))
        return redirect("terms")
    context = {
        "nav": "board",
        "form": form,
        "heading": heading,
        "back_url": reverse("terms"),
        "lead": "",
    }
    status = 422 if form.errors else 200
    return render(request, "coordinator/site_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@page(may.PLAN_TERMS)
def term_roll(request: PortalRequest, term_id: uuid.UUID) -> HttpResponse:
    """End a term: who has completed, who goes on, what is offered again."""
    found = Term.objects.get(id=term_id)
    left = leftovers_of(term=found)
    error = ""
    if request.method == "POST":
        try:
            outcome = roll_over_term(
                actor=request.user,
                term_id=term_id,
                next_term_id=_id(request.POST.get("next_term", "")),
                complete={one for one in map(_id, request.POST.getlist("complete")) if one},
                carry={one for one in map(_id, request.POST.getlist("carry")) if one},
            )
        except Refused as refusal:
            if refusal.code not in ("archived", "next_term"):
                raise
            error = str(refusal.message)
        else:
            _report(request, found, outcome)
            return redirect("terms")
    context = {"nav": "board", "term": found, "left": left, "error": error}
    status = 422 if error else 200
    return render(request, "coordinator/term_roll.html", context, status=status)


def _report(request: PortalRequest, found: Term, outcome: Any) -> None:
    ended = ngettext("%(n)d completed", "%(n)d completed", outcome.completed)
    carried = ngettext(
        "%(n)d opportunity offered again", "%(n)d opportunities offered again", outcome.carried
    )
    archived = ngettext("%(n)d archived", "%(n)d archived", outcome.archived)
    parts = [
        ended % {"n": outcome.completed},
        carried % {"n": outcome.carried},
        archived % {"n": outcome.archived},
    ]
    messages.success(
        request, _("%(term)s is over: %(what)s.") % {"term": found.name, "what": ", ".join(parts)}
    )
    for name, refusal in outcome.refused:
        messages.warning(request, f"{name}: {refusal.message}")


def _id(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None
