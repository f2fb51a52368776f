"""Who may do what with documents and with what is known of a student."""

from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.rules import is_staff_of
from portico.documents.models import Document, Giver, Requirement
from portico.internships.models import Placement
from portico.internships.rules import may_see
from tenants.errors import Refused

FORBIDDEN = _("Your role does not allow this.")


def may_read(person: Person, document: Document, *, placement: Placement) -> bool:
    """Staff read all; a student reads the own, not what a mentor gave about themselves.

    *placement*: the document's, or another it covers. What was given for another student's
    (a mentor's clearance) is for coordinators.
    """
    if document.student_id != placement.student_id:
        return person.has_role(Role.COORDINATOR)
    if is_staff_of(person, placement):
        return True
    return may_see(person, placement) and document.giver != Giver.MENTOR


def may_sign(person: Person, placement: Placement, requirement: Requirement) -> bool:
    """A signature is one's own: the student's, or the school's."""
    if requirement.way != Requirement.Way.SIGNATURE:
        return False
    if requirement.giver == Giver.STUDENT:
        return person.has_role(Role.STUDENT) and placement.student_id == person.id
    return requirement.giver == Giver.STAFF and is_staff_of(person, placement)


def may_upload(person: Person, placement: Placement, requirement: Requirement) -> bool:
    """Staff file any paper. A student brings what is wanted as a file, also a guardian's."""
    if is_staff_of(person, placement):
        return True
    return (
        person.has_role(Role.STUDENT)
        and placement.student_id == person.id
        and requirement.way == Requirement.Way.UPLOAD
        and requirement.giver in (Giver.STUDENT, Giver.GUARDIAN)
    )


def is_staff_for(person: Person, student: Person) -> bool:
    """Coordinators, and the student's teacher; for a student without one, any teacher."""
    if person.has_role(Role.COORDINATOR):
        return True
    return student.teacher_id in person.teaches_for


def require(allowed: bool) -> None:
    """Raise Refused(`forbidden`) unless *allowed*."""
    if not allowed:
        raise Refused("forbidden", FORBIDDEN)
