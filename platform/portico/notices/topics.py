"""Which notices come by e-mail to whom: topics, what is usual, and what cannot be chosen.

Every notice to a person is in the portal. By e-mail a topic comes at once, once a day, or
never, as its person chose; where they chose nothing, as is usual. What somebody waits for,
and what is about safety or signing in, always comes at once.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role, with_those_above
from portico.notices.kinds import KINDS

S, T, C = Role.STUDENT, Role.TEACHER, Role.COORDINATOR
D, P = Role.DISTRICT_ADMIN, Role.PARTNER_STAFF


class How(models.TextChoices):
    NOW = "now", _("at once")
    DAILY = "daily", _("once a day")
    NEVER = "never", _("never")


@dataclass(frozen=True)
class Topic:
    key: str
    label: str | Promise
    kinds: tuple[str, ...]
    roles: frozenset[str]
    usual: How
    must: bool = False  # always at once


TOPICS: dict[str, Topic] = {}


def _topic(
    key: str,
    label: str | Promise,
    *kinds: str,
    to: tuple[Role, ...],
    usual: How,
    must: bool = False,
) -> None:
    TOPICS[key] = Topic(key, label, kinds, with_those_above(to), usual, must)


_topic("starts", _("Starts to approve"), "start_requested", to=(T, C), usual=How.NOW, must=True)
_topic(
    "safety", _("A student's safety: missing, or something is not right"),
    "attendance_worry", "student_missing", to=(T, C), usual=How.NOW, must=True,
)  # fmt: skip
_topic(
    "decisions", _("Decisions on my internships"),
    "request_approved", "request_declined", "awaiting_owner", "owner_refused",
    "start_approved", "start_declined", "placement_ended", to=(S,), usual=How.NOW,
)  # fmt: skip
_topic(
    "time", _("My time to pursue"),
    "pursuit_extended", "pursuit_reminder", "pursuit_expired", to=(S,), usual=How.NOW,
)  # fmt: skip
_topic(
    "days", _("Checking in and out"), "check_in_reminder", "check_out_forgotten",
    to=(S,), usual=How.NOW,
)  # fmt: skip
_topic(
    "papers", _("Documents I need"),
    "documents_missing", "documents_unanswered", "document_sent_back", to=(S,), usual=How.NOW,
)  # fmt: skip
_topic(
    "finds", _("New internships I look for"), "search_matches", "wish_matches",
    to=(S,), usual=How.NOW,
)  # fmt: skip
_topic(
    "changes", _("Changes to my hours, answers to my suggestions"),
    "hours_changed", "suggestion_answered", to=(S,), usual=How.NEVER,
)  # fmt: skip
_topic(
    "requests", _("New requests and suggestions"), "request_new", "suggestion_new",
    to=(C,), usual=How.NEVER,
)  # fmt: skip
_topic("questions", _("Other schools' questions"), "owner_asked", to=(C,), usual=How.NOW)
_topic(
    "placements", _("What happens with placements"),
    "pursuit_expired_staff", "start_approved_staff", "placement_withdrawn",
    to=(C,), usual=How.NEVER,
)  # fmt: skip
_topic(
    "hours", _("Hours disputed, mentors who are quiet, documents that end"),
    "hours_disputed", "mentor_quiet", "document_ends", to=(T, C), usual=How.NEVER,
)  # fmt: skip
_topic("week", _("My students' week"), "week_digest", to=(T,), usual=How.NOW)
_topic("substitutes", _("Who stands in for whom"), "substitute_appointed", to=(T,), usual=How.NOW)
_topic(
    "webhooks", _("Webhooks that fail"), "webhook_failing", "webhook_gone",
    to=(C, D, P), usual=How.NOW,
)  # fmt: skip

# About signing in, asked for or a matter of security; and to people without an account.
ALWAYS = frozenset(
    {
        "invitation",
        "password_link",
        "sign_in_code",
        "school_link",
        "second_step_reset",
        "mentor_days",
        "mentor_evaluation",
        "documents_wanted",
        "daily_mail",
    }
)
TOPIC_OF = {kind: topic for topic in TOPICS.values() for kind in topic.kinds}


def topics_for(person: Person) -> list[Topic]:
    """Those that may come to *person*, in the table's order."""
    return [topic for topic in TOPICS.values() if person.has_role(*topic.roles)]


def chosen(person: Person, topic: Topic) -> How:
    """How *topic* comes to *person* by e-mail."""
    if topic.must:
        return How.NOW
    return How(person.mail_choices.get(topic.key, topic.usual))


def mail_for(*, person: Person, kind: str) -> How:
    """How a notice of *kind* comes to *person* by e-mail; a kind without a topic as it is made."""
    if not person.email:
        return How.NEVER
    topic = TOPIC_OF.get(kind)
    if topic is None:
        return How.NOW if KINDS[kind].mail else How.NEVER
    return chosen(person, topic)
