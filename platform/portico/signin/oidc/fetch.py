"""Asking a provider: JSON over https, small, quick, never somewhere else.

A page waits for the answer, inside its transaction: four seconds are the most it may take.
"""

import ipaddress
import json
import socket
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

TIMEOUT = 4
LARGEST = 1_000_000  # bytes


class ProviderError(Exception):
    """The provider cannot be used now; the message is for the log and names no person."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the client's secret to wherever the answer says."""

    def redirect_request(self, *details: Any) -> None:
        return None


_open = urllib.request.build_opener(_NoRedirect).open


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
    return _ask(url, {"Accept": "application/json", **(headers or {})}, urlencode(form).encode())


def _ask(url: str, headers: dict[str, str], body: bytes | None = None) -> dict[str, Any]:
    _refuse_inner_addresses(url)
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - checked above
    try:
        with _open(request, timeout=TIMEOUT) as answer:
            text = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        raise ProviderError(f"{url}: {error.code}") from error
    except OSError as error:
        raise ProviderError(f"{url}: {type(error).__name__}") from error
    if len(text) > LARGEST:
        raise ProviderError(f"{url}: too large")
    try:
        answered = json.loads(text)
    except ValueError as error:
        raise ProviderError(f"{url}: no JSON") from error
    if not isinstance(answered, dict):
        raise ProviderError(f"{url}: no JSON object")
    return answered


def _refuse_inner_addresses(url: str) -> None:
    """A school names its provider itself: that must not be a way to ask our own machines.

    The demo and the tests have a provider on this machine, and say so by OIDC_ALLOW_HTTP.
    """
    if settings.OIDC_ALLOW_HTTP:
        return
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ProviderError(f"{url}: not https")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise ProviderError(f"{url}: no such host") from error
    for *_ignored, address in found:
        if not ipaddress.ip_address(address[0]).is_global:
            raise ProviderError(f"{url}: not a public address")
