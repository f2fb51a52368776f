"""How people sign in here: providers, and of whom a second step is demanded."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portico.accounts import may
from portico.signin.factors import staff_and_factors
from portico.signin.oidc.discovery import endpoints
from portico.signin.oidc.fetch import ProviderError
from portico.signin.oidc.people import forget_links
from portico.signin.resetting import reset_for
from portico.trust.actions import (
    add_provider,
    change_provider,
    demand_second_step,
    remove_provider,
)
from portico.trust.models import Provider
from portico.trust.queries import (
    known_providers,
    own_demand,
    own_providers,
    region_providers,
)
from portico.web.access import PortalRequest, page
from portico.web.saving import posted, saved
from portico.web.signin.forms import AddProviderForm, DemandForm, ProviderForm
from tenants.hosts import address_of
from tenants.queries import hosts_of_schools

NAV = "sign-in-settings"


@never_cache
@require_http_methods(["GET", "POST"])
@page(may.SET_UP_SIGN_IN)
def sign_in_settings(request: PortalRequest) -> HttpResponse:
    """Everything about signing in on one page; POST adds a provider."""
    form = AddProviderForm(posted(request))
    made: list[Provider] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, lambda: made.append(add_provider(actor=request.user, **form.cleaned_data)))
    ):
        return redirect("provider", made[0].id)
    context = {
        "nav": NAV,
        "form": form,
        "own": own_providers(),
        "of_region": region_providers(),
        "demand": DemandForm(initial={"roles": own_demand()}),
        "staff": staff_and_factors(),
    }
    return render(request, "signin/settings.html", context, status=422 if form.errors else 200)


@require_POST
@page(may.SET_UP_SIGN_IN)
def demand(request: PortalRequest) -> HttpResponse:
    form = DemandForm(request.POST)
    if form.is_valid():
        demand_second_step(actor=request.user, roles=form.cleaned_data["roles"])
        messages.success(request, _("Saved. It counts from the next sign-in on."))
    return redirect("sign-in-settings")


@never_cache
@require_http_methods(["GET", "POST"])
@page(may.SET_UP_SIGN_IN)
def provider(request: PortalRequest, provider_id: uuid.UUID) -> HttpResponse:
    """One provider: what to register there, and what to fill in here."""
    one = get_object_or_404(own_providers(), id=provider_id)
    at_region = request.tenant.kind == "region"
    form = ProviderForm(
        posted(request),
        provider=one,
        of_region=at_region,
        initial=ProviderForm.initial_of(one),
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(
            form,
            lambda: change_provider(
                actor=request.user, provider_id=provider_id, **form.cleaned_data
            ),
        )
    ):
        _say_whether_it_answers(request, own_providers().get(id=provider_id))
        return redirect("provider", provider_id)
    context = {
        "nav": NAV,
        "provider": one,
        "form": form,
        "addresses": _addresses(request, one),
    }
    return render(request, "signin/provider.html", context, status=422 if form.errors else 200)


@require_POST
@page(may.SET_UP_SIGN_IN)
def remove(request: PortalRequest, provider_id: uuid.UUID) -> HttpResponse:
    remove_provider(actor=request.user, provider_id=provider_id)
    messages.success(request, _("Removed. Nobody signs in with it any more."))
    return redirect("sign-in-settings")


@require_POST
@page(may.SET_UP_SIGN_IN)
def link_anew(request: PortalRequest, provider_id: uuid.UUID) -> HttpResponse:
    """Forget who is who at a provider, also at one of the region's."""
    one = get_object_or_404(known_providers(), id=provider_id)
    forget_links(actor=request.user, provider=one)
    messages.success(request, _("Everybody is found again at their next sign-in."))
    return redirect("sign-in-settings")


@require_POST
@page(may.SET_UP_SIGN_IN)
def reset(request: PortalRequest, staff_id: uuid.UUID) -> HttpResponse:
    """Somebody lost their phone."""
    reset_for(actor=request.user, person_id=staff_id)
    messages.success(request, _("Their second step is gone. They can set up a new one."))
    return redirect("sign-in-settings")


def _say_whether_it_answers(request: PortalRequest, one: Provider) -> None:
    """Ask the provider at once: a wrong issuer is found here, not by a class of students."""
    if not one.issuer:
        messages.success(request, _("Saved."))
        return
    try:
        endpoints(one.issuer)
    except ProviderError as error:
        messages.warning(
            request, _("Saved, but the provider does not answer as it should: %s") % error
        )
    else:
        messages.success(request, _("Saved. The provider answers."))


def _addresses(request: PortalRequest, one: Provider) -> list[str]:
    """The redirect addresses to register: this host's; a region's also its schools'."""
    path = reverse("sign-in-return", args=[one.id])
    here = request.build_absolute_uri(path)
    if request.tenant.kind != "region":
        return [here]
    hosts = hosts_of_schools(region=request.tenant.schema_name)
    return [here, *(address_of(host) + path for host in hosts.values())]
