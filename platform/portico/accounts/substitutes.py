"""Who stands in for a teacher now, as conditions on rows."""

import uuid

from django.db.models import Q, QuerySet
from django.utils import timezone

from portico.accounts.models import Person


def stands_in_for(teacher_id: uuid.UUID | None) -> Q:
    """Active people who stand in for this teacher at this moment; nobody for None."""
    if teacher_id is None:
        return Q(pk__in=[])
    return Q(stands_in_for=teacher_id, stands_in_until__gt=timezone.now(), is_active=True)


def substitutes_of(*, teacher_id: uuid.UUID | None) -> QuerySet[Person]:
    return Person.objects.filter(stands_in_for(teacher_id))


def advised_by(person: Person, *, student: str) -> Q:
    """Rows whose student *person* acts for as a teacher; *student* leads there: `student`."""
    ids = person.teaches_for
    found = Q(**{f"{student}__teacher__in": ids - {None}})
    if None in ids:
        found |= Q(**{f"{student}__teacher__isnull": True})
    return found


def own_advisees(person: Person, *, student: str = "") -> Q:
    """The same without those who have no teacher; *student* empty: rows of people."""
    name = f"{student}__teacher__in" if student else "teacher__in"
    return Q(**{name: person.teaches_for - {None}})
