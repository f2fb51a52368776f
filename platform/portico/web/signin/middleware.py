"""Who must set up a second step does that first: every other page leads there."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import resolve, reverse

from portico.signin.entering import MUST_ENROL
from portico.signin.factors import has_second_step

Handler = Callable[[HttpRequest], HttpResponseBase]
# What may be opened meanwhile, besides what sets the step up.
OPEN_MEANWHILE = {"sign-out", "set_language", "theme-css", "manifest", "service-worker"}


class SecondStepMiddleware:
    """Only a session marked at sign-in is looked at: other requests cost no query."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.session.get(MUST_ENROL) or not request.user.is_authenticated:
            return self.get_response(request)
        if has_second_step(request.user):
            del request.session[MUST_ENROL]
            return self.get_response(request)
        name = resolve(request.path_info, request.urlconf).url_name or ""  # type: ignore[attr-defined]
        if name in OPEN_MEANWHILE or name.startswith(("mfa_", "account_")):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("mfa_index", request.urlconf))  # type: ignore[attr-defined]
