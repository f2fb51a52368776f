"""The check-in page's two addresses for scripts: what the phone should know, and its taps.

`state.json` is fetched before every replay of what was queued without a network: whose
session this is, a fresh CSRF token, the server's clock.
"""

import json
import time
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.actions import record_tap
from portico.attendance.models import Tap
from portico.attendance.queries import phone_state, shares_location
from portico.web.attendance.wire import read_tap
from tenants.errors import Refused
from tenants.retry import again_on_deadlock

LARGEST_BODY = 32_000  # bytes


@require_GET
def state(request: HttpRequest) -> JsonResponse:
    """Who is signed in, their internships, today's day; `user` is null when signed out."""
    body: dict[str, Any] = {
        "user": None,
        "csrf": get_token(request),
        "now": time.time_ns() // 1_000_000,
    }
    person = request.user
    if isinstance(person, Person) and person.has_role(Role.STUDENT):
        body |= {
            "user": str(person.id),
            "name": person.full_name,
            "location_allowed": shares_location(student=person),
            "placements": phone_state(student=person),
        }
    response = JsonResponse(body)
    add_never_cache_headers(response)
    return response


@require_POST
def events(request: HttpRequest) -> JsonResponse:
    """One tap. 201 the first time, 200 with the same body for each repeat of its key."""
    person = request.user
    if not isinstance(person, Person):
        return _problem(401, "signed_out", _("Sign in to send what is waiting."))
    if not person.has_role(Role.STUDENT):
        return _problem(403, "forbidden", _("Only students check in."))
    try:
        data = _body(request)
        if data.get("user") != str(person.id):
            return _problem(
                409, "wrong_user", _("This was tapped by somebody else; they send it themselves.")
            )
        tap = read_tap(data)
        if tap.kind == Tap.Kind.IN:  # asks no mentor: nobody to wait for in a circle
            answer = record_tap(student=person, tap=tap)
        else:
            answer = again_on_deadlock(lambda: record_tap(student=person, tap=tap))
    except Refused as refusal:
        return _problem(422, refusal.code, str(refusal.message), refusal.field)
    # PostgreSQL keeps no order of keys: sorted, a repeat is the same to the byte
    return JsonResponse(
        answer.body,
        status=200 if answer.is_repeat else 201,
        json_dumps_params={"sort_keys": True},
    )


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the body; the key may come as the header Idempotency-Key."""
    wrong = Refused("invalid", _("This does not look right."))
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        raise wrong
    try:
        data = json.loads(request.body)
    except (UnicodeDecodeError, ValueError):
        raise wrong from None
    if not isinstance(data, dict):
        raise wrong
    header = request.headers.get("Idempotency-Key")
    if header and data.setdefault("key", header) != header:
        raise Refused("invalid", _("This does not look right."), field="key")
    return data


def _problem(status: int, code: str, detail: str, field: str | None = None) -> JsonResponse:
    return JsonResponse({"code": code, "detail": detail, "field": field}, status=status)
