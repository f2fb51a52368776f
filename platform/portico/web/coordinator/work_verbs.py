"""What one click does with a case of the worklist."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from portico.accounts.models import Person
from portico.attendance.actions import (
    mark_worry_seen,
    remind_mentor,
    remind_of_estimate,
    remind_to_check_in,
)
from portico.documents.actions import ask_everybody
from portico.internships import actions
from portico.notices.actions import send_again
from portico.reports.worklist import Kind

DAYS_MORE = 7  # what "more time" gives in one click

KINDS = {
    Kind.WORRY: gettext_lazy("Not right"),
    Kind.MISSING: gettext_lazy("Missing today"),
    Kind.REQUEST: gettext_lazy("Requests"),
    Kind.START: gettext_lazy("Starts"),
    Kind.QUESTION: gettext_lazy("Owner questions"),
    Kind.EXPIRING: gettext_lazy("Expiring"),
    Kind.PULSE: gettext_lazy("Low pulse"),
    Kind.DISPUTED: gettext_lazy("Disputed hours"),
    Kind.ESTIMATE: gettext_lazy("Estimates"),
    Kind.DOCUMENTS: gettext_lazy("Documents missing"),
    Kind.MENTOR: gettext_lazy("Quiet mentors"),
    Kind.MAIL: gettext_lazy("Undelivered mail"),
}


@dataclass(frozen=True)
class Verb:
    """What one click does with a case. `done` begins the sentence that names whom it was for."""

    key: str
    label: str | Promise
    done: str | Promise
    do: Callable[[uuid.UUID, Person], Any]


_REMIND = gettext_lazy("Remind")
_REMINDED = gettext_lazy("Reminded: %(names)s.")

VERBS: dict[Kind, tuple[Verb, ...]] = {
    Kind.WORRY: (
        Verb(
            "seen",
            gettext_lazy("I take care of it"),
            gettext_lazy("Noted that you have read it: %(names)s."),
            lambda key, who: mark_worry_seen(actor=who, attendance_id=key),
        ),
    ),
    Kind.MISSING: (
        Verb(
            "remind",
            _REMIND,
            _REMINDED,
            lambda key, who: remind_to_check_in(actor=who, placement_id=key),
        ),
    ),
    Kind.REQUEST: (
        Verb(
            "approve",
            gettext_lazy("Approve"),
            gettext_lazy("Approved: %(names)s."),
            lambda key, who: actions.approve_request(actor=who, placement_id=key),
        ),
    ),
    Kind.START: (
        Verb(
            "approve",
            gettext_lazy("Approve"),
            gettext_lazy("May start: %(names)s."),
            lambda key, who: actions.approve_start(actor=who, placement_id=key),
        ),
    ),
    Kind.EXPIRING: (
        Verb(
            "extend",
            gettext_lazy("7 days more"),
            gettext_lazy("More time for %(names)s."),
            lambda key, who: actions.extend_pursuit(actor=who, placement_id=key, days=DAYS_MORE),
        ),
        Verb(
            "remind",
            _REMIND,
            _REMINDED,
            lambda key, who: actions.remind_of_pursuit(actor=who, placement_id=key),
        ),
    ),
    Kind.ESTIMATE: (
        Verb(
            "remind",
            _REMIND,
            _REMINDED,
            lambda key, who: remind_of_estimate(actor=who, attendance_id=key),
        ),
    ),
    Kind.DOCUMENTS: (
        Verb(
            "ask",
            gettext_lazy("Ask for them"),
            gettext_lazy("Written about the documents of %(names)s."),
            lambda key, who: ask_everybody(actor=who, placement_id=key),
        ),
    ),
    Kind.MENTOR: (
        Verb(
            "remind",
            _REMIND,
            _REMINDED,
            lambda key, who: remind_mentor(actor=who, reach_id=key),
        ),
    ),
    Kind.MAIL: (
        Verb(
            "send",
            gettext_lazy("Send again"),
            gettext_lazy("On its way again: %(names)s."),
            lambda key, _who: send_again(notice_id=key),
        ),
    ),
}
