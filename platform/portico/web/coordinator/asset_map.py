"""The asset map: every site with open slots, narrowed; a table beside it; what is out of reach."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from catalog.fields import Field
from catalog.offers import Pay
from portico.accounts import may
from portico.reports.asset_map import (
    IN_REACH,
    MILES,
    Pin,
    SchoolPin,
    Wanted,
    coverage,
    pins,
    position_of,
    school_pins,
)
from portico.web.access import PortalRequest, page
from portico.web.coordinator.sections import sections
from portico.web.staff_words import origin_label
from tenants.replica_reads import reads_replica

A_PAGE = 25
_ANY = ("", gettext_lazy("any"))


class MapFilter(forms.Form):
    """What narrows the map and its table. Every part is optional; a wrong one narrows nothing."""

    field = forms.ChoiceField(
        label=gettext_lazy("Field"), required=False, choices=[_ANY, *Field.choices]
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Offered by"),
        required=False,
        choices=[
            _ANY,
            ("own", gettext_lazy("Your school")),
            ("released", gettext_lazy("Another school")),
            ("partner", gettext_lazy("A partner")),
        ],
    )
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    paid = forms.BooleanField(label=gettext_lazy("Paid only"), required=False)
    miles = forms.TypedChoiceField(
        label=gettext_lazy("Within reach"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, schools: list[SchoolPin], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [_ANY, *((one.schema, one.name) for one in schools)]  # type: ignore[attr-defined]
        self.fields["miles"].choices = [  # type: ignore[attr-defined]
            (str(n), ngettext("%(n)d mile", "%(n)d miles", n) % {"n": n}) for n in MILES
        ]

    def wanted(self) -> Wanted:
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            field=data.get("field", ""),
            origin=data.get("origin", ""),
            school=data.get("school", ""),
            paid=data.get("paid", False),
        )

    @property
    def reach(self) -> int:
        self.is_valid()
        return self.cleaned_data.get("miles") or IN_REACH


@require_GET
@reads_replica
@page(may.CULTIVATE)
def asset_map(request: PortalRequest) -> HttpResponse:
    schools = school_pins()
    form = MapFilter(request.GET, schools=schools)
    wanted, here = form.wanted(), position_of(request.tenant)
    found = pins(wanted=wanted, school=here)
    rows = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    covered = coverage(school=here, miles=form.reach) if here else []
    query = request.GET.urlencode()
    context = {
        "nav": "board",
        "section": "asset-map",
        "sections": sections(),
        "form": form,
        "is_narrowed": wanted != Wanted() or form.reach != IN_REACH,
        "points_url": f"{reverse('board-map')}?{query}" if query else reverse("board-map"),
        "page": rows,
        "rows": [_row(one) for one in rows],
        "slots": sum(one.open for one in found),
        "sites": len({one.site for one in found}),
        "has_position": here is not None,
        "coverage": covered,
        "gaps": sum(one.is_gap for one in covered),
        "reach": form.reach,
    }
    return render(request, "coordinator/map.html", context)


def _row(pin: Pin) -> dict[str, Any]:
    return {
        "pin": pin,
        "url": _url(pin),
        "field": Field(pin.field).label,
        "pay": Pay(pin.pay).label,
        "origin_label": _origin(pin),
    }


def _url(pin: Pin) -> str:
    return reverse("opportunity", args=[pin.id]) if pin.origin == "own" else ""


def _origin(pin: Pin) -> str:
    return origin_label(kind=pin.origin, name=pin.origin_name)


@require_GET
@reads_replica
@page(may.CULTIVATE)
@cache_control(private=True, no_store=True)
def map_points(request: PortalRequest) -> JsonResponse:
    """The map's data, as portico/js/map-draw.js wants it, narrowed as the page is."""
    schools = school_pins()
    wanted = MapFilter(request.GET, schools=schools).wanted()
    here = position_of(request.tenant)
    return JsonResponse(
        {
            "center": {"lat": here[0], "lng": here[1]} if here else None,
            "schools": [
                {"name": one.name, "lat": one.latitude, "lng": one.longitude, "mine": one.mine}
                for one in schools
            ],
            "listings": [
                _listing(one)
                for one in pins(wanted=wanted, school=here)
                if one.latitude is not None
            ],
        }
    )


def _listing(pin: Pin) -> dict[str, Any]:
    slots = ngettext("%(n)d slot open", "%(n)d slots open", pin.open) % {"n": pin.open}
    return {
        "title": pin.title,
        "site": pin.site,
        "lat": pin.latitude,
        "lng": pin.longitude,
        "origin": pin.origin,
        "origin_label": f"{_origin(pin)} · {slots}",
        "slots": pin.open,
        "distance": _("%(miles)s mi") % {"miles": f"{pin.miles:.1f}"} if pin.miles else "",
        "url": _url(pin),
    }
