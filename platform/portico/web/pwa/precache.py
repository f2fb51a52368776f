"""What a phone keeps so that check-in works without a network, and its version.

The kept pages are drawn without a request: there is no person and no token to get into them.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from portico.accounts.roles import Role
from portico.web.context import SCHOOL_PLACES
from tenants.models import Tenant

FILES = (
    "portico/app.css",
    "portico/fonts/figtree.woff2",
    "portico/fonts/bricolage.woff2",
    "portico/icon.svg",
    "django_htmx/htmx-2.min.js",
)
ENTRIES = ("portico/js/app.js", "portico/js/checkin/page.js")
IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?from\s*["'](\./[^"']+)["'];""", re.MULTILINE)


@dataclass(frozen=True)
class Precache:
    """Addresses to keep, the two pages among them, and a name that changes when they do."""

    shell: str
    offline: str
    urls: tuple[str, ...]
    version: str


def precache(tenant: Tenant, *, language: str) -> Precache:
    """What phones of *tenant* keep in *language*; the language is part of the address, since
    it is fetched without cookies."""
    shell = f"{reverse('check-in-shell')}?language={language}"
    offline = f"{reverse('offline')}?language={language}"
    theme = f"{reverse('theme-css')}?color={tenant.color.lstrip('#')}"
    files = (*FILES, *modules())
    urls = (shell, offline, theme, *map(static, files))
    version = _digest(_pages_digest(frame_of(tenant), language), *urls, *map(_changed, files))
    return Precache(shell, offline, urls, version[:16])


@dataclass(frozen=True)
class Frame:
    """Whose portal it is: all that base.html gets to know."""

    tenant_name: str
    region_name: str
    monogram: str
    tenant_color: str
    time_zone: str


def frame_of(tenant: Tenant) -> Frame:
    region = tenant.region.name if tenant.region else ""
    return Frame(tenant.name, region, tenant.monogram, tenant.color, tenant.time_zone)


def draw_shell(frame: Frame, *, language: str) -> str:
    """The check-in page as the phone keeps it: to be filled from what the phone knows."""
    places = [place for place in SCHOOL_PLACES if Role.STUDENT in place.permission.roles]
    context = {**vars(frame), "nav_items": places, "nav": "check-in", "shell": True}
    with translation.override(language):
        return render_to_string("student/check_in.html", context)


def draw_offline(frame: Frame, *, language: str) -> str:
    """Shown in place of any other page, to whoever has the phone: without places to go."""
    with translation.override(language):
        return render_to_string("pwa/offline.html", vars(frame))


@lru_cache(maxsize=2048)
def _pages_digest(frame: Frame, language: str) -> str:
    """Browsers ask for the worker at every page they open: draw once a school and language."""
    return _digest(draw_shell(frame, language=language), draw_offline(frame, language=language))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@lru_cache(maxsize=1)
def modules() -> tuple[str, ...]:
    """The scripts of the check-in page: what it loads, and what that imports."""
    found: dict[str, None] = {}
    waiting = list(ENTRIES)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = None
        folder = name.rpartition("/")[0]
        waiting += [f"{folder}/{path[2:]}" for path in IMPORT.findall(_source(name).read_text())]
    return tuple(sorted(found))


def _source(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise LookupError(f"static file {name} is not there: run portico.web.build_assets")
    return Path(found)


def _changed(name: str) -> str:
    """Names carry no hash while developing: the time a file was changed tells versions apart."""
    return str(_source(name).stat().st_mtime_ns)
