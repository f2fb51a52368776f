"""Who may do what with a school's opportunities."""

from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role
from tenants.errors import Refused


def require_role(person: Person, *roles: str) -> None:
    """Raise Refused(`forbidden`) unless *person* holds one of *roles*."""
    if not person.has_role(*roles):
        raise Refused("forbidden", _("Your role does not allow this."))


def may_curate(person: Person) -> bool:
    """Coordinators add sites, mentors and opportunities, and release them."""
    return person.has_role(Role.COORDINATOR)
