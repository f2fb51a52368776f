"""What a partner brought and what is in demand: counts only, nothing about a student."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catalog.fields import Field
from portico.accounts import may
from portico.reports import overview as reports
from portico.reports.at_a_glance import at_a_glance
from portico.web.access import PortalRequest, page
from portico.web.paired_bars import lying_pairs
from sharing.models import Partner
from tenants.queries import school_names
from tenants.replica_reads import reads_replica


@dataclass(frozen=True)
class SchoolUse:
    """How many of the partner's slots one school's students use and have filled so far."""

    school: str
    in_use: int
    filled: int
    share: int  # of all that was filled, in percent


@require_GET
@reads_replica
@page(may.POST)
def numbers(request: PortalRequest) -> HttpResponse:
    assert request.user.partner_id is not None  # partner staff have one
    partner = Partner.objects.get(id=request.user.partner_id)
    flow = reports.flow_from(str(partner.id))
    names = school_names(region=request.tenant.schema_name)
    context = {
        "nav": "partner-numbers",
        "partner": partner,
        "flow": flow,
        "school_count": len(flow.users),
        "free": max(0, flow.released - flow.in_use),
        "fill_rate": min(100, round(100 * flow.in_use / flow.released)) if flow.released else None,
        "schools": [
            SchoolUse(
                school=names.get(use.school, use.school),
                in_use=use.in_use,
                filled=use.filled,
                share=round(100 * use.filled / flow.filled) if flow.filled else 0,
            )
            for use in flow.users
        ],
        "demand": lying_pairs(
            labels=(_("Open slots"), _("Students who wish for it")),
            rows=[
                (str(Field(one.field).label), one.open_slots, one.wishing)
                for one in sorted(
                    at_a_glance().fields, key=lambda one: one.open_slots - (one.wishing or 0)
                )
            ],
        ),
    }
    return render(request, "partner/numbers.html", context)
