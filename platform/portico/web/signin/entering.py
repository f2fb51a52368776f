"""From "this is who it is" to a page of theirs, by way of the second step."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portico.accounts.known_browsers import COOKIE, MAX_AGE, read_cookie
from portico.accounts.models import Person
from portico.accounts.throttle import SignInThrottle
from portico.signin.entering import let_in
from portico.web.context import home_url


def throttle_of(request: HttpRequest, *, email: str) -> SignInThrottle:
    """What slows down guessing at *email* (or another name of what is guessed at)."""
    tenant = request.tenant.schema_name  # type: ignore[attr-defined]
    browser = read_cookie(request.COOKIES.get(COOKIE, ""))
    return SignInThrottle(
        tenant=tenant,
        email=email,
        address=request.META.get("REMOTE_ADDR", ""),
        browser=browser.id if browser.knows(tenant=tenant, email=email) else "",
    )


def remember_browser(request: HttpRequest, response: HttpResponse, *, email: str) -> None:
    """The password was right here: failures elsewhere do not count against this browser."""
    tenant = request.tenant.schema_name  # type: ignore[attr-defined]
    browser = read_cookie(request.COOKIES.get(COOKIE, ""))
    response.set_cookie(
        COOKIE,
        browser.with_account(tenant=tenant, email=email).as_cookie(),
        max_age=MAX_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def enter(request: HttpRequest, person: Person, *, way: str, next_url: str = "") -> HttpResponse:
    """Sign *person* in, or lead to their second step first; then to *next_url* or home.

    *way* is how they showed who they are: password, code, link, a provider's name.
    """
    record_authentication(request, person, method=way)
    response: HttpResponse = perform_login(request, person, redirect_url=next_url or None)
    return response


def enter_vouched(
    request: HttpRequest, person: Person, *, way: str, next_url: str = ""
) -> HttpResponse:
    """The same for who comes from a provider that has asked for a second step itself."""
    let_in(request=request, person=person, way=way, second_step_done=True)
    kind = request.tenant.kind  # type: ignore[attr-defined]
    return HttpResponseRedirect(next_url or home_url(person, kind=kind))
