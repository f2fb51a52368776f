"""A coordinator sees the portal as one of the school's students does.

Read-only, and kept in the student's history. web/viewing.py holds to it at each request.
"""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portico.accounts.may import VIEW_AS
from portico.accounts.models import Person
from portico.audit.actions import record
from portico.people.rules import may_view_as, require
from tenants.errors import Refused


@transaction.atomic
def begin_viewing(*, actor: Person, student_id: uuid.UUID) -> Person:
    """Note in the student's history that *actor* looks; the student.

    Refused `not_a_student` for staff, and for whoever holds another role besides.
    """
    require(actor, VIEW_AS)
    student = Person.objects.get(id=student_id)
    if not may_view_as(actor, student):
        raise Refused("not_a_student", _("Only a student's portal can be seen this way."))
    record(action="viewed_as", subject=student, actor=actor)
    return student


def student_viewed(*, viewer: Person, student_id: str) -> Person | None:
    """The student, while *viewer* still may: both may have changed since it began."""
    student = Person.objects.filter(id=student_id).first()
    return student if student is not None and may_view_as(viewer, student) else None


def end_viewing(*, actor: Person, student_id: str) -> None:
    """Note when it ended; nothing for a student who is gone."""
    student = Person.objects.filter(id=student_id).first()
    if student is not None:
        record(action="viewed_as_ended", subject=student, actor=actor)
