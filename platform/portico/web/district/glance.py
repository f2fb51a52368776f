"""The overview: supply and demand, two schools side by side, what is shared, the trend.

Everything comes from rollups, so that the page costs the same for many schools as for few.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catalog.fields import Field
from portico.accounts import may
from portico.reports import overview as reports
from portico.reports.at_a_glance import at_a_glance
from portico.reports.small_groups import MINIMUM
from portico.reports.term_report import term_label
from portico.web.access import PortalRequest, page
from portico.web.charts import Meters, Series, StackedBars, meters
from portico.web.paired_bars import LyingPairs, lying_pairs, standing_pairs
from sharing.models import Partner
from tenants.names import school_schema
from tenants.queries import school_names
from tenants.replica_reads import reads_replica

MOST_IN_NEED = 6
MOST_USERS = 3


@require_GET
@reads_replica
@page(may.OVERSEE)
def overview(request: PortalRequest) -> HttpResponse:
    region = request.tenant.schema_name
    names = school_names(region=region)
    sums = at_a_glance()
    numbers = sums.numbers
    context = {
        "nav": "overview",
        "minimum": MINIMUM,
        "has_schools": bool(names),
        "kpis": _kpis(numbers, schools=len(names)),
        "fields": _supply_and_demand(sums.fields),
        "field_rows": [(Field(one.field).label, one) for one in sums.fields],
        "needy": [
            _needy(one, names) for one in numbers.in_need()[:MOST_IN_NEED] if one.schema in names
        ],
        "compare": _compare(request, names, numbers),
        "from_schools": [_flow(one, names, names) for one in sums.from_schools],
        "from_partners": [_flow(one, names, _partner_names()) for one in sums.from_partners],
        "weeks": _trend(sums.weeks, _week_label),
        "terms": _trend(sums.terms, term_label),
    }
    return render(request, "district/overview.html", context)


def _partner_names() -> dict[str, str]:
    return {str(key): name for key, name in Partner.objects.values_list("id", "name")}


def _kpis(numbers: reports.RegionNumbers, *, schools: int) -> list[dict[str, object]]:
    few = _("few")
    if numbers.students is None or numbers.placed is None:
        placed, note = few, _("too few students to show")
    else:
        share = round(100 * numbers.placed / numbers.students) if numbers.students else 0
        placed = f"{share}%"
        note = _("%(placed)d of %(students)d students ever") % {
            "placed": numbers.placed,
            "students": numbers.students,
        }
    return [
        {
            "label": _("Opportunities"),
            "value": numbers.opportunities,
            "icon": "briefcase",
            "note": _("at %(schools)d schools and from partners") % {"schools": schools},
        },
        {
            "label": _("Open slots"),
            "value": numbers.open_slots,
            "icon": "layers",
            "note": _("%(released)d of them in the pool") % {"released": numbers.released},
        },
        {
            "label": _("Interning now"),
            "value": few if numbers.interning is None else numbers.interning,
            "icon": "users",
            "note": "",
        },
        {"label": _("Placed"), "value": placed, "icon": "graduation-cap", "note": note},
    ]


def _supply_and_demand(fields: Sequence[reports.FieldNumbers]) -> LyingPairs:
    return lying_pairs(
        labels=(_("Open slots"), _("Students who wish for it")),
        rows=[(str(Field(one.field).label), one.open_slots, one.wishing) for one in fields],
        urls=[f"{reverse('region-pool')}?field={one.field}" for one in fields],
    )


@dataclass(frozen=True)
class Needy:
    name: str
    code: str
    never: int
    students: int
    open_slots: int


def _needy(one: reports.SchoolNumbers, names: dict[str, str]) -> Needy:
    assert one.students is not None
    assert one.placed is not None
    return Needy(
        name=names[one.schema],
        code=one.schema.partition("__")[2],
        never=one.students - one.placed,
        students=one.students,
        open_slots=one.open_slots,
    )


# --- two schools ----------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """Two schools side by side; *numbers* None where a school has not been counted yet."""

    options: tuple[SafeString, ...]
    names: tuple[str, str]
    numbers: tuple[reports.SchoolNumbers | None, reports.SchoolNumbers | None]
    offered: LyingPairs
    placed: Meters
    started: LyingPairs


def _compare(
    request: PortalRequest, names: dict[str, str], numbers: reports.RegionNumbers
) -> Compared | None:
    """The schools of `?a=&b=` (codes); else the one that offers most and the one that offers
    least, which is the point."""
    if len(names) < 2:
        return None
    counted = numbers.schools
    offered = {schema: one.opportunities for schema, one in counted.items()}
    most = sorted(names, key=lambda schema: -offered.get(schema, 0))
    first = _chosen(request, "a", names) or most[0]
    second = _chosen(request, "b", names) or next(one for one in most[::-1] if one != first)
    fields_of_first, fields_of_second = reports.fields_of([first, second])
    labels = (names[first], names[second])
    both = (counted.get(first), counted.get(second))

    def side_by_side(a: Sequence[int | None], b: Sequence[int | None]) -> LyingPairs:
        fields = [str(label) for label in Field.labels]
        return lying_pairs(labels=labels, rows=list(zip(fields, a, b, strict=True)))

    return Compared(
        options=_options(names, first, second),
        names=labels,
        numbers=both,
        offered=side_by_side(fields_of_first.opportunities, fields_of_second.opportunities),
        started=side_by_side(fields_of_first.started, fields_of_second.started),
        placed=meters(
            groups=[
                (name, one.placed if one else None, one.students if one else None)
                for name, one in zip(labels, both, strict=True)
            ],
            everyone=(_("All schools"), numbers.placed, numbers.students)
            if numbers.students and numbers.placed is not None
            else None,
        ),
    )


def _chosen(request: PortalRequest, side: str, names: dict[str, str]) -> str | None:
    schema = school_schema(region=request.tenant.schema_name, school=request.GET.get(side, ""))
    return schema if schema in names else None


def _options(names: dict[str, str], *chosen: str) -> tuple[SafeString, ...]:
    """The schools as choices, with each of *chosen* chosen.

    Put together once and here, as there may be a thousand of them.
    """
    plain = "".join(
        f'<option value="{schema.partition("__")[2]}">{escape(name)}</option>'
        for schema, name in names.items()
    )
    marks = (f'value="{schema.partition("__")[2]}"' for schema in chosen)
    return tuple(SafeString(plain.replace(mark, f"{mark} selected", 1)) for mark in marks)


# --- what is shared -------------------------------------------------------------------


@dataclass(frozen=True)
class FlowRow:
    origin: str
    flow: reports.Flow
    users: list[tuple[str, reports.Use]]
    more: int


def _flow(flow: reports.Flow, schools: dict[str, str], origins: dict[str, str]) -> FlowRow:
    return FlowRow(
        origin=origins.get(flow.origin, _("no longer here")),
        flow=flow,
        users=[(schools.get(use.school, use.school), use) for use in flow.users[:MOST_USERS]],
        more=max(0, len(flow.users) - MOST_USERS),
    )


# --- the trend ------------------------------------------------------------------------


def _trend(happened: Sequence[reports.Happened], label: Callable[[str], str]) -> StackedBars:
    """Requests beside internships begun; what is too few to show stands as nothing."""
    return standing_pairs(
        labels=[label(one.key) for one in happened],
        first=Series(_("Internships begun"), [one.started or 0 for one in happened]),
        second=Series(_("Requests"), [one.requested or 0 for one in happened]),
    )


def _week_label(key: str) -> str:
    return date_format(date.fromisoformat(key), "M j")
