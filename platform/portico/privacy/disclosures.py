"""To whom the school's records of students were shown: the log FERPA asks for (34 CFR 99.32).

Kept in the school's history, which nobody can change: no table of its own. The school's own
staff and the parents need not be logged (99.32(d)); what leaves the school is.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.audit.actions import acting, record
from portico.audit.models import Entry
from portico.internships.models import Placement
from portico.reports.days import midnight
from tenants.errors import Refused

SHOWN = "shown_outside"
# Action in history -> what it disclosed. `%(…)s` are keys of the entry's `after`.
DISCLOSING: dict[str, str | Promise] = {
    SHOWN: _("%(what)s shown to %(to)s"),
    "contact_revealed": _("mentor's contact shown to %(to)s"),
    "table_exported": _("exported: %(table)s, %(rows)s rows (%(format)s)"),
    "student_exported": _("whole record taken out, %(rows)s rows"),
    "school_exported": _("all data of the school taken out"),
}
OF_EVERYBODY = ("table_exported", "school_exported")
DAYS = _("Name, days and hours")
EVALUATION = _("Name and evaluation form")
PAPERS = _("Name and documents to sign")


@dataclass(frozen=True)
class Disclosure:
    """One line of the log. *student* is None where it concerned many."""

    at: datetime
    who: str
    what: str
    via: str
    student: Person | None


def note_shown(
    *, placements: Iterable[Placement], to: str, what: str | Promise, address: str | None
) -> None:
    """Somebody outside the school, *to*, was shown *what* of these placements' students."""
    with acting(via="link", address=address):
        for placement in {one.id: one for one in placements}.values():
            record(
                action=SHOWN,
                subject=placement,
                actor=None,
                label=to,
                after={"what": str(what), "to": to},
            )


def disclosures(
    *, student: Person | None = None, since: date | None = None, until: date | None = None
) -> QuerySet[Entry]:
    """Entries of history that are disclosures, newest first; days are the school's, inclusive.

    Of one *student*: what concerned them, and what concerned everybody.
    """
    found = Entry.objects.filter(action__in=list(DISCLOSING)).order_by("-id")
    if student is not None:
        own = [str(one) for one in _placements_of(student)]
        found = found.filter(Q(subject_id__in=[*own, str(student.id)]) | Q(action__in=OF_EVERYBODY))
    if since is not None:
        found = found.filter(at__gte=midnight(since))
    if until is not None:
        found = found.filter(at__lt=midnight(until + timedelta(days=1)))
    return found


def in_words(entries: Iterable[Entry]) -> list[Disclosure]:
    """The same as lines a person reads, with the student each was about: two statements."""
    entries = list(entries)
    ids = [one.subject_id for one in entries if one.action not in OF_EVERYBODY]
    of_placement = {
        str(one.id): one.student
        for one in Placement.objects.filter(id__in=_uuids(ids)).select_related("student")
    }
    people = {str(one.id): one for one in Person.objects.filter(id__in=_uuids(ids))}
    return [
        Disclosure(
            at=entry.at,
            who=entry.actor_label,
            what=str(DISCLOSING[entry.action]) % _Gaps(entry.after),
            via=entry.via,
            student=of_placement.get(entry.subject_id) or people.get(entry.subject_id)
            if entry.action not in OF_EVERYBODY
            else None,
        )
        for entry in entries
    ]


def student_of(person_id: str) -> Person:
    """The student a filter names; Refused `unknown_student` when there is none."""
    found = Person.objects.filter(id__in=_uuids([person_id]), roles__contains=["student"]).first()
    if found is None:
        raise Refused("unknown_student", _("There is no such student."), field="student")
    return found


def _placements_of(student: Person) -> list[uuid.UUID]:
    return list(Placement.objects.filter(student=student).values_list("id", flat=True))


def _uuids(values: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue  # a district's or a table's name
    return found


class _Gaps(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"
