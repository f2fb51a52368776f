"""Host name → tenant, kept in each process until the registry changes."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Subquery

from tenants.context import public_context
from tenants.models import Domain, RegistryVersion, Tenant

# For a registry whose version could not tell: one that was restored, and changed as often again.
KEEP_SECONDS = 600.0
MOST_HOSTS = 20_000  # a visitor may make host names up; the table must not grow with them


@dataclass(frozen=True)
class KnownHost:
    """A tenant with its region, as the registry had it in *version*."""

    tenant: Tenant
    version: int
    until: float


_known: dict[str, KnownHost] = {}


def known_host(host: str, *, version: int | None = None) -> KnownHost | None:
    """Who answers at *host* (no port); None: nobody. The registry is asked unless it is known.

    What was found is remembered; whoever relies on it compares its version with the one its
    own transaction finds (`DatabaseWrapper.registry_version`), and asks again with that
    *version* when it is another: what was found in any other does not count then. So nothing
    is asked anew as long as nothing changes, but for every KEEP_SECONDS: of a thousand hosts
    each comes by rarely. Hosts nobody answers at are always asked for.
    """
    now = time.monotonic()
    known = _known.get(host)
    if known is not None and known.until > now and version in (None, known.version):
        return known
    with public_context():
        domain = (
            Domain.objects.select_related("tenant__region")
            .annotate(version=Subquery(RegistryVersion.objects.values("version")))
            .filter(domain=host)
            .first()
        )
    if domain is None:
        _known.pop(host, None)
        return None
    if len(_known) >= MOST_HOSTS:
        _known.clear()
    _known[host] = known = KnownHost(domain.tenant, domain.version, now + KEEP_SECONDS)
    return known


def address_of(host: str) -> str:
    """*host* as people reach it: `https://met.bronx.portico.example.org`."""
    port = "" if settings.PUBLIC_PORT in (80, 443) else f":{settings.PUBLIC_PORT}"
    return f"{settings.SITE_SCHEME}://{host}{port}"


def forget_hosts() -> None:
    """Drop what this process remembers: for tests, whose changes are never committed."""
    _known.clear()
