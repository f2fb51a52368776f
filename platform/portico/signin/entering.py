"""Letting somebody in, once it is settled who they are; and out again, everywhere."""

from django.contrib.auth import login
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from portico.accounts.models import Person
from portico.signin.factors import must_enrol
from portico.signin.models import Session
from portico.signin.session_store import FACTS

BACKEND = "portico.accounts.backends.EmailBackend"
MUST_ENROL = "must_enrol"  # in a session: no page but those that set up a second step


def let_in(*, request: HttpRequest, person: Person, way: str, second_step_done: bool) -> None:
    """Give *person* a new session at *request*'s browser.

    *way* is what the list of sessions says about it. *second_step_done*: the provider asked
    for one itself, so none is demanded here.
    """
    login(request, person, backend=BACKEND)
    request.session[FACTS] = {
        "began": timezone.now().isoformat(),
        "address": request.META.get("REMOTE_ADDR") or None,
        "agent": request.headers.get("User-Agent", "")[:200],
        "way": way[:60],
    }
    if not second_step_done and must_enrol(person):
        request.session[MUST_ENROL] = True
    # Sessions that have ended are swept up here: no job of its own.
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def sessions_of(*, person: Person) -> QuerySet[Session]:
    """Where *person* is signed in, last used first."""
    return Session.objects.filter(person=person, expire_date__gt=timezone.now()).order_by(
        "-last_used_at"
    )


def end_sessions(*, person: Person, but: str | None = None) -> int:
    """Sign *person* out everywhere, or everywhere *but* the session with this key; how many."""
    ended = Session.objects.filter(person=person)
    if but:
        ended = ended.exclude(session_key=but)
    return ended.delete()[0]
