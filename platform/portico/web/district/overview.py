"""The region at a glance: numbers of schools, slots and fields; never a person."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from catalog.fields import Field
from portico.accounts import may
from portico.accounts.roles import Role
from portico.reports import region as reports
from portico.web.access import PortalRequest, page
from portico.web.context import home_url
from sharing.models import OriginKind, Partner
from tenants.queries import schools_of
from tenants.replica_reads import reads_replica

BAR_WIDTH = 240
MOST_NAMED = 8


@require_GET
@reads_replica
@page(may.START)
def region(request: PortalRequest) -> HttpResponse:
    """The district's page; everybody else of the region is led to their own."""
    if not request.user.has_role(Role.DISTRICT_ADMIN):
        return redirect(home_url(request.user, kind=request.tenant.kind))
    schools = schools_of(region=request.tenant.schema_name)
    numbers = reports.pool_numbers()
    silent = numbers.without_release(schools)
    context = {
        "nav": "region",
        "kpis": _kpis(numbers, schools=len(schools), partners=Partner.objects.count()),
        "fields": field_bars(numbers.by_field()),
        "recent": reports.recent_releases(),
        "silent": silent[:MOST_NAMED],
        "more_silent": max(0, len(silent) - MOST_NAMED),
        "has_schools": bool(schools),
    }
    return render(request, "district/region.html", context)


def _kpis(numbers: reports.PoolNumbers, *, schools: int, partners: int) -> list[dict]:
    pool = numbers.all
    listings = ngettext("%(n)d listing in the pool", "%(n)d listings in the pool", pool.listings)
    return [
        {
            "label": _("Schools"),
            "value": schools,
            "icon": "school",
            "note": ngettext("%(n)d partner", "%(n)d partners", partners) % {"n": partners},
            "url": reverse("schools"),
        },
        {
            "label": _("Slots in the pool"),
            "value": pool.total,
            "icon": "share-2",
            "note": listings % {"n": pool.listings},
            "url": reverse("region-pool"),
        },
        _origin_kpi(
            _("Released by schools"),
            "school",
            numbers.of_origin(OriginKind.SCHOOL),
            reverse("region-pool") + "?origin=school",
        ),
        _origin_kpi(
            _("Posted by partners"),
            "handshake",
            numbers.of_origin(OriginKind.PARTNER),
            reverse("region-pool") + "?origin=partner",
        ),
    ]


def _origin_kpi(label: str, icon: str, slots: reports.Slots, url: str) -> dict:
    return {
        "label": label,
        "value": slots.total,
        "icon": icon,
        "note": _("%(used)d in use, %(free)d free") % {"used": slots.in_use, "free": slots.free},
        "url": url,
    }


@dataclass(frozen=True)
class FieldBar:
    """One field of the pool as a bar: in use, then free, to the scale of the largest."""

    label: str
    url: str
    total: int
    in_use: int
    used_width: float
    free_x: float
    free_width: float


def field_bars(fields: list[tuple[str, reports.Slots]]) -> list[FieldBar]:
    """Bars of all fields, largest first; a field without a slot has an empty one."""
    largest = max((slots.total for _field, slots in fields), default=0) or 1
    bars = []
    for field, slots in sorted(fields, key=lambda one: -one[1].total):
        used = round(min(slots.in_use, slots.total) / largest * BAR_WIDTH, 1)
        bars.append(
            FieldBar(
                label=str(Field(field).label),
                url=f"{reverse('region-pool')}?field={field}",
                total=slots.total,
                in_use=slots.in_use,
                used_width=used,
                free_x=used,
                free_width=round(slots.free / largest * BAR_WIDTH, 1),
            )
        )
    return bars
