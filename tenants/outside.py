"""Asking somebody outside in the middle of a request, with no transaction open meanwhile.

A view that needs another server's answer reads what it has to, writes what must not happen
twice, and returns `ask_outside(request, question)`. What it did is committed, the question is
asked while the connection is idle, and the view is run once more, in a second transaction, where
`heard(request)` has the answer. So a server that hangs holds a thread, and no locks, no snapshot
and no connection of a pooler.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

Question = Callable[[], Any]


@dataclass(frozen=True)
class Heard:
    """How a question ended; *kept* is what the view wanted to remember meanwhile."""

    kept: Any
    answer: Any = None
    failure: Exception | None = None

    def or_raise(self) -> Any:
        """The answer, or what was raised in its place."""
        if self.failure is not None:
            raise self.failure
        return self.answer


def ask_outside(request: HttpRequest, question: Question, *, kept: Any = None) -> HttpResponse:
    """A view's answer for now: nobody sees it. *question* touches no database.

    Its exceptions are raised again by `Heard.or_raise`.
    """
    request.asks_outside = (question, kept)  # type: ignore[attr-defined]
    return HttpResponse(status=204)


def heard(request: HttpRequest) -> Heard | None:
    """What the question led to; None in the first run, before it is asked."""
    return cast(Heard | None, getattr(request, "heard_outside", None))


def takes_question(request: HttpRequest) -> Callable[[], Heard] | None:
    """For the middleware: the question the view has left behind, to be asked once."""
    question, kept = vars(request).pop("asks_outside", (None, None))
    if question is None:
        return None

    def ask() -> Heard:
        try:
            return Heard(kept, answer=question())
        except Exception as failure:
            return Heard(kept, failure=failure)

    return ask
