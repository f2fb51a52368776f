"""Tokens of services: made for the region or one of its schools, shown once, revoked."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.accounts.models import ApiToken
from portico.web.access import PortalRequest, page
from portico.web.account.token_kinds import KINDS
from portico.web.account.tokens import TokenForm
from portico.web.saving import posted, saved
from sharing.services import live_service_tokens, make_service_token, revoke_service_token
from tenants.queries import schools_of


class ServiceForm(TokenForm):
    """A token's form; the service may be of the region or of a school."""

    def __init__(self, *args: object, kind: str, taken: set[str], **kwargs: object) -> None:
        super().__init__(*args, kind=kind, taken=taken, **kwargs)
        self.fields["name"].label = _("The service's name")
        self.fields["name"].help_text = _("History names it for what it does: Timetable sync.")


class WhereForm(forms.Form):
    """Whose services: the region's, or a school's by its code."""

    school = forms.ChoiceField(label=gettext_lazy("Services of"), required=False)


@never_cache
@require_http_methods(["GET", "POST"])
@page(may.KEEP_SERVICES)
def services(request: PortalRequest) -> HttpResponse:
    """The list and the form; the answer to the form is the only page with the secret."""
    schools = {one.code: one.name for one in schools_of(region=request.tenant.schema_name)}
    where = WhereForm(request.GET or {})
    where.fields["school"].choices = [("", request.tenant.name), *schools.items()]  # type: ignore[attr-defined]
    school = where.cleaned_data["school"] if where.is_valid() else ""
    kind = "school" if school else "region"
    tokens = live_service_tokens(school=school)
    form = ServiceForm(posted(request), kind=kind, taken={one.name for one in tokens})
    made: list[tuple[ApiToken, str]] = []

    def make() -> None:
        facts = dict(form.cleaned_data)
        made.append(
            make_service_token(
                actor=request.user, school=school, service=facts.pop("name"), **facts
            )
        )

    if request.method == "POST" and form.is_valid() and saved(form, make):
        tokens = [made[0][0], *tokens]
        form = ServiceForm(kind=kind, taken=set())
    context = {
        "nav": "services",
        "where": where,
        "school": school,
        "place": schools.get(school, request.tenant.name),
        "address": _address(school),
        "rows": [{"token": one, "only": KINDS[kind].get(one.only, one.only)} for one in tokens],
        "form": form,
        "secret": made[0][1] if made else "",
    }
    return render(request, "district/services.html", context, status=422 if form.errors else 200)


def _address(school: str) -> str:
    return reverse("services") + (f"?{urlencode({'school': school})}" if school else "")


@require_POST
@page(may.KEEP_SERVICES)
def revoke(request: PortalRequest, service_token_id: uuid.UUID) -> HttpResponse:
    school = request.POST.get("school", "")
    revoke_service_token(actor=request.user, school=school, token_id=service_token_id)
    messages.success(request, _("Revoked. It does not work any more."))
    return redirect(_address(school))
