"""Asking a OneRoster service: a token for our credentials, then pages of records."""

import base64
import json
import logging
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

log = logging.getLogger(__name__)

PAGE = 500
MOST_RECORDS = 5_000_000
TIMEOUT = 60
WAITS = (1.0, 4.0, 15.0)  # seconds before asking a busy service again
LONGEST_WAIT = 60
LARGEST_ANSWER = 100_000_000
BUSY = (429, 500, 502, 503, 504)

Record = dict[str, Any]


class ServiceError(Exception):
    """The service cannot be used; the message says what it answered, and no secret."""


@dataclass(frozen=True)
class Credentials:
    id: str
    secret: str = field(repr=False)
    scope: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to wherever the answer says."""

    def redirect_request(self, *details: Any) -> None:
        return None


class Client:
    """OAuth 2 client credentials; one token as long as the service takes it."""

    def __init__(self, token_url: str, credentials: Credentials) -> None:
        self.token_url, self.credentials = token_url, credentials
        self._open = urllib.request.build_opener(_NoRedirect).open
        self._token = ""

    def records(self, url: str, name: str) -> Iterator[Record]:
        """All records of a collection, each once, in the order of their ids."""
        seen: set[str] = set()
        asked = 0
        while asked < MOST_RECORDS:
            query = urllib.parse.urlencode({"limit": PAGE, "offset": asked, "sort": "sourcedId"})
            answer, total = self._get(f"{url}?{query}")
            page = answer.get(name) if isinstance(answer, dict) else None
            if not isinstance(page, list):
                raise ServiceError(
                    _("%(url)s: the answer has no %(name)s") % {"url": url, "name": name}
                )
            for record in page:
                # Pages may shift while they are read: who comes again is not somebody else.
                if str(record.get("sourcedId")) not in seen:
                    seen.add(str(record.get("sourcedId")))
                    yield record
            asked += len(page)
            # A service may give less than we ask for: only its count or an empty page ends it.
            if not page or (total is not None and asked >= total):
                return

    def _get(self, url: str) -> tuple[Any, int | None]:
        for fresh in (False, True):
            if fresh or not self._token:
                self._token = self._new_token()
            headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
            try:
                return self._ask(urllib.request.Request(url, headers=headers))  # noqa: S310
            except urllib.error.HTTPError as error:
                if error.code != 401 or fresh:
                    raise ServiceError(f"{url}: {error.code} {error.reason}") from error
        raise AssertionError("the second turn returns or raises")

    def _new_token(self) -> str:
        parts = [urllib.parse.quote_plus(p) for p in (self.credentials.id, self.credentials.secret)]
        basic = base64.b64encode(":".join(parts).encode()).decode()
        form = {"grant_type": "client_credentials", "scope": self.credentials.scope}
        request = urllib.request.Request(  # noqa: S310 - https, checked where it was read
            self.token_url,
            data=urllib.parse.urlencode(form).encode(),
            headers={"Authorization": f"Basic {basic}", "Accept": "application/json"},
        )
        try:
            answer, _total = self._ask(request)
        except urllib.error.HTTPError as error:
            raise ServiceError(f"{self.token_url}: {error.code} {error.reason}") from error
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not token:
            raise ServiceError(_("%s: the answer has no access_token") % self.token_url)
        return str(token)

    def _ask(self, request: urllib.request.Request) -> tuple[Any, int | None]:
        """The answer as JSON and the service's count; a busy service is asked again."""
        for wait in (*WAITS, None):
            try:
                with self._open(request, timeout=TIMEOUT) as answer:
                    body = answer.read(LARGEST_ANSWER + 1)
                    total = answer.headers.get("X-Total-Count", "")
                break
            except urllib.error.HTTPError as error:
                if error.code not in BUSY or wait is None:
                    raise
                wait = _asked_wait(error, wait)
            except (OSError, urllib.error.URLError) as error:
                if wait is None:
                    raise ServiceError(f"{request.full_url}: {error}") from error
            log.info("OneRoster service is busy; asking again in %s s", wait)
            time.sleep(wait)
        if len(body) > LARGEST_ANSWER:
            raise ServiceError(_("%s: the answer is too large") % request.full_url)
        try:
            return json.loads(body), int(total) if total.isdigit() else None
        except ValueError as error:
            raise ServiceError(_("%s: the answer is not JSON") % request.full_url) from error


def _asked_wait(error: urllib.error.HTTPError, wait: float) -> float:
    asked = error.headers.get("Retry-After", "")
    return min(float(asked), LONGEST_WAIT) if asked.isdigit() else wait
