"""A code by e-mail, for who has no password: eight digits, ten minutes, three tries.

What the browser's session keeps is a keyed hash: who reads the table cannot use it.
"""

import secrets
import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from portico.accounts.models import Person
from portico.notices.actions import mark_told, tell

SECONDS = 10 * 60
TRIES = 3
DIGITS = 8


@dataclass
class SentCode:
    """Kept in the session of the browser that asked; *person* is empty where there is nobody."""

    mark: str
    person: str
    email: str
    until: float  # POSIX seconds
    tries_left: int = TRIES

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def send_code(*, email: str) -> SentCode:
    """Mail a code to whoever has *email* here. The same steps for an unknown address, undone
    at once: neither the answer nor its time says who has an account.
    """
    email = email.strip()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    person = Person.objects.filter(email__iexact=email, is_active=True).first() if email else None
    with transaction.atomic():
        notice = tell(
            kind="sign_in_code",
            person=person or Person(id=uuid.uuid4(), email=email or "nobody@example.org"),
            data={},
            secret=f"{code[:4]} {code[4:]}",
        )
        mark_told(notice=notice)  # no news: it has done its work when the portal is seen
        if person is None:
            transaction.set_rollback(True)
    return SentCode(
        mark=_mark(code),
        person=str(person.id) if person else "",
        email=email,
        until=time.time() + SECONDS,
    )


def person_of_code(*, sent: SentCode, code: str) -> Person | None:
    """The active person *code* was sent to; None, and one try less, when it is not right."""
    if sent.tries_left <= 0 or time.time() > sent.until:
        return None
    sent.tries_left -= 1
    typed = "".join(character for character in code if character.isdigit())
    is_right = constant_time_compare(_mark(typed), sent.mark)
    if not is_right or not sent.person:
        return None
    sent.tries_left = 0
    return Person.objects.filter(id=sent.person, is_active=True).first()


def _mark(code: str) -> str:
    return salted_hmac("portico.signin.codes", code, algorithm="sha256").hexdigest()
