"""The registry: which regions and schools there are, and on which hosts.

Lives in the public schema. It holds facts about schools that any visitor of the
portal may learn (name, address, colour) and settings, never people.
"""

import zoneinfo
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from tenants.names import validate_code


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless *name* is an IANA time zone."""
    if name not in _time_zones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})


@cache
def _time_zones() -> frozenset[str]:
    """Read from the system's files once a process: it takes 13 ms, a tenth of a new school."""
    return frozenset(zoneinfo.available_timezones())


class Tenant(TenantMixin):
    """A schema of its own: a region, or a school within one."""

    class Kind(models.TextChoices):
        PUBLIC = "public", _("portal")
        REGION = "region", _("region")
        SCHOOL = "school", _("school")

    auto_create_schema = False  # provisioning makes schema, role, grants and row together
    auto_drop_schema = False

    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(_("code"), max_length=28, validators=[validate_code])
    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=12, blank=True)
    region = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    external_id = models.CharField(_("state or district id"), max_length=40, blank=True)
    roster_id = models.CharField(max_length=255, blank=True)  # what a roster calls the school
    color = models.CharField(
        _("colour"), max_length=7, default="#0f5c56", validators=[RegexValidator(r"^#[0-9a-f]{6}$")]
    )
    time_zone = models.CharField(
        max_length=40, default="America/New_York", validators=[validate_time_zone]
    )
    language = models.CharField(max_length=7, default="en")
    address = models.CharField(_("address"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    latitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    grade_min = models.PositiveSmallIntegerField(null=True, blank=True)
    grade_max = models.PositiveSmallIntegerField(null=True, blank=True)
    student_count = models.PositiveIntegerField(null=True, blank=True)
    pursuit_days = models.PositiveSmallIntegerField(
        _("days to pursue"), default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="school_has_region",
                condition=models.Q(kind="school", region__isnull=False)
                | (~models.Q(kind="school") & models.Q(region__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["region", "roster_id"],
                name="roster_id_of_one_school",
                condition=~models.Q(roster_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_tenant_type(self) -> str:
        """The key of TENANT_TYPES: django-tenants asks for it."""
        return self.kind

    @property
    def monogram(self) -> str:
        return self.short_name or self.name[:3]


class KindManager(models.Manager["Tenant"]):
    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> models.QuerySet["Tenant"]:
        return super().get_queryset().filter(kind=self.kind)


class Region(Tenant):
    """A district or nonprofit network; hosts schools and the pool."""

    objects: KindManager = KindManager("region")  # type: ignore[misc,assignment]

    class Meta:
        proxy = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = Tenant.Kind.REGION
        super().save(*args, **kwargs)


class School(Tenant):
    """A school: its people, sites and mentors are in its own schema."""

    objects: KindManager = KindManager("school")  # type: ignore[misc,assignment]

    class Meta:
        proxy = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = Tenant.Kind.SCHOOL
        super().save(*args, **kwargs)


class Domain(DomainMixin):
    """A host name under which a tenant answers."""


class RegistryVersion(models.Model):
    """One row: how often tenants and hosts have changed, so that a process knows what it kept.

    A trigger counts, at the end of the transaction that changed them; see the migration.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_registry_version", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return str(self.version)
