"""People of one tenant, and the links that let them act from an e-mail.

A person lives in the schema of the school (or region) they belong to, so a
student's name and address never leave it.
"""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.roles import Role, with_those_below
from tenants.ids import new_id


class PersonManager(BaseUserManager["Person"]):
    """People. Services are no people: nobody lists, tells or signs in one."""

    def get_queryset(self) -> models.QuerySet["Person"]:
        return super().get_queryset().filter(is_service=False)

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class ServiceManager(models.Manager["Person"]):
    def get_queryset(self) -> models.QuerySet["Person"]:
        return super().get_queryset().filter(is_service=True)


class Person(AbstractBaseUser):
    """Somebody with an account, with one role or several of roles.py."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)  # a rostered student may have none
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list)
    is_active = models.BooleanField(default=True)
    # a program with tokens of its own (sharing.services): `given_name` is what it is called
    is_service = models.BooleanField(default=False, db_default=False, editable=False)
    language = models.CharField(max_length=7, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # of those a roster names: how the district's or school's own system knows them
    source_id = models.CharField(max_length=255, blank=True)
    # of students
    grade = models.PositiveSmallIntegerField(_("grade"), null=True, blank=True)
    teacher = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="advisees"
    )
    # which groups a school keeps an eye on: "English learners"; never shown beside a name
    groups = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # of partner staff: the partner's id in the region's schema (sharing.Partner)
    partner_id = models.UUIDField(null=True, blank=True)
    # of substitutes: whose students they act for, and until when; nothing counts after that
    stands_in_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="substitutes"
    )
    stands_in_until = models.DateTimeField(null=True, blank=True)
    # what comes by e-mail: topic → now, daily or never; notices.topics has the usual
    mail_choices = models.JSONField(default=dict, blank=True)

    objects = PersonManager()
    services = ServiceManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["given_name", "family_name"]

    class Meta:
        ordering = ["family_name", "given_name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="person_email_unique", condition=~models.Q(email="")
            ),
            models.UniqueConstraint(
                fields=["source_id"], name="person_source_id", condition=~models.Q(source_id="")
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def initials(self) -> str:
        return (self.given_name[:1] + self.family_name[:1]).upper()

    @property
    def is_substitute(self) -> bool:
        """Whether the person stands in for a teacher at this very moment, by the clock."""
        return (
            Role.SUBSTITUTE in self.roles
            and self.stands_in_for_id is not None
            and self.stands_in_until is not None
            and self.stands_in_until > timezone.now()
        )

    @property
    def roles_now(self) -> set[str]:
        """What the person may act as: the roles held, and those these stand on."""
        held = set(self.roles)
        if not self.is_substitute:
            held.discard(Role.SUBSTITUTE)
        return with_those_below(held)

    @property
    def role_labels(self) -> str:
        """The roles held, in the reader's language; a substitute's only while it lasts."""
        held = [role for role in self.roles if role != Role.SUBSTITUTE or self.is_substitute]
        return ", ".join(str(Role(role).label) for role in held)

    def has_role(self, *roles: str) -> bool:
        """True when the person is active and may act as any of *roles*."""
        return self.is_active and not self.roles_now.isdisjoint(roles)

    @property
    def teaches_for(self) -> set[uuid.UUID | None]:
        """Whose advisees the person acts for: ids of teachers; None stands for no teacher.

        A teacher has the own, and those of nobody, who are any teacher's; a substitute has
        those of the teacher they stand in for.
        """
        found: set[uuid.UUID | None] = set()
        if not self.is_active:
            return found
        if Role.TEACHER in self.roles:
            found |= {self.id, None}
        if self.is_substitute:
            found.add(self.stands_in_for_id)
        return found

    def stands_in_at(self, student: "Person") -> bool:
        """Whether what the person does for *student* is done on behalf of their teacher."""
        return (
            self.is_substitute
            and student.teacher_id == self.stands_in_for_id
            and Role.COORDINATOR not in self.roles_now
        )

    @classmethod
    def get_email_field_name(cls) -> str:
        return "email"

    def clean(self) -> None:
        self.email = self.__class__.objects.normalize_email(self.email)

    def natural_key(self) -> tuple[Any, ...]:
        return (self.email,)


class LinkToken(models.Model):
    """A link in an e-mail that lets its reader do one thing without signing in.

    Only the hash of the secret is kept. One purpose, one subject, one use, expiring.
    """

    class Purpose(models.TextChoices):
        APPROVE_START = "approve_start", _("decide on a start")
        SET_PASSWORD = "set_password", _("set a password")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=20, choices=Purpose)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    subject_id = models.UUIDField(null=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class ApiToken(models.Model):
    """Lets a program act as the person who made it, within its scope. Only the hash is kept."""

    class Access(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)  # the secret's beginning, to tell tokens apart
    access = models.CharField(_("access"), max_length=5, choices=Access, default=Access.READ)
    only = models.CharField(_("only this kind"), max_length=20, blank=True)  # an API resource
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class IdempotentRequest(models.Model):
    """The answer a POST with an Idempotency-Key was given, for the same POST sent again.

    Written in the transaction of what the request did: there is never one without the other.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # idempotency_key_once begins with it
    )
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of method, path and body
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return self.key
