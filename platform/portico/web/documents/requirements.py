"""What the school requires before a start, and what ends soon."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portico.accounts import may
from portico.documents.actions import save_requirement, set_requirement_active
from portico.documents.models import Requirement
from portico.documents.queries import ending, requirements
from portico.web.access import PortalRequest, attempt, page
from portico.web.documents.forms import RequirementForm
from portico.web.documents.words import ICONS, who_gives
from portico.web.saving import posted, saved

NAV = "requirements"


def _tabs() -> list[dict[str, str]]:
    return [
        {"key": "requirements", "label": _("Required"), "url": reverse("requirements")},
        {"key": "ending", "label": _("Ending soon"), "url": reverse("documents-ending")},
    ]


@require_GET
@page(may.REQUIRE_DOCUMENTS)
def requirement_list(request: PortalRequest) -> HttpResponse:
    rows = [
        {
            "requirement": one,
            "about": who_gives(one),
            "icon": ICONS[Requirement.Kind(one.kind)],
        }
        for one in requirements()
    ]
    context = {"nav": NAV, "tabs": _tabs(), "rows": rows}
    return render(request, "documents/requirements.html", context)


@require_http_methods(["GET", "POST"])
@page(may.REQUIRE_DOCUMENTS)
def add(request: PortalRequest) -> HttpResponse:
    return _edit(request, RequirementForm(posted(request)), heading=_("Require a document"))


@require_http_methods(["GET", "POST"])
@page(may.REQUIRE_DOCUMENTS)
def edit(request: PortalRequest, requirement_id: uuid.UUID) -> HttpResponse:
    """Other words make a new version; what was signed before keeps its own text."""
    one = Requirement.objects.get(id=requirement_id)
    return _edit(request, RequirementForm(posted(request), instance=one), heading=one.title)


def _edit(request: PortalRequest, form: RequirementForm, *, heading: str) -> HttpResponse:
    is_new = form.instance._state.adding
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(
            form,
            lambda: save_requirement(
                actor=request.user,
                requirement=form.requirement(),
                sign_anew=form.cleaned_data.get("sign_anew", False),
            ),
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("requirements")
    context: dict[str, Any] = {
        "nav": NAV,
        "heading": heading,
        "form": form,
        "requirement": None if is_new else form.instance,
        "back_url": reverse("requirements"),
    }
    status = 422 if form.errors else 200
    return render(request, "documents/requirement.html", context, status=status)


@require_POST
@page(may.REQUIRE_DOCUMENTS)
def set_active(request: PortalRequest, requirement_id: uuid.UUID) -> HttpResponse:
    """Ask for it, or stop asking. The form says which, so that a second click changes nothing."""
    is_active = request.POST.get("active") == "yes"
    attempt(
        request,
        lambda: set_requirement_active(
            actor=request.user, requirement_id=requirement_id, is_active=is_active
        ),
        done=_("Saved."),
    )
    return redirect("requirements")


@require_GET
@page(may.REQUIRE_DOCUMENTS)
def ending_list(request: PortalRequest) -> HttpResponse:
    """Clearances and papers of running internships that end within a month, or have ended."""
    context = {"nav": NAV, "tabs": _tabs(), "documents": ending()}
    return render(request, "documents/ending.html", context)
