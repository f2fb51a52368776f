"""Signing in with a provider: there, and back. It is asked between two transactions."""

import logging
import time
import uuid
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portico.signin.oidc.fetch import ProviderError
from portico.signin.oidc.flow import Journey, NotBelieved, come_back, set_out
from portico.signin.oidc.people import person_for
from portico.trust.models import Provider
from portico.trust.queries import usable_provider
from portico.web.signin.entering import enter, enter_vouched
from tenants.errors import Refused
from tenants.outside import Heard, ask_outside, heard

log = logging.getLogger(__name__)

JOURNEYS = "oidc_journeys"  # in the session: state → Journey
MOST_JOURNEYS = 5  # tabs of one browser
LONGEST_JOURNEY = 15 * 60  # seconds: somebody looks for their password
STARTED_THERE = "oidc_started_there"

# What a page says when it did not work; none says whether an account exists.
REASONS = {
    "stale": _("This sign-in was not begun in this browser, or too long ago. Please try again."),
    "away": _("The provider does not answer at the moment. Try again, or sign in another way."),
    "not_believed": _("What the provider answered does not hold. Please try again."),
    "cancelled": _("The provider did not let you in, or you stopped there."),
    "elsewhere": _("This account is not one of the school's. Choose another one there."),
    "unknown": _("Nobody in this portal has this account. Ask your coordinator to add you."),
    "unverified": _(
        "The provider has not verified your e-mail address, so we cannot tell whose account "
        "this is. Ask your coordinator."
    ),
    "deactivated": _("Your account here is closed. Ask your coordinator."),
    "linked": _(
        "Somebody else signs in with this address already. Ask your coordinator to link anew."
    ),
}


def _redirect_uri(request: HttpRequest, provider: Provider) -> str:
    """Where the provider sends the browser back to: the host it set out from."""
    return request.build_absolute_uri(reverse("sign-in-return", args=[provider.id]))


@never_cache
@require_GET
def start(request: HttpRequest, provider_id: uuid.UUID) -> HttpResponse:
    """To the provider. A GET: it changes nothing but this browser's own session."""
    provider = _provider(provider_id)
    next_path = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(next_path, allowed_hosts={request.get_host()}):
        next_path = ""
    now = time.time()
    told = heard(request)
    if told is None:
        there = partial(
            set_out,
            provider=provider,
            redirect_uri=_redirect_uri(request, provider),
            next_path=next_path,
            now=now,
        )
        return ask_outside(request, there)
    try:
        address, state, journey = told.or_raise()
    except ProviderError as error:
        return _failed(request, provider, "away", error)
    kept = {
        key: one
        for key, one in request.session.get(JOURNEYS, {}).items()
        if now - one["at"] < LONGEST_JOURNEY
    }
    newest = sorted(kept, key=lambda key: kept[key]["at"])[-(MOST_JOURNEYS - 1) :]
    request.session[JOURNEYS] = {key: kept[key] for key in newest} | {state: journey.as_dict()}
    return HttpResponseRedirect(address)


@never_cache
@require_GET
def finish(request: HttpRequest, provider_id: uuid.UUID) -> HttpResponse:
    """Back from the provider. A state is good for one return, in the browser that set out."""
    provider = _provider(provider_id)
    told = heard(request)
    if told is not None:
        return _let_in(request, provider, told)
    if "state" not in request.GET and _may_start_there(request, provider):
        return redirect("sign-in-with", provider.id)
    journey = _take_journey(request, provider)
    if journey is None:
        return _failed(request, provider, "stale")
    if "code" not in request.GET:
        return _failed(request, provider, "cancelled")
    back = partial(
        come_back,
        provider=provider,
        journey=journey,
        code=request.GET["code"],
        redirect_uri=_redirect_uri(request, provider),
    )
    return ask_outside(request, back, kept=journey)


def _let_in(request: HttpRequest, provider: Provider, told: Heard) -> HttpResponse:
    """What the provider said of who came back, made a session."""
    try:
        person = person_for(provider=provider, claims=told.or_raise())
    except ProviderError as error:
        return _failed(request, provider, "away", error)
    except NotBelieved as error:
        return _failed(request, provider, "not_believed", error)
    except Refused as refusal:
        return _failed(request, provider, refusal.code)
    way_in = enter_vouched if provider.has_second_step else enter
    return way_in(request, person, way=provider.name, next_url=told.kept.next)


def _provider(provider_id: uuid.UUID) -> Provider:
    try:
        return usable_provider(provider_id=provider_id)
    except Provider.DoesNotExist as missing:
        raise Http404 from missing


def _may_start_there(request: HttpRequest, provider: Provider) -> bool:
    """Clever's portal sends people straight here, without a state: begin again, as it advises.

    Once: a provider that loses states would send a browser round for ever.
    """
    if provider.kind != "clever" or request.session.pop(STARTED_THERE, False):
        return False
    request.session[STARTED_THERE] = True
    return True


def _take_journey(request: HttpRequest, provider: Provider) -> Journey | None:
    journeys = request.session.get(JOURNEYS, {})
    found = journeys.pop(request.GET.get("state", ""), None)
    request.session[JOURNEYS] = journeys
    if found is None or found["provider"] != str(provider.id):
        return None
    return Journey(**found) if time.time() - found["at"] < LONGEST_JOURNEY else None


def _failed(
    request: HttpRequest, provider: Provider, reason: str, error: Exception | None = None
) -> HttpResponse:
    log.info("sign-in with provider %s: %s %s", provider.id, reason, error or "")
    context = {"reason": REASONS[reason], "provider": provider, "again": reason != "deactivated"}
    return render(request, "signin/failed.html", context, status=403)
