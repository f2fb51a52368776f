"""Whom a region and its schools trust to say who somebody is, and what they demand besides.

These tables are the region's: one row serves all its schools. Row-level security lets a
school write its own rows and read, besides them, the region's (see the first migration).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portico.accounts.roles import Role
from portico.trust.kinds import KINDS, ProviderKind
from tenants.ids import new_id


class Provider(models.Model):
    """An OpenID Connect provider, as one school or a whole region has set it up."""

    class NewPeople(models.TextChoices):
        NOBODY = "", _("nobody: who is not in the portal stays outside")
        STUDENT = Role.STUDENT.value, _("students, when they first sign in")
        TEACHER = Role.TEACHER.value, _("teachers, when they first sign in")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.CharField(max_length=63, editable=False)  # the schema that set it up
    kind = models.CharField(_("provider"), max_length=10)
    name = models.CharField(_("name on the button"), max_length=60)
    issuer = models.CharField(_("issuer"), max_length=255, blank=True)
    client_id = models.CharField(_("client ID"), max_length=255, blank=True)
    secret = models.TextField(blank=True, editable=False)  # encrypted: accounts/encryption.py
    belongs_to = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    roster_claim = models.CharField(_("claim with the roster's id"), max_length=60, blank=True)
    trusts_email = models.BooleanField(_("its e-mail addresses are ours"), default=False)
    has_second_step = models.BooleanField(_("it asks for a second step itself"), default=False)
    new_people = models.CharField(
        _("who is added"), max_length=10, choices=NewPeople, default=NewPeople.NOBODY, blank=True
    )
    enabled = models.BooleanField(_("shown on the sign-in page"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def what(self) -> ProviderKind:
        return KINDS[self.kind]

    @property
    def is_complete(self) -> bool:
        """True when people could sign in with it."""
        return bool(self.issuer and self.client_id and self.secret) and (
            bool(self.belongs_to) or not self.what.must_belong
        )


class Demand(models.Model):
    """Of whom a school, or a region for all its schools, demands a second step."""

    owner = models.CharField(primary_key=True, max_length=63, editable=False)
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    def __str__(self) -> str:
        return self.owner
