"""Who may keep whom."""

from django.utils.translation import gettext_lazy as _

from portico.accounts.may import VIEW_AS, Permission
from portico.accounts.models import Person
from portico.accounts.roles import Role
from tenants.errors import Refused


def require(person: Person, permission: Permission) -> None:
    """Raise Refused(`forbidden`) unless *person* has *permission*."""
    if not person.has_role(*permission.roles):
        raise Refused("forbidden", _("Your role does not allow this."))


def may_view_as(viewer: Person, other: Person) -> bool:
    """Of the same school, and only somebody who is a student and nothing else.

    Both come from the current school's tables: another school's student cannot be found.
    """
    is_only_student = other.is_active and set(other.roles) == {Role.STUDENT}
    return is_only_student and viewer.has_role(*VIEW_AS.roles)


def require_an_admin_left(leaving: Person) -> None:
    """Refused (`last_admin`) when *leaving* is the only active school admin there is."""
    if Role.SCHOOL_ADMIN not in leaving.roles or not leaving.is_active:
        return
    admins = Person.objects.filter(roles__contains=[Role.SCHOOL_ADMIN], is_active=True)
    # Locked, in one order: two admins who remove each other line up.
    if [one.id for one in admins.select_for_update().order_by("id")] == [leaving.id]:
        raise Refused(
            "last_admin", _("A school needs a school admin. Make somebody else one first.")
        )
