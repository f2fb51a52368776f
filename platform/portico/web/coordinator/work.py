"""The worklist's cases as rows, and what one click does with one of them or with many."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from portico.accounts import may
from portico.accounts.models import Person
from portico.attendance.actions import (
    mark_worry_seen,
    remind_mentor,
    remind_of_estimate,
    remind_to_check_in,
)
from portico.attendance.models import Attendance
from portico.attendance.today import Row as WhereRow
from portico.attendance.today import SilentMentor
from portico.attendance.words import clock, day_words
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.queries import days_left_in_words
from portico.notices.actions import send_again
from portico.notices.models import Notice
from portico.notices.queries import in_words, why_undelivered
from portico.reports.worklist import Case, Kind, cases_of
from portico.web.access import PortalRequest, back, page
from portico.web.coordinator.rows import Flag, Row, request_row, start_row
from portico.web.staff_words import age_in_words, age_short, grade_words
from sharing.models import OwnerQuestion
from tenants.errors import Refused
from tenants.retry import again_on_deadlock

DAYS_MORE = 7  # what "more time" gives in one click
MOST_AT_ONCE = 100

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


@dataclass(frozen=True)
class WorkRow:
    """A case that is no request: who, what, since when, and where the rest is."""

    kind: str
    key: uuid.UUID
    name: str
    what: str
    age: str
    age_label: str
    about: str = ""
    quote: str = ""
    url: str = ""
    flags: tuple[Flag, ...] = ()
    verbs: tuple[Verb, ...] = ()
    link: tuple[str, str] | None = None  # label, address: for what one click cannot do


def work_row(case: Case, *, most_flags: int = 9) -> WorkRow | Row:
    """A request or a start as a row of the queue, anything else as a WorkRow.

    For a narrow place: a request with its gravest *most_flags* flags.
    """
    if case.kind == Kind.REQUEST:
        row = request_row(case.subject)
        return replace(row, flags=row.flags[:most_flags])
    if case.kind == Kind.START:
        return start_row(case.subject)
    return _ROWS[case.kind](case)


def name_of(case: Case) -> str:
    """Whom a case is about."""
    return work_row(case).name


def _row(case: Case, **facts: Any) -> WorkRow:
    facts.setdefault("age", age_short(case.since))
    facts.setdefault("age_label", _("waiting %(age)s") % {"age": age_in_words(case.since)})
    return WorkRow(kind=case.kind, key=case.key, verbs=VERBS.get(case.kind, ()), **facts)


def _expiring(case: Case) -> WorkRow:
    one: Placement = case.subject
    return _row(
        case,
        name=one.student.full_name,
        about=grade_words(one.student.grade),
        what=_("Time runs out: %(title)s, %(site)s") % {"title": one.title, "site": one.site_name},
        url=reverse("placement-staff", args=[one.id]),
        flags=(Flag(days_left_in_words(one), "warn"),),
        age="",
        age_label="",
    )


def _missing(case: Case) -> WorkRow:
    row: WhereRow = case.subject
    words = {"site": row.placement.site_name, "time": clock(case.since)}
    return _row(
        case,
        name=row.placement.student.full_name,
        about=grade_words(row.placement.student.grade),
        what=_("Missing: expected at %(site)s at %(time)s") % words,
        url=reverse("hours-of", args=[row.placement.id]),
    )


def _day(case: Case, what: str, *, label: str = "", to: str = "hours-of", **facts: Any) -> WorkRow:
    day: Attendance = case.subject
    words = {"site": day.placement.site_name, "day": day_words(day.day)}
    address = reverse(to, args=[day.placement_id])
    return _row(
        case,
        name=day.placement.student.full_name,
        about=grade_words(day.placement.student.grade),
        what=what % words,
        url=address,
        link=(label, address) if label else None,
        **facts,
    )


def _worry(case: Case) -> WorkRow:
    return _day(case, _("Something is not right: %(site)s, %(day)s"), quote=case.subject.worry)


def _pulse(case: Case) -> WorkRow:
    flag = Flag(_("pulse %(pulse)s of 5") % {"pulse": case.subject.pulse}, "bad")
    return _day(
        case,
        _("Low pulse: %(site)s, %(day)s"),
        label=_("Log a talk"),
        to="timeline-of",
        quote=case.subject.reflection,
        flags=(flag,),
    )


def _disputed(case: Case) -> WorkRow:
    return _day(
        case,
        _("Hours disputed: %(site)s, %(day)s"),
        label=_("Settle"),
        quote=case.subject.mentor_comment,
    )


def _estimate(case: Case) -> WorkRow:
    return _day(case, _("End of the day estimated: %(site)s, %(day)s"), label=_("Correct"))


def _mentor(case: Case) -> WorkRow:
    one: SilentMentor = case.subject
    waits = ngettext("%(n)d day waits", "%(n)d days wait", one.waiting_days)
    why = _("mail comes back") if one.bounced else _("no answer for two weeks")
    return _row(
        case,
        name=one.reach.name or one.reach.email,
        what=_("Quiet mentor: %(email)s") % {"email": one.reach.email},
        flags=(Flag(why, "bad" if one.bounced else "warn"),),
        quote="",
        about=waits % {"n": one.waiting_days},
        link=(_("Who is where"), reverse("today")),
    )


def _mail(case: Case) -> WorkRow:
    notice: Notice = case.subject
    return _row(
        case,
        name=notice.person.full_name if notice.person else notice.email,
        what=_("Not delivered: %(subject)s") % {"subject": in_words(notice).subject},
        quote=why_undelivered(notice),
        link=(_("All mail"), reverse("undelivered")),
    )


def _question(case: Case) -> WorkRow:
    asked: OwnerQuestion = case.subject
    return _row(
        case,
        name=asked.school_name,
        about=grade_words(asked.grade),
        what=_("Asks for a slot you released"),
        url=reverse("question", args=[asked.id]),
        link=(_("Answer"), reverse("question", args=[asked.id])),
    )


_ROWS: dict[Kind, Callable[[Case], WorkRow]] = {
    Kind.WORRY: _worry,
    Kind.MISSING: _missing,
    Kind.QUESTION: _question,
    Kind.EXPIRING: _expiring,
    Kind.PULSE: _pulse,
    Kind.DISPUTED: _disputed,
    Kind.ESTIMATE: _estimate,
    Kind.MENTOR: _mentor,
    Kind.MAIL: _mail,
}


# --- one click, one case or many ----------------------------------------------------------


@require_POST
@page(may.FOLLOW_PLACEMENTS)
def work_act(request: PortalRequest, kind: str, verb: str) -> HttpResponse:
    """Do *verb* with each chosen case; one that is refused does not stop the rest.

    What no longer waits is said, not done twice.
    """
    found = [one for one in VERBS.get(_kind(kind), ()) if one.key == verb]
    if not found:
        raise Http404
    chosen = _ids(request.POST.getlist("id"))
    if not chosen:
        messages.info(request, _("Choose at least one."))
        return back(request, _list_of(kind))
    waiting = {case.key: case for case in cases_of(Kind(kind))}
    gone = [key for key in chosen if key not in waiting]
    done = []
    for case in (waiting[key] for key in chosen if key in waiting):
        name = name_of(case)
        try:
            again_on_deadlock(lambda key=case.key: found[0].do(key, request.user))  # type: ignore[misc]
        except Refused as refusal:
            messages.error(request, f"{name}: {refusal.message}")
        else:
            done.append(name)
    if done:
        messages.success(request, str(found[0].done) % {"names": ", ".join(done)})
    if gone:
        words = ngettext("%(n)d no longer waits.", "%(n)d no longer wait.", len(gone))
        messages.info(request, words % {"n": len(gone)})
    return back(request, _list_of(kind))


def _kind(value: str) -> Kind:
    if value not in list(Kind):
        raise Http404
    return Kind(value)


def _list_of(kind: str) -> str:
    return f"{reverse('board')}?show={kind}"


def _ids(values: Iterable[str]) -> list[uuid.UUID]:
    """The ids of a form, each once; nonsense is left out."""
    found: dict[uuid.UUID, None] = {}
    for value in values:
        try:
            found[uuid.UUID(value)] = None
        except ValueError:
            continue
    return list(found)[:MOST_AT_ONCE]
