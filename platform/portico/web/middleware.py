"""The person's language, and where their acts came from."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from portico.audit.actions import Source, source

Handler = Callable[[HttpRequest], HttpResponseBase]


class PersonMiddleware:
    """Speak the signed-in person's language; note the request's address for the history."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = self._language(request)
        via = "api" if request.path.startswith("/api/") else "web"
        token = source.set(Source(via=via, address=request.META.get("REMOTE_ADDR")))
        try:
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = translation.get_language()
            return self.get_response(request)
        finally:
            source.reset(token)

    @staticmethod
    def _language(request: HttpRequest) -> str:
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return ""  # LocaleMiddleware has followed the cookie already
        if request.tenant is None:  # type: ignore[attr-defined]
            return ""
        if request.session.get("_auth_user_id") and request.user.is_authenticated:
            return request.user.language
        return ""
