"""What a click on a case of the worklist is called, and what is said when it is done."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from portico.reports.worklist import Kind

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
    """A click (reports.casework) in words; `done` begins the sentence that says for whom."""

    key: str
    label: str | Promise
    done: str | Promise


_REMIND = gettext_lazy("Remind")
_REMINDED = gettext_lazy("Reminded: %(names)s.")

VERBS: dict[Kind, tuple[Verb, ...]] = {
    Kind.WORRY: (
        Verb(
            "seen",
            gettext_lazy("I take care of it"),
            gettext_lazy("Noted that you have read it: %(names)s."),
        ),
    ),
    Kind.MISSING: (Verb("remind", _REMIND, _REMINDED),),
    Kind.REQUEST: (
        Verb(
            "approve",
            gettext_lazy("Approve"),
            gettext_lazy("Approved: %(names)s."),
        ),
    ),
    Kind.START: (
        Verb(
            "approve",
            gettext_lazy("Approve"),
            gettext_lazy("May start: %(names)s."),
        ),
    ),
    Kind.EXPIRING: (
        Verb(
            "extend",
            gettext_lazy("7 days more"),
            gettext_lazy("More time for %(names)s."),
        ),
        Verb("remind", _REMIND, _REMINDED),
    ),
    Kind.ESTIMATE: (Verb("remind", _REMIND, _REMINDED),),
    Kind.DOCUMENTS: (
        Verb(
            "ask",
            gettext_lazy("Ask for them"),
            gettext_lazy("Written about the documents of %(names)s."),
        ),
    ),
    Kind.MENTOR: (Verb("remind", _REMIND, _REMINDED),),
    Kind.MAIL: (
        Verb(
            "send",
            gettext_lazy("Send again"),
            gettext_lazy("On its way again: %(names)s."),
        ),
    ),
}
