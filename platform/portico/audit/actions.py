"""Writing history. Called inside the transaction of the act it records."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.audit.sealing import plan_seal
from portico.due.counts import counts_changed


@dataclass(frozen=True)
class Source:
    """Where an act came from; middleware sets it for a request, a job for itself."""

    via: str = "job"
    address: str | None = None


JOB = Source()
source: ContextVar[Source] = ContextVar("audit_source", default=JOB)


@contextmanager
def acting(*, via: str, address: str | None) -> Iterator[None]:
    """In the block history says that it was done *via* `web`, `api`, `link`, from *address*."""
    token = source.set(Source(via=via, address=address))
    try:
        yield
    finally:
        source.reset(token)


def record(
    *,
    action: str,
    subject: models.Model,
    actor: Person | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    label: str = "clock",
) -> Entry:
    """Append one entry about *subject*; *actor* is None when *label* acted: the clock, an owner.

    What a substitute does for somebody's advisee names the teacher in `after`, on_behalf_of.
    """
    where = source.get()
    after = _plain(after)
    if actor is not None and (teacher := _behind(actor, subject)) is not None:
        after["on_behalf_of"] = teacher.full_name
    plan_seal()
    counts_changed()
    return Entry.objects.create(
        at=timezone.now(),
        actor=actor,
        actor_label=actor.full_name if actor else label,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        before=_plain(before),
        after=after,
        via=where.via,
        address=where.address,
    )


def _behind(actor: Person, subject: models.Model) -> Person | None:
    """The teacher *actor* stands in for in what concerns a student's *subject*."""
    if not actor.is_substitute:
        return None
    about = getattr(subject, "placement", subject)
    student = about if isinstance(about, Person) else getattr(about, "student", None)
    if student is None or not actor.stands_in_at(student):
        return None
    return actor.stands_in_for


def _plain(values: dict[str, Any] | None) -> dict[str, Any]:
    """*values* with dates, UUIDs and decimals as text, as JSON will keep them."""
    encode = DjangoJSONEncoder().default
    plain: dict[str, Any] = {}
    for key, value in (values or {}).items():
        if value is None or isinstance(value, str | int | float | bool | list | dict):
            plain[key] = value
        else:
            plain[key] = encode(value)
    return plain
