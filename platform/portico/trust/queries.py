"""Reading whom the current tenant trusts."""

import uuid

from django.db.models import QuerySet

from portico.accounts.encryption import decrypt
from portico.trust.models import Demand, Provider
from tenants.context import current_schema
from tenants.names import region_of

PURPOSE = "client secret"


def _owners() -> list[str]:
    """The current tenant and, for a school, its region."""
    schema = current_schema()
    region = region_of(schema)
    return [schema, region] if region else [schema]


def own_providers() -> QuerySet[Provider]:
    """Providers the current tenant has set up itself, also those that are off."""
    return Provider.objects.filter(owner=current_schema())


def region_providers() -> QuerySet[Provider]:
    """At a school: the providers its region offers to all its schools."""
    region = region_of(current_schema())
    return (
        Provider.objects.filter(owner=region, enabled=True) if region else Provider.objects.none()
    )


def known_providers() -> QuerySet[Provider]:
    """The tenant's own and its region's, on or off."""
    return Provider.objects.filter(owner__in=_owners())


def usable_providers() -> QuerySet[Provider]:
    """Those the sign-in page shows: the tenant's own, then its region's."""
    return known_providers().filter(enabled=True).order_by("-owner", "created_at")


def usable_provider(*, provider_id: uuid.UUID) -> Provider:
    """The provider people here may sign in with; Provider.DoesNotExist for another school's."""
    return usable_providers().get(id=provider_id)


def client_secret(provider: Provider) -> str:
    return decrypt(text=provider.secret, purpose=PURPOSE) if provider.secret else ""


def demanded_roles() -> frozenset[str]:
    """Roles that must have a second step here: what the tenant and its region demand."""
    found = Demand.objects.filter(owner__in=_owners())
    return frozenset(role for demand in found for role in demand.roles)


def own_demand() -> list[str]:
    """The roles the current tenant itself demands it of."""
    found = Demand.objects.filter(owner=current_schema()).first()
    return list(found.roles) if found else []
