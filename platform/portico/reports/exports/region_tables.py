"""What a district may take out: schools, partners, the pool, the fields. Never a person.

Numbers of students follow the same thresholds as the page they come from (overview.py).
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.fields import Field
from portico.reports.exports.table import Cell, Row, Table
from portico.reports.overview import by_field, flows_from_partners, region_numbers
from portico.reports.region import find_in_pool
from sharing.models import Partner, PoolListing
from tenants.context import current_schema
from tenants.queries import schools_of

CHUNK = 500


def _shown(number: int | None) -> Cell:
    return _now("few") if number is None else number


def _schools() -> Iterator[Row]:
    numbers = region_numbers().schools
    for school in schools_of(region=current_schema()):
        row: list[Cell] = [school.name, school.external_id, school.address, school.city]
        if one := numbers.get(school.schema_name):
            row += [one.sites, one.opportunities, one.open_slots, one.released]
            row += [_shown(one.students), _shown(one.placed)]
        else:  # not counted yet
            row += [None] * 6
        yield row


def _partners() -> Iterator[Row]:
    flows = {flow.origin: flow for flow in flows_from_partners()}
    for partner in Partner.objects.order_by("name"):
        flow = flows.get(str(partner.id))
        counts = [flow.released, flow.in_use, flow.filled] if flow else [0, 0, 0]
        yield [partner.name, partner.website, *counts]


def _pool() -> Iterator[Row]:
    for one in find_in_pool().iterator(CHUNK):
        yield [
            one.title,
            one.site_name,
            one.get_field_display(),
            one.origin_name,
            one.get_origin_kind_display(),
            one.get_state_display(),
            one.slots,
            one.in_use,  # type: ignore[attr-defined]
        ]


def _fields() -> Iterator[Row]:
    for one in by_field():
        yield [
            str(Field(one.field).label),
            one.opportunities,
            one.open_slots,
            _shown(one.wishing),
            one.missed,
            _shown(one.started),
        ]


REGION_TABLES = (
    Table(
        key="schools",
        title=_("Schools"),
        about=_("What each school offers, and how many of its students were ever placed."),
        columns=[
            _("School"), _("State or district id"), _("Address"), _("City"), _("Sites"),
            _("Opportunities"), _("Open slots"), _("Released"), _("Students"), _("Ever placed"),
        ],
        count=lambda: len(schools_of(region=current_schema())),
        rows=_schools,
    ),
    Table(
        key="fields",
        title=_("Supply and demand by field"),
        about=_("What is offered and wanted in each of the fourteen fields."),
        columns=[
            _("Field"), _("Opportunities"), _("Open slots"), _("Students who wish for it"),
            _("Searches in vain"), _("Internships begun"),
        ],
        count=lambda: len(Field.values),
        rows=_fields,
    ),
    Table(
        key="pool",
        title=_("The pool"),
        about=_("Every listing, where it comes from, and how many of its slots are in use."),
        columns=[
            _("Title"), _("Site"), _("Field"), _("Offered by"), _("Kind"), _("State"),
            _("Slots"), _("In use"),
        ],
        count=lambda: PoolListing.objects.count(),
        rows=_pool,
    ),
    Table(
        key="partners",
        title=_("Partners"),
        about=_("What each partner brought and how much of it was filled."),
        columns=[
            _("Partner"), _("Web site"), _("Slots in the pool"), _("In use"),
            _("Filled so far"),
        ],
        count=lambda: Partner.objects.count(),
        rows=_partners,
    ),
)  # fmt: skip
