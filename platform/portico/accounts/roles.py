"""The roles of people and where each may be held. A mentor has no account.

A person may hold several. Two stand on another role: a school admin may what a coordinator
may, and a substitute, until the time is over, what the teacher may whom they stand in for.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    STUDENT = "student", _("student")
    TEACHER = "teacher", _("teacher")
    COORDINATOR = "coordinator", _("coordinator")
    DISTRICT_ADMIN = "district_admin", _("district admin")
    PARTNER_STAFF = "partner_staff", _("partner staff")
    SCHOOL_ADMIN = "school_admin", _("school admin")
    SUBSTITUTE = "substitute_teacher", _("substitute teacher")


ROLES_OF_SCHOOL = frozenset(
    {Role.STUDENT, Role.TEACHER, Role.COORDINATOR, Role.SCHOOL_ADMIN, Role.SUBSTITUTE}
)
ROLES_OF_REGION = frozenset({Role.DISTRICT_ADMIN, Role.PARTNER_STAFF})
# Given and taken by hand; a substitute is appointed for a teacher and a time.
GIVEN_BY_HAND = (Role.STUDENT, Role.TEACHER, Role.COORDINATOR, Role.SCHOOL_ADMIN)

STANDS_ON: dict[str, str] = {
    Role.SCHOOL_ADMIN: Role.COORDINATOR,
    Role.SUBSTITUTE: Role.TEACHER,
}


def with_those_below(roles: Iterable[str]) -> set[str]:
    """*roles* and those they stand on: what a person holding them may act as."""
    held = set(roles)
    return held | {STANDS_ON[role] for role in held if role in STANDS_ON}


def with_those_above(roles: Iterable[str]) -> frozenset[str]:
    """*roles* and those that stand on them: who may what *roles* may."""
    named = set(roles)
    return frozenset(named | {above for above, below in STANDS_ON.items() if below in named})
