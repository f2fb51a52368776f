"""Who may do what with a placement, beyond the states' table."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.accounts.substitutes import advised_by
from portico.internships.models import Placement
from portico.internships.states import edge_for
from tenants.errors import Refused

MOST_OPEN_REQUESTS = 3  # our choice: enough to have a second wish, few enough to mean each


def stands_for(person: Person, placement: Placement) -> set[str]:
    """The roles *person* has towards *placement*: owning it, advising its student, coordinating.

    A teacher acts for the own advisees; for a student without a teacher, any teacher may; a
    substitute acts for the advisees of the teacher they stand in for, until the time is over.
    """
    roles: set[str] = set()
    if person.has_role(Role.STUDENT) and placement.student_id == person.id:
        roles.add(Role.STUDENT)
    if placement.student.teacher_id in person.teaches_for:
        roles.add(Role.TEACHER)
    if person.has_role(Role.COORDINATOR):
        roles.add(Role.COORDINATOR)
    return roles


def may_see(person: Person, placement: Placement) -> bool:
    """Students see their own, teachers their advisees', coordinators all of the school's."""
    return bool(stands_for(person, placement))


def seen_by(person: Person) -> Q:
    """may_see as a condition on placements."""
    if person.has_role(Role.COORDINATOR):
        return Q()
    seen = Q(pk__in=[])
    if person.has_role(Role.STUDENT):
        seen |= Q(student=person)
    return seen | advised_by(person, student="student")


def may_act(person: Person, placement: Placement, action: str) -> bool:
    """True when the table has an edge for *action* here that *person* may take."""
    edge = edge_for(placement.state, action)
    return edge is not None and not edge.by.isdisjoint(stands_for(person, placement))


def require_act(person: Person, placement: Placement, action: str) -> None:
    """Raise Refused: `forbidden` for the person, `wrong_state` for the moment."""
    edge = edge_for(placement.state, action)
    if edge is None:
        raise Refused(
            "wrong_state",
            _("This internship is %(state)s now, so this is no longer possible.")
            % {"state": placement.get_state_display()},
        )
    if edge.by.isdisjoint(stands_for(person, placement)):
        raise Refused("forbidden", _("Your role does not allow this."))
