"""Asking a provider: JSON over https, small, quick, never somewhere else.

A page waits for the answer: four seconds are the most it may take. Whoever signs in waits outside
a transaction (tenants/outside.py); an admin who writes a provider down waits inside one.
"""

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from portico.outgoing.addresses import Allowed, NotCallable
from portico.outgoing.asking import NoAnswer, ask

TIMEOUT = 4
LARGEST = 1_000_000  # bytes
FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


class ProviderError(Exception):
    """The provider cannot be used now; the message is for the log and names no person."""


def get_json(url: str, *, token: str = "") -> dict[str, Any]:
    """The JSON object at *url*, asked with *token* as bearer if there is one; ProviderError."""
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return _ask(url, headers)


def post_form(
    url: str, form: dict[str, str], *, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object *url* answers a form with; ProviderError."""
    return _ask(url, {**FORM, **(headers or {})}, urlencode(form).encode())


def _ask(url: str, headers: dict[str, str], body: bytes | None = None) -> dict[str, Any]:
    # A school names its provider itself: that must not be a way to ask our own machines.
    try:
        answer = ask(
            url=url,
            allowed=Allowed(private=settings.OIDC_ALLOW_HTTP),
            seconds=TIMEOUT,
            most_bytes=LARGEST + 1,
            method="GET" if body is None else "POST",
            body=body,
            headers=headers,
        )
    except (NotCallable, NoAnswer) as failure:
        raise ProviderError(f"{url}: {failure.code}") from failure
    if answer.status >= 300:  # a redirect would carry the client's secret who knows where
        raise ProviderError(f"{url}: {answer.status}")
    if len(answer.body) > LARGEST:
        raise ProviderError(f"{url}: too large")
    try:
        answered = json.loads(answer.body)
    except ValueError as error:
        raise ProviderError(f"{url}: no JSON") from error
    if not isinstance(answered, dict):
        raise ProviderError(f"{url}: no JSON object")
    return answered
