"""Who may do what with a placement's days."""

from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.internships.models import Placement
from portico.internships.rules import stands_for
from tenants.errors import Refused


def is_staff_of(person: Person, placement: Placement) -> bool:
    """Coordinators, and the teacher of the placement's student."""
    return not stands_for(person, placement).isdisjoint({Role.TEACHER, Role.COORDINATOR})


def require_staff(person: Person, placement: Placement) -> None:
    """Raise Refused(`forbidden`) unless *person* is staff towards *placement*."""
    if not is_staff_of(person, placement):
        raise Refused("forbidden", _("Your role does not allow this."))


def may_read_worries(person: Person) -> bool:
    """The quiet words at check-out are for coordinators alone."""
    return person.has_role(Role.COORDINATOR)
