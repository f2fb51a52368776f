"""Something for history to tell."""

from portico.accounts.models import Person
from portico.audit.actions import record


def tell_history(person: Person, number: int) -> None:
    record(
        action="thing_done",
        subject=person,
        actor=person,
        before={"number": number},
        after={"number": number + 1, "words": ["a", "ñ"], "part": 0.1},
    )
