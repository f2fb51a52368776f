"""The worklist's cases as rows."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.attendance.models import Attendance
from portico.attendance.today import Row as WhereRow
from portico.attendance.today import SilentMentor
from portico.attendance.words import clock, day_words
from portico.documents.queries import Waiting as WaitingDocuments
from portico.internships.models import Placement
from portico.internships.queries import days_left_in_words
from portico.notices.models import Notice
from portico.notices.queries import in_words, why_undelivered
from portico.reports.worklist import Case, Kind
from portico.web.coordinator.rows import Flag, Row, request_row, start_row
from portico.web.coordinator.work_verbs import VERBS, Verb
from portico.web.staff_words import age_in_words, age_short, grade_words
from sharing.models import OwnerQuestion


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


def _documents(case: Case) -> WorkRow:
    one: WaitingDocuments = case.subject
    to_check = len(one.to_check)
    words = ngettext("%(n)d to check", "%(n)d to check", to_check) % {"n": to_check}
    address = reverse("documents-of", args=[one.placement.id])
    return _row(
        case,
        name=one.placement.student.full_name,
        about=grade_words(one.placement.student.grade),
        what=_("Documents: %(titles)s") % {"titles": ", ".join(item.title for item in one.items)},
        url=address,
        flags=(Flag(words, "info"),) if to_check else (),
        link=(_("Check") if to_check else _("See them"), address),
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
    Kind.DOCUMENTS: _documents,
    Kind.MENTOR: _mentor,
    Kind.MAIL: _mail,
}
