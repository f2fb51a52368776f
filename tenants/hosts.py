"""Host name → tenant, kept for a few seconds in each process."""

import time
from dataclasses import dataclass

from django.conf import settings

from tenants.context import public_context
from tenants.models import Domain, Tenant

KEEP_SECONDS = 15.0
MOST_HOSTS = 20_000  # a visitor may make host names up; the table must not grow with them


@dataclass(frozen=True)
class _Kept:
    tenant: Tenant
    until: float


_kept: dict[str, _Kept] = {}


def tenant_for_host(host: str) -> Tenant | None:
    """The tenant that answers at *host* (no port), with its region; None if none does.

    Known hosts are remembered for KEEP_SECONDS, so a new name or colour takes that long
    to be seen by another process; unknown hosts are always asked for.
    """
    now = time.monotonic()
    kept = _kept.get(host)
    if kept is not None and kept.until > now:
        return kept.tenant
    with public_context():
        domain = Domain.objects.select_related("tenant__region").filter(domain=host).first()
    if domain is None:
        _kept.pop(host, None)
        return None
    if len(_kept) >= MOST_HOSTS:
        _kept.clear()
    _kept[host] = _Kept(domain.tenant, now + KEEP_SECONDS)
    return domain.tenant


def address_of(host: str) -> str:
    """*host* as people reach it: `https://met.bronx.portico.example.org`."""
    port = "" if settings.PUBLIC_PORT in (80, 443) else f":{settings.PUBLIC_PORT}"
    return f"{settings.SITE_SCHEME}://{host}{port}"


def forget_hosts() -> None:
    """Drop what this process remembers, after a change it made itself."""
    _kept.clear()
