"""The roles of DESIGN.md and where each may be held. A mentor has no account."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    STUDENT = "student", _("student")
    TEACHER = "teacher", _("teacher")
    COORDINATOR = "coordinator", _("coordinator")
    DISTRICT_ADMIN = "district_admin", _("district admin")
    PARTNER_STAFF = "partner_staff", _("partner staff")


ROLES_OF_SCHOOL = frozenset({Role.STUDENT, Role.TEACHER, Role.COORDINATOR})
ROLES_OF_REGION = frozenset({Role.DISTRICT_ADMIN, Role.PARTNER_STAFF})
