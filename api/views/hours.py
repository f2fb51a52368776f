"""Hours of placements, and the certificates made of them."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.files import PDF, pdf_answer
from api.filters import CertificateFilter, HoursFilter
from api.resource import Resource
from api.serializers import attendance as documents
from api.versions import answer_versioned, require_match
from portico.accounts import may
from portico.attendance.actions import find_certificate, make_certificate, set_placement_terms
from portico.attendance.hours import by_week, totals
from portico.attendance.models import Attendance, AttendancePolicy, Certificate
from portico.attendance.queries import (
    days_by_placement,
    days_of,
    policy,
    required_minutes,
    seen_placement,
)
from portico.internships.models import Placement
from portico.internships.rules import seen_by

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="Its code.")


class Hours(Resource):
    """What counts of a placement's days, towards the hours required. In minutes."""

    kind = "hours"
    queryset = Placement.objects.none()  # names the model; see get_queryset
    roles = {"*": may.FOLLOW_DAYS.roles, "partial_update": may.CORRECT_DAYS.roles}
    is_versioned = True
    serializer_class = documents.HoursDocument
    filterset_class = HoursFilter

    def get_queryset(self) -> QuerySet[Placement]:
        begun = Placement.objects.filter(started_at__isnull=False).select_related("student")
        return begun.filter(seen_by(self.person))

    def list(self, request: Request) -> Response:
        """Every placement that has begun, with its sums."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        days, rules = days_by_placement(page), policy()
        rows = [_hours(placement, days[placement.id], rules) for placement in page]
        return self.get_paginated_response(documents.HoursDocument(rows, many=True).data)

    @extend_schema(responses=documents.HoursOfPlacement)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One placement's hours, week by week."""
        return answer_versioned(request, self._document(pk))

    @extend_schema(request=documents.HoursTerms, responses=documents.HoursOfPlacement)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Hours required of this placement, and the radius of its site."""
        placement = self.get_queryset().select_for_update(of=("self",)).get(id=pk)
        require_match(request, self._document(pk))
        stands = {
            "required_hours": placement.required_hours,
            "radius_m": placement.radius_m,
        }
        terms = stands | self.asked(documents.HoursTerms)
        set_placement_terms(actor=self.person, placement_id=pk, **terms)
        return answer_versioned(request, self._document(pk))

    def _document(self, pk: uuid.UUID) -> Any:
        placement = self.get_queryset().get(id=pk)
        days = days_of(placement=placement)
        found = _hours(placement, days, policy()) | {"weeks": by_week(days)}
        return documents.HoursOfPlacement(found).data


def _hours(placement: Placement, days: list[Attendance], rules: AttendancePolicy) -> dict[str, Any]:
    return {
        "placement": placement,
        "minutes_required": required_minutes(placement, rules),
        "totals": totals(days),
    }


class Certificates(Resource):
    """Hours certified, each with a code that anybody with the paper can have checked."""

    kind = "certificates"
    sends_files = ("pdf",)
    queryset = Certificate.objects.none()  # names the model; see get_queryset
    roles = {"*": may.FOLLOW_DAYS.roles}
    lookup_value_converter = "str"
    serializer_class = documents.CertificateDocument
    filterset_class = CertificateFilter
    pagination_class = None

    def get_queryset(self) -> QuerySet[Certificate]:
        seen = Placement.objects.filter(seen_by(self.person))
        return Certificate.objects.select_related("placement").filter(placement__in=seen)

    @extend_schema(responses=documents.CertificateDocument(many=True))
    def list(self, request: Request) -> Response:
        """The newest first; at most 500, so narrow by placement or day."""
        found = self.filter_queryset(self.get_queryset())[:500]
        return Response(documents.CertificateDocument(found, many=True).data)

    @extend_schema(parameters=[CODE])
    def retrieve(self, request: Request, pk: str) -> Response:
        """One, by its code."""
        return Response(documents.CertificateDocument(self.get_queryset().get(code=pk)).data)

    @extend_schema(parameters=[CODE], responses=PDF)
    @action(detail=True, methods=["get"])
    def pdf(self, request: Request, pk: str) -> HttpResponse:
        """The page to print, with the code on it."""
        # Not at the top: it brings fontTools, a second and 20 MB of every process.
        from portico.attendance.certificate_pdf import certificate_pdf

        found = self.get_queryset().select_related("placement").get(code=pk)
        host = request.get_host()
        body = certificate_pdf(found, found.placement, school=self.tenant, host=host)
        return pdf_answer(body, name=f"hours-{found.code}")

    @extend_schema(
        request=documents.CertificateRequest, responses={201: documents.CertificateDocument}
    )
    def create(self, request: Request) -> Response:
        """Certify what counts now; the same certificate again when nothing has changed."""
        asked = self.asked(documents.CertificateRequest)
        placement = seen_placement(person=self.person, placement_id=asked["placement"])
        made = make_certificate(actor=self.person, placement_id=placement.id)
        return Response(documents.CertificateDocument(made).data, status=201)

    @extend_schema(
        operation_id="certificates_verify",
        parameters=[documents.CodeQuery],
        responses=documents.CertificateDocument,
        filters=False,
    )
    @action(detail=False, methods=["get"])
    def verify(self, request: Request) -> Response:
        """Whose and how many hours a code of this school stands for; 404 when it holds nothing."""
        found = find_certificate(typed=self.asked_in_address(documents.CodeQuery)["code"])
        if found is None:
            raise NotFound
        return Response(documents.CertificateDocument(found).data)
