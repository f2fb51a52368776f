"""A school admin adds, changes, invites people and closes accounts."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.accounts.models import Person
from portico.people.actions import add_somebody, change_somebody, invite_again, set_active
from portico.web.access import PortalRequest, attempt, page
from portico.web.people.forms import ChangeForm, PersonForm
from portico.web.saving import posted, saved


@require_http_methods(["GET", "POST"])
@page(may.KEEP_PEOPLE)
def add(request: PortalRequest) -> HttpResponse:
    """A new person, who gets an invitation."""
    form = PersonForm(posted(request))
    made: list[Person] = []
    if form.is_valid() and saved(
        form,
        lambda: made.append(
            add_somebody(actor=request.user, school_name=request.tenant.name, **form.facts)
        ),
    ):
        messages.success(request, _("Added. The invitation is on its way."))
        return redirect("person", person_id=made[0].id)
    context = {"nav": "people", "form": form, "person": None}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(may.KEEP_PEOPLE)
def edit(request: PortalRequest, person_id: uuid.UUID) -> HttpResponse:
    person = Person.objects.get(id=person_id)
    form = ChangeForm(posted(request), person=person)
    if form.is_valid() and saved(
        form,
        lambda: change_somebody(actor=request.user, person_id=person_id, **form.facts),
    ):
        messages.success(request, _("Saved."))
        return redirect("person", person_id=person_id)
    context = {"nav": "people", "form": form, "person": person}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


@require_POST
@page(may.KEEP_PEOPLE)
def active(request: PortalRequest, person_id: uuid.UUID) -> HttpResponse:
    """Close an account or open it again: `active` is yes or no."""
    wanted = request.POST.get("active") == "yes"
    attempt(
        request,
        lambda: set_active(actor=request.user, person_id=person_id, active=wanted),
        done=_("The account is open.") if wanted else _("The account is closed."),
    )
    return redirect("person", person_id=person_id)


@require_POST
@page(may.KEEP_PEOPLE)
def invite(request: PortalRequest, person_id: uuid.UUID) -> HttpResponse:
    attempt(
        request,
        lambda: invite_again(
            actor=request.user, person_id=person_id, school_name=request.tenant.name
        ),
        done=_("The invitation is on its way."),
    )
    return redirect("person", person_id=person_id)
