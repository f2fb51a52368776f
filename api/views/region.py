"""The region in numbers, from rollups alone: never a person, thresholds as on the pages."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import Resource
from api.serializers import region as documents
from api.serializers.registry import SchoolDocument
from catalog.fields import Field
from portico.accounts import may
from portico.reports import overview
from portico.reports.at_a_glance import at_a_glance
from portico.reports.overview import Flow, RegionNumbers, SchoolNumbers
from portico.reports.region import pool_numbers, used_by_school
from portico.reports.small_groups import MINIMUM
from sharing.models import Partner
from tenants.names import school_schema
from tenants.queries import school_names, tenant_by_schema

Names = dict[str, str]  # by schema, or by a partner's id


class OfDistrict(Resource):
    hosts = ("region",)
    reads_replica = True
    roles = {"*": may.OVERSEE.roles}
    pagination_class = None

    @property
    def names(self) -> Names:
        return school_names(region=self.tenant.schema_name)


class Overview(OfDistrict):
    """Supply, demand and placements in the region, by school and by field."""

    kind = "overview"
    serializer_class = documents.OverviewDocument

    @extend_schema(responses=documents.OverviewDocument)
    def retrieve(self, request: Request) -> Response:
        """At most a minute behind."""
        names, sums = self.names, at_a_glance()
        numbers = sums.numbers
        here = [one for schema, one in numbers.schools.items() if schema in names]
        found = {
            "smallest_group": MINIMUM,
            "schools": len(names),
            "opportunities": numbers.opportunities,
            "open_slots": numbers.open_slots,
            "released": numbers.released,
            "interning": numbers.interning,
            "placed": numbers.placed,
            "students": numbers.students,
            "pool": pool_numbers().all,
            "field_rows": sums.fields,
            "by_school": [numbers_document(one, names) for one in here],
            "in_need": [
                numbers_document(one, names) for one in numbers.in_need() if one.schema in names
            ],
            "weeks": sums.weeks,
            "terms": sums.terms,
        }
        return Response(documents.OverviewDocument(found).data)


class SchoolDetails(OfDistrict):
    """The schools of the region, one by one."""

    kind = "schools"
    serializer_class = documents.SchoolDetail

    @extend_schema(
        parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH, description="The code.")],
        responses=documents.SchoolDetail,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """One school's facts, its numbers, what it released and uses."""
        schema = school_schema(region=self.tenant.schema_name, school=pk)
        if schema not in self.names:
            raise NotFound
        school = tenant_by_schema(schema)
        found = {
            **SchoolDocument(school).data,
            "numbers": numbers_of(schema, at_a_glance().numbers, self.names),
            "field_rows": field_rows_of(schema),
            "pool": pool_numbers().of_school(schema),
            "uses": used_by_school().get(schema, 0),
        }
        return Response(documents.SchoolDetail(found).data)


class Compare(OfDistrict):
    """Two schools side by side: how unequal networks are."""

    kind = "compare"
    serializer_class = documents.ComparedDocument

    @extend_schema(parameters=[documents.CompareQuery], responses=documents.ComparedDocument)
    def retrieve(self, request: Request) -> Response:
        """The distribution of internships by field at each."""
        asked, names = self.asked_in_address(documents.CompareQuery), self.names
        chosen = {side: self._schema(side, asked[side], names) for side in ("a", "b")}
        numbers = at_a_glance().numbers
        found = {
            side: {
                "school": school_ref(schema, names),
                "numbers": numbers_of(schema, numbers, names),
                "field_rows": field_rows_of(schema),
            }
            for side, schema in chosen.items()
        }
        return Response(documents.ComparedDocument(found).data)

    def _schema(self, side: str, code: str, names: Names) -> str:
        schema = school_schema(region=self.tenant.schema_name, school=code)
        if schema not in names:
            raise ValidationError({side: ["No such school."]})
        return schema


class Flows(OfDistrict):
    """Who released what to whom, and what was filled; what each partner brought."""

    kind = "flows"
    serializer_class = documents.FlowsDocument

    @extend_schema(responses=documents.FlowsDocument)
    def retrieve(self, request: Request) -> Response:
        """The busiest first."""
        names, sums = self.names, at_a_glance()
        partners = {str(key): name for key, name in Partner.objects.values_list("id", "name")}
        found = {
            "from_schools": [flow_document(one, names, names) for one in sums.from_schools],
            "from_partners": [flow_document(one, names, partners) for one in sums.from_partners],
        }
        return Response(documents.FlowsDocument(found).data)


class PartnerNumbers(Resource):
    """What the own partner brought, and what is in demand in the region."""

    kind = "partner-numbers"
    hosts = ("region",)
    reads_replica = True
    roles = {"*": may.POST.roles}
    serializer_class = documents.PartnerNumbersDocument
    pagination_class = None

    @extend_schema(responses=documents.PartnerNumbersDocument)
    def retrieve(self, request: Request) -> Response:
        """Fill by school, demand by field; nothing about a student."""
        if self.person.partner_id is None:  # staff of no partner (any more)
            raise NotFound
        partner = Partner.objects.get(id=self.person.partner_id)
        names = school_names(region=self.tenant.schema_name)
        flow = overview.flow_from(str(partner.id))
        found = {
            "flow": flow_document(flow, names, {str(partner.id): partner.name}),
            "demand": sorted(
                at_a_glance().fields, key=lambda one: one.open_slots - (one.wishing or 0)
            ),
        }
        return Response(documents.PartnerNumbersDocument(found).data)


# --- rows ---------------------------------------------------------------------------------


def school_ref(schema: str, names: Names) -> dict[str, str]:
    code = schema.partition("__")[2]
    return {"code": code, "name": names.get(schema, code)}


def numbers_document(one: SchoolNumbers, names: Names) -> dict[str, Any]:
    facts = one._asdict()
    return {**facts, "school": school_ref(facts.pop("schema"), names)}


def numbers_of(schema: str, numbers: RegionNumbers, names: Names) -> dict[str, Any] | None:
    found = numbers.schools.get(schema)
    return numbers_document(found, names) if found else None


def field_rows_of(schema: str) -> list[dict[str, Any]]:
    """The distribution by field of one school."""
    (found,) = overview.fields_of([schema])
    rows: Sequence[tuple[str, int, int | None]] = list(
        zip(Field.values, found.opportunities, found.started, strict=True)
    )
    return [
        {"field": field, "opportunities": opportunities, "started": started}
        for field, opportunities, started in rows
    ]


def flow_document(flow: Flow, schools: Names, origins: Names) -> dict[str, Any]:
    """*origins*: names of whoever the flow may be from."""
    origin = flow.origin
    return {
        "origin": origin.partition("__")[2] or origin,
        "origin_name": origins.get(origin, ""),
        "released": flow.released,
        "in_use": flow.in_use,
        "filled": flow.filled,
        "users": [
            {
                "school": school_ref(use.school, schools),
                "in_use": use.in_use,
                "filled": use.filled,
            }
            for use in flow.users
        ],
    }
