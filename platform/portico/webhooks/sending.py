"""One event's POST: where it may go, and what the log keeps of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from portico.outgoing.addresses import Allowed, find_places, read_target
from portico.outgoing.asking import ask

SECONDS = 10.0
KEPT_CHARACTERS = 200
_READ_BYTES = 4 * KEPT_CHARACTERS  # UTF-8 takes four at most


@dataclass(frozen=True)
class Answer:
    """`retry_after`: seconds the receiver asked us to wait, 0 when it did not."""

    status: int
    text: str
    retry_after: int = 0


def post(*, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST *body*; whatever the status, it is an answer. NotCallable and NoAnswer as `ask`."""
    answer = ask(
        url=url,
        allowed=_allowed(),
        seconds=SECONDS,
        most_bytes=_READ_BYTES,
        method="POST",
        body=body,
        headers=headers,
    )
    return Answer(
        status=answer.status,
        text=_readable(answer.body),
        retry_after=_seconds(answer.headers.get("Retry-After", "")),
    )


def check_address(url: str) -> None:
    """NotCallable where events may not be sent to *url*; the name is looked up."""
    find_places(read_target(url, _allowed()), _allowed())


def _allowed() -> Allowed:
    return Allowed(ports=frozenset(settings.WEBHOOK_PORTS), private=settings.WEBHOOK_ALLOW_PRIVATE)


def _readable(body: bytes) -> str:
    """The beginning of *body* as text without control characters."""
    text = body.decode(errors="replace")
    return "".join(one if one.isprintable() else " " for one in text)[:KEPT_CHARACTERS].strip()


def _seconds(text: str) -> int:
    """Retry-After in seconds; its other form, a date, is not read."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
