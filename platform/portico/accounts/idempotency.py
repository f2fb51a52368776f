"""One act for one key: a POST sent again gets the answer of the first."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.encryption import decrypt, encrypt
from portico.accounts.models import IdempotentRequest, Person
from tenants.errors import Refused

KEPT = timedelta(hours=24)
_PURPOSE = "answer"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


def earlier_answer(*, person: Person, key: str, fingerprint: str) -> Answer | None:
    """None when the key is new, and it is taken now: act, then call `keep_answer`.

    A second request at the same time waits here until the first has committed. Refused
    (`idempotency_key_reused`) when the key came with another request before.
    """
    IdempotentRequest.objects.filter(person=person, created_at__lt=timezone.now() - KEPT).delete()
    fresh = IdempotentRequest(person=person, key=key, fingerprint=fingerprint)
    IdempotentRequest.objects.bulk_create([fresh], ignore_conflicts=True)
    kept = IdempotentRequest.objects.get(person=person, key=key)
    if kept.id == fresh.id:
        return None
    if kept.fingerprint != fingerprint or kept.status is None:
        raise Refused(
            "idempotency_key_reused", _("This Idempotency-Key came with another request before.")
        )
    return Answer(kept.status, kept.headers, _opened(kept.body))


def keep_answer(*, person: Person, key: str, answer: Answer) -> None:
    IdempotentRequest.objects.filter(person=person, key=key).update(
        status=answer.status, headers=answer.headers, body=_sealed(answer.body)
    )


def _sealed(body: Any) -> Any:
    """What an answer shows once is not kept in the clear for a day."""
    if isinstance(body, dict) and "secret" in body:
        return {**body, "secret": encrypt(text=body["secret"], purpose=_PURPOSE)}
    return body


def _opened(body: Any) -> Any:
    if isinstance(body, dict) and "secret" in body:
        return {**body, "secret": decrypt(text=body["secret"], purpose=_PURPOSE)}
    return body
