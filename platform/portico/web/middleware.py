"""Where a request came from, the person's language, and who may keep the answer."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from portico.audit.actions import acting

Handler = Callable[[HttpRequest], HttpResponseBase]


class ProxyMiddleware:
    """Behind proxies of ours: the visitor's address is what the first of them saw.

    Each appends the address it was asked from to X-Forwarded-For, so with one proxy the
    last entry is true and whatever a visitor wrote there stands before it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        if 0 < settings.TRUSTED_PROXIES <= len(hops):
            try:
                address = ip_address(hops[-settings.TRUSTED_PROXIES].strip())
            except ValueError:
                pass  # no proxy of ours wrote that
            else:
                request.META["REMOTE_ADDR"] = str(address)
        return self.get_response(request)


def _kept_by_nobody(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A page made for somebody signed in is in no cache: computers and phones are shared."""
    session = getattr(request, "session", None)
    if session is not None and session.accessed and session.get("_auth_user_id"):
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


class PersonMiddleware:
    """Speak the signed-in person's language; note the request's address for the history."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = self._language(request)
        via = "api" if request.path.startswith("/api/") else "web"
        with acting(via=via, address=request.META.get("REMOTE_ADDR")):
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = translation.get_language()
            return _kept_by_nobody(request, self.get_response(request))

    @staticmethod
    def _language(request: HttpRequest) -> str:
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return ""  # LocaleMiddleware has followed the cookie already
        if request.tenant is None:  # type: ignore[attr-defined]
            return ""
        if request.session.get("_auth_user_id") and request.user.is_authenticated:
            return request.user.language
        return ""
