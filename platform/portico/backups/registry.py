"""A tenant's row of the registry and its hosts, out of the database and back."""

from typing import Any

from portico.backups.manifest import plain
from tenants.context import OWNER
from tenants.errors import Refused
from tenants.models import Domain, Tenant
from tenants.names import region_of

_NOT_KEPT = ("id", "region", "schema_name")  # what another database numbers otherwise, or names it


def registry_row(tenant: Tenant) -> dict[str, Any]:
    """What the registry keeps of *tenant*, by field."""
    return plain(
        {
            field.attname: getattr(tenant, field.attname)
            for field in Tenant._meta.concrete_fields
            if field.name not in _NOT_KEPT
        }
    )


def hosts_of(tenant: Tenant) -> list[tuple[str, bool]]:
    """(host, whether it is the one links use)."""
    found = Domain.objects.using(OWNER).filter(tenant_id=tenant.pk).order_by("domain")
    return list(found.values_list("domain", "is_primary"))


def put_back(*, schema: str, row: dict[str, Any], hosts: list[tuple[str, bool]]) -> Tenant:
    """Make the registry say of *schema* what *row* says; in the owner's transaction.

    A row that is there keeps its number. Refused when a host is another tenant's by now, or a
    school's region is not there.
    """
    known = {field.attname for field in Tenant._meta.concrete_fields}
    tenant = Tenant.objects.using(OWNER).filter(schema_name=schema).first() or Tenant(
        schema_name=schema
    )
    for name, value in row.items():
        if name in known:
            setattr(tenant, name, Tenant._meta.get_field(name).to_python(value))
    region = region_of(schema)
    if region is not None:
        tenant.region = Tenant.objects.using(OWNER).filter(schema_name=region).first()
        if tenant.region is None:
            raise Refused("no_region", f"Restore the region {region} before its school {schema}.")
    tenant.save(using=OWNER)
    if row.get("created_at"):  # auto_now_add would have the school founded today
        Tenant.objects.using(OWNER).filter(pk=tenant.pk).update(created_at=row["created_at"])
    taken = Domain.objects.using(OWNER).exclude(tenant_id=tenant.pk)
    for host, _is_primary in hosts:
        if taken.filter(domain=host).exists():
            raise Refused("host_taken", f"{host} is another tenant's address by now.")
    Domain.objects.using(OWNER).filter(tenant_id=tenant.pk).delete()
    Domain.objects.using(OWNER).bulk_create(
        Domain(tenant=tenant, domain=host, is_primary=is_primary) for host, is_primary in hosts
    )
    return tenant
