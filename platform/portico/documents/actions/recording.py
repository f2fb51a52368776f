"""What is known of a student for the forms' sake: guardian, birth date, concentrator."""

import uuid
from collections.abc import Collection, Mapping
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from portico.documents.models import StudentRecord
from portico.documents.rules import is_staff_for, require
from tenants.context import current_schema
from tenants.errors import Refused
from tenants.queries import tenant_by_schema

OLDEST, YOUNGEST = 22, 10  # years: a birth date outside is a slip of the finger


@transaction.atomic
def set_guardian(
    *, student_id: uuid.UUID, actor: Person, name: str, email: str, language: str
) -> StudentRecord:
    """Who is written to for consent. A student may say so until the school has.

    Refused: `forbidden`, `email` (none, or the student's own), `name`, `language`.
    """
    student = _student(student_id)
    kept = _record_of(student)
    is_staff = is_staff_for(actor, student)
    may_say = actor.id == student.id and (kept.guardian_by_student or not kept.guardian_email)
    require(is_staff or may_say)
    name, email = " ".join(name.split())[:120], email.strip().lower()
    if len(name) < 3:
        raise Refused("name", _("Write the guardian's full name."), field="name")
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("email", _("Write an e-mail address."), field="email") from error
    if email == student.email.lower():
        raise Refused("email", _("This is the student's own address."), field="email")
    if language not in dict(settings.LANGUAGES):
        raise Refused("language", _("Choose a language."), field="language")
    before = kept.shown()
    kept.guardian_name, kept.guardian_email = name, email
    kept.guardian_language, kept.guardian_by_student = language, not is_staff
    kept.save()
    record(action="guardian_set", subject=student, actor=actor, before=before, after=kept.shown())
    return kept


@transaction.atomic
def set_student_facts(
    *, student_id: uuid.UUID, actor: Person, birth_date: date | None, is_concentrator: bool
) -> StudentRecord:
    """Staff note a birth date and whether the student is a CTE concentrator.

    Refused: `forbidden`, `birth_date` (not of somebody at a high school).
    """
    student = _student(student_id)
    require(is_staff_for(actor, student))
    if birth_date is not None:
        age = timezone.localdate().year - birth_date.year
        if not YOUNGEST <= age <= OLDEST:
            raise Refused("birth_date", _("Check the year."), field="birth_date")
    kept = _record_of(student)
    before = {"birth_date": kept.birth_date, "is_concentrator": kept.is_concentrator}
    kept.birth_date, kept.is_concentrator = birth_date, is_concentrator
    kept.save()
    record(
        action="student_facts_set",
        subject=student,
        actor=actor,
        before=before,
        after={"birth_date": birth_date, "is_concentrator": is_concentrator},
    )
    return kept


@transaction.atomic
def set_concentrators(*, actor: Person, students: Collection[uuid.UUID]) -> int:
    """Have exactly *students* marked as concentrators, of the school's; how many changed.

    History keeps how many, not who. Refused: `forbidden`.
    """
    require_role(actor, Role.COORDINATOR)
    people = Person.objects.filter(roles__contains=[Role.STUDENT])
    marked = set(
        StudentRecord.objects.select_for_update()
        .filter(is_concentrator=True)
        .values_list("student", flat=True)
    )
    wanted = set(people.filter(id__in=students).values_list("id", flat=True))
    changed = wanted ^ marked
    mark_concentrators(marks={one: one in wanted for one in changed})
    if changed:
        record(
            action="concentrators_set",
            subject=tenant_by_schema(current_schema()),
            actor=actor,
            after={"concentrators": len(wanted), "changed": len(changed)},
        )
    return len(changed)


def mark_concentrators(*, marks: Mapping[uuid.UUID, bool]) -> None:
    """Mark each student of *marks* or take the mark away; the caller knows who may, and records."""
    StudentRecord.objects.bulk_create(
        [StudentRecord(student_id=one, is_concentrator=marked) for one, marked in marks.items()],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["student"],
        update_fields=["is_concentrator"],
    )


def _student(student_id: uuid.UUID) -> Person:
    return Person.objects.get(id=student_id, roles__contains=[Role.STUDENT])


def _record_of(student: Person) -> StudentRecord:
    return StudentRecord.objects.select_for_update().filter(
        student=student
    ).first() or StudentRecord(student=student)
