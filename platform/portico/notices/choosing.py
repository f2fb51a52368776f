"""A person chooses what comes by e-mail; a link in a mail ends one topic without signing in."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.notices.topics import TOPIC_OF, TOPICS, How, Topic, chosen, topics_for
from tenants.context import current_schema
from tenants.errors import Refused

DAILY_MAIL = "daily_mail"


@transaction.atomic
def choose_mail(*, person_id: uuid.UUID, choices: Mapping[str, str]) -> Person:
    """Keep how topics come by e-mail, by key; others stay. What is usual is not kept.

    Refused `topic` for one that does not come to the person or cannot be chosen, and for a
    way that is none.
    """
    person = Person.objects.select_for_update(of=("self",)).get(id=person_id)
    offered = {topic.key for topic in topics_for(person) if not topic.must}
    kept = dict(person.mail_choices)
    for key, how in choices.items():
        if key not in offered or how not in How.values:
            raise Refused("topic", _("This cannot be chosen."))
        kept[key] = str(how)
        if how == TOPICS[key].usual:
            del kept[key]
    if kept != person.mail_choices:
        person.mail_choices = kept
        person.save(update_fields=["mail_choices"])
    return person


@dataclass(frozen=True)
class Stopping:
    """What a link in a mail ends: topics of one person of this tenant."""

    person: Person
    topics: tuple[Topic, ...]

    @property
    def is_done(self) -> bool:
        return all(chosen(self.person, topic) == How.NEVER for topic in self.topics)


def can_be_stopped(kind: str) -> bool:
    """Whether a mail of *kind* says how to have no more of them."""
    topic = TOPIC_OF.get(kind)
    return kind == DAILY_MAIL or (topic is not None and not topic.must)


def stop_token(*, person_id: uuid.UUID | str, kind: str) -> str:
    """The link's part that says who and what, signed; it works at this tenant only, for good."""
    key = DAILY_MAIL if kind == DAILY_MAIL else TOPIC_OF[kind].key
    return signing.dumps([str(person_id), key], salt=_salt(), compress=False)


def read_stop_token(token: str) -> Stopping:
    """What the link of *token* ends; Refused `not_found` when it is none of ours.

    The link of a daily mail ends what comes daily.
    """
    try:
        person_id, key = signing.loads(token, salt=_salt())
    except signing.BadSignature as forged:
        raise Refused("not_found", _("There is no such link.")) from forged
    person = Person.objects.filter(id=person_id, is_active=True).first()
    if person is None:
        raise Refused("not_found", _("There is no such link."))
    if key == DAILY_MAIL:
        found = [t for t in topics_for(person) if chosen(person, t) == How.DAILY]
    else:
        found = [t for t in topics_for(person) if t.key == key and not t.must]
    return Stopping(person, tuple(found))


def stop_mail(*, token: str) -> Stopping:
    """End what the link of *token* is for; a second time is harmless. Changes nothing else."""
    stopping = read_stop_token(token)
    person = choose_mail(
        person_id=stopping.person.id,
        choices={topic.key: How.NEVER for topic in stopping.topics},
    )
    return Stopping(person, stopping.topics)


def _salt() -> str:
    return f"portico.notices.stop {current_schema()}"
