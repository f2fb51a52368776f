"""Reading the registry."""

from tenants.context import current_alias, public_context
from tenants.models import Domain, Region, School, Tenant


def region_schemas() -> list[str]:
    """Schema names of all regions."""
    with public_context():
        return list(Region.objects.order_by("schema_name").values_list("schema_name", flat=True))


def schools_of(*, region: str) -> list[School]:
    """The schools of the region with schema *region*, by name."""
    with public_context():
        return list(School.objects.filter(region__schema_name=region).order_by("name"))


def school_names(*, region: str) -> dict[str, str]:
    """Schema → name of the region's schools, by name; cheaper than the schools themselves."""
    with public_context():
        found = School.objects.filter(region__schema_name=region).order_by("name")
        return dict(found.values_list("schema_name", "name"))


def tenant_by_schema(schema: str) -> Tenant:
    """The tenant with this schema; Tenant.DoesNotExist if there is none.

    Seen from the transaction that is open, which may just have made it.
    """
    with public_context(using=current_alias()):
        return Tenant.objects.select_related("region").get(schema_name=schema)


def primary_host(schema: str) -> str:
    """The host name a tenant answers at; Domain.DoesNotExist if it has none."""
    with public_context():
        return Domain.objects.get(tenant__schema_name=schema, is_primary=True).domain


def hosts_of_schools(*, region: str) -> dict[str, str]:
    """Schema → host name of the region's schools, by name of the school."""
    with public_context():
        found = Domain.objects.filter(tenant__region__schema_name=region, is_primary=True)
        return dict(found.order_by("tenant__name").values_list("tenant__schema_name", "domain"))
