"""Who stands in for a teacher, until when; appointing somebody, and ending it early."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.people.queries import substitutions
from portico.people.substituting import Newcomer, appoint_substitute, end_substitution
from portico.web.access import PortalRequest, attempt, page
from portico.web.people.forms import SubstituteForm
from portico.web.saving import posted, saved


@require_http_methods(["GET", "POST"])
@page(may.APPOINT)
def substitutes(request: PortalRequest) -> HttpResponse:
    form = SubstituteForm(posted(request), initial={"teacher": request.GET.get("teacher", "")})
    if form.is_valid() and saved(form, lambda: _appoint(request, form)):
        messages.success(request, _("Appointed. Both have been told."))
        return redirect("substitutes")
    rows = [
        # the last day, not the moment after it
        {"person": one, "last_day": one.stands_in_until - timedelta(seconds=1)}
        for one in substitutions()
        if one.stands_in_until
    ]
    context = {"nav": "people", "form": form, "rows": rows}
    return render(request, "people/substitutes.html", context, status=422 if form.errors else 200)


def _appoint(request: PortalRequest, form: SubstituteForm) -> None:
    data = form.cleaned_data
    appoint_substitute(
        actor=request.user,
        teacher_id=data["teacher"].id,
        who=data["person"].id
        if data["person"]
        else Newcomer(data["email"], data["given_name"], data["family_name"]),
        until=data["until"],
        school_name=request.tenant.name,
    )


@require_POST
@page(may.APPOINT)
def end(request: PortalRequest, substitute_id: uuid.UUID) -> HttpResponse:
    attempt(
        request,
        lambda: end_substitution(actor=request.user, person_id=substitute_id),
        done=_("It is over from now on."),
    )
    return redirect("substitutes")
