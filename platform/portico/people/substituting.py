"""Somebody stands in for a teacher until the end of a day.

Nothing has to run when the time is over: `Person.is_substitute` asks the clock each time.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.actions import add_person
from portico.accounts.may import APPOINT
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from portico.notices.actions import tell
from portico.notices.inviting import invite
from portico.people.rules import require
from tenants.errors import Refused

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Newcomer:
    """A substitute who has no account here yet."""

    email: str
    given_name: str
    family_name: str


@transaction.atomic
def appoint_substitute(
    *,
    actor: Person,
    teacher_id: uuid.UUID,
    who: uuid.UUID | Newcomer,
    until: date,
    school_name: str,
) -> Person:
    """*who* acts for the teacher's advisees to the end of *until* in the school's zone.

    One teacher at a time: a new appointment takes the place of the one before. A newcomer is
    added and invited. Refused for the teacher themselves, a student, or a day that is over.
    """
    require(actor, APPOINT)
    teacher = Person.objects.get(id=teacher_id, roles__contains=[Role.TEACHER])
    ends = end_of_day(until)
    if not timezone.now() < ends <= timezone.now() + LONGEST:
        raise Refused(
            "until", _("Choose a day from today on, at most a year ahead."), field="until"
        )
    if isinstance(who, Newcomer):
        person = add_person(**vars(who), roles=[Role.SUBSTITUTE])
        invite(person=person, school_name=school_name, inviter=actor.full_name)
    else:
        person = Person.objects.select_for_update(of=("self",)).get(id=who, is_active=True)
    if person.id == teacher.id:
        raise Refused("oneself", _("Choose somebody else than the teacher."), field="person")
    if Role.STUDENT in person.roles:
        raise Refused("student", _("A student cannot stand in for a teacher."), field="person")
    already = person.stands_in_for_id == teacher.id and person.stands_in_until == ends
    if already and Role.SUBSTITUTE in person.roles:
        return person
    if Role.SUBSTITUTE not in person.roles:
        person.roles = [*person.roles, str(Role.SUBSTITUTE)]
    person.stands_in_for, person.stands_in_until = teacher, ends
    person.save(update_fields=["roles", "stands_in_for", "stands_in_until"])
    after = {"teacher": teacher.full_name, "until": ends}
    record(action="substitute_appointed", subject=person, actor=actor, after=after)
    data = {"teacher": teacher.full_name, "substitute": person.full_name, "day": until.isoformat()}
    for one in (person, teacher):
        if one.is_active:
            tell(kind="substitute_appointed", person=one, data=data)
    return person


@transaction.atomic
def end_substitution(*, actor: Person, person_id: uuid.UUID) -> Person:
    """It is over now. A second click, or one after the last day, changes nothing."""
    require(actor, APPOINT)
    person = Person.objects.select_for_update(of=("self",)).get(
        id=person_id, roles__contains=[Role.SUBSTITUTE]
    )
    if not person.is_substitute:
        return person
    assert person.stands_in_for is not None
    person.stands_in_until = timezone.now()
    person.save(update_fields=["stands_in_until"])
    after = {"teacher": person.stands_in_for.full_name}
    record(action="substitute_ended", subject=person, actor=actor, after=after)
    return person


def end_of_day(day: date) -> datetime:
    """The moment after the last one of *day* in the school's zone (the active one)."""
    zone = timezone.get_current_timezone()
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
