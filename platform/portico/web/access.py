"""Who may open a page, and what happens when a rule says no."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from portico.accounts.may import BE_HERE, Permission
from portico.accounts.models import Person
from portico.web.errors import refused
from tenants.errors import Refused
from tenants.models import Tenant
from tenants.retry import again_on_deadlock

View = Callable[..., HttpResponseBase]


class PortalRequest(HttpRequest):
    """A request inside a tenant with somebody signed in, as `page` hands it to views."""

    tenant: Tenant
    user: Person  # type: ignore[assignment]
    htmx: Any


def page(permission: Permission = BE_HERE) -> Callable[[View], View]:
    """A page for people who have *permission*, a line of the table in accounts/may.py.

    Signed out: to the sign-in page and back. Another role: 403. What another tenant or
    another person owns does not exist here: 404. A rule that refuses (Refused) becomes a
    409 page, or 403 for `forbidden`; whatever the view had begun to write is undone.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.has_role(*permission.roles):
                raise PermissionDenied
            return answer(view, request, *args, **kwargs)

        vars(guarded)["permission"] = permission  # read by web/people/viewing.py and tests/access
        return guarded

    return decorate


def answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Run *view* with the meaning of its exceptions; also for pages without sign-in."""
    try:
        if request.method in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        return again_on_deadlock(lambda: view(request, *args, **kwargs))
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise PermissionDenied from refusal
        if refusal.code == "not_found":
            raise Http404 from refusal
        return refused(request, refusal)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def attempt(request: HttpRequest, act: Callable[[], Any], *, done: str = "") -> bool:
    """Do *act* and say how it went at the top of the next page; False when it was refused.

    For buttons in lists, where the answer is the same list and not a page of its own.
    """
    try:
        again_on_deadlock(act)
    except Refused as refusal:
        if refusal.code in ("forbidden", "not_found"):
            raise
        messages.error(request, str(refusal.message))
        return False
    if done:
        messages.success(request, done)
    return True


def back(request: HttpRequest, fallback: str) -> HttpResponse:
    """Where the form's `next` says, if that is on this host; else *fallback*."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = fallback
    return HttpResponseRedirect(target)
