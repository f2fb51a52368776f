"""A region or a school from nothing, in one transaction: all of it or none of it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils.translation import gettext as _
from psycopg import sql

from tenants.context import OWNER, public_context, tenant_context
from tenants.models import Domain, Region, School, Tenant
from tenants.names import school_schema
from tenants.provisioning.ddl import SCHOOL_DDL
from tenants.provisioning.migrate import migrate_schema
from tenants.provisioning.roles import grant_region, grant_school


@dataclass(frozen=True, kw_only=True)
class SchoolFacts:
    """What the registry keeps of a school besides its code and name; all may be empty."""

    short_name: str = ""
    external_id: str = ""
    color: str = "#0f5c56"
    address: str = ""
    city: str = ""
    zip_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    grade_min: int | None = None
    grade_max: int | None = None
    student_count: int | None = None


def provision_region(*, code: str, name: str, time_zone: str = "America/New_York") -> Tenant:
    """Make region *code* with schema, role, grants and host. ValidationError if it cannot be."""
    with public_context(using=OWNER):
        region = Region(kind="region", schema_name=code, code=code, name=name, time_zone=time_zone)
        _check(region)
        region.save(using=OWNER)
        _add_host(region, f"{code}.{settings.BASE_HOST}")
        with connections[OWNER].cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(code)))
        migrate_schema(schema=code)
        with connections[OWNER].cursor() as cursor:
            grant_region(cursor, region=code)
    return region


def provision_school(
    *, region: str, code: str, name: str, facts: SchoolFacts | None = None
) -> Tenant:
    """Make school *code* in region *region* from prepared DDL. ValidationError if it cannot be.

    One transaction on the owner's connection; call it inside another to add people to it.
    """
    schema = school_schema(region=region, school=code)
    with public_context(using=OWNER):
        home = Region.objects.using(OWNER).get(schema_name=region)
        school = School(
            kind="school",
            schema_name=schema,
            code=code,
            name=name,
            region=home,
            time_zone=home.time_zone,
            language=home.language,
            pursuit_days=home.pursuit_days,
            **(vars(facts) if facts else {}),
        )
        _check(school)
        school.save(using=OWNER)
        _add_host(school, f"{code}.{region}.{settings.BASE_HOST}")
        with connections[OWNER].cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        with tenant_context(schema, using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute(SCHOOL_DDL.read_text())
            grant_school(cursor, schema=schema, is_new=True)
    return school


def remove_school(*, schema: str) -> None:
    """Forget a school: schema, role's rights, host and row, in one transaction."""
    with public_context(using=OWNER):
        school = School.objects.using(OWNER).get(schema_name=schema)
        with connections[OWNER].cursor() as cursor:
            cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
            cursor.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(schema)))
        Domain.objects.using(OWNER).filter(tenant_id=school.pk).delete()
        Tenant.objects.using(OWNER).filter(pk=school.pk).delete()


def _check(tenant: Tenant) -> None:
    """Raise ValidationError with the field at fault, before anything is made."""
    tenant.full_clean(exclude=["region", "schema_name"], validate_unique=False)
    taken: Any = Tenant.objects.using(OWNER).filter(schema_name=tenant.schema_name)
    if taken.exists():
        raise ValidationError({"code": _("This code is in use already.")})


def _add_host(tenant: Tenant, host: str) -> None:
    # bulk_create: DomainMixin.save() would ask the other connection about primary hosts
    Domain.objects.using(OWNER).bulk_create([Domain(domain=host, tenant=tenant, is_primary=True)])
