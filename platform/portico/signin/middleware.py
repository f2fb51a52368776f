"""Who a request is from."""

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from portico.accounts.models import Person


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Django's, less one query: the session's row has brought its person along."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _who(request))  # type: ignore[assignment]


def _who(request: HttpRequest) -> Person | AnonymousUser:
    # kept under the name Django's own keeps it under
    if not hasattr(request, "_cached_user"):
        vars(request)["_cached_user"] = _brought_along(request) or auth.get_user(request)
    return vars(request)["_cached_user"]  # type: ignore[no-any-return]


def _brought_along(request: HttpRequest) -> Person | None:
    """The session's person where everything is as it should be; the rest is Django's to judge.

    That is: somebody who was let in here, may still sign in, and has not changed the
    password since.
    """
    session = request.session
    if session.get(auth.BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    person: Person | None = session.person  # type: ignore[attr-defined]
    if person is None or str(person.pk) != session.get(auth.SESSION_KEY):
        return None
    if not person.is_active or person.is_service:
        return None
    if not constant_time_compare(
        session.get(auth.HASH_SESSION_KEY, ""), person.get_session_auth_hash()
    ):
        return None
    return person
