"""What a district and a school keep of themselves: partners and their staff, settings."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import Resource
from api.serializers import keeping as documents
from api.versions import answer_versioned, require_match
from portico.accounts import may
from portico.internships.actions.school import change_school_settings
from sharing.models import Partner
from sharing.partners import invite_partner_staff, save_partner, set_staff_active, staff_of
from tenants.queries import tenant_by_schema


class PartnersKept(Resource):
    """The partners of the region, for its district admins. Everybody reads the list."""

    kind = "partners"
    queryset = Partner.objects.all()
    hosts = ("region",)
    roles = {"*": may.KEEP_PARTNERS.roles}
    is_versioned = True
    serializer_class = documents.PartnerFacts
    pagination_class = None

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One, with its ETag."""
        return answer_versioned(request, self._document(pk))

    @extend_schema(responses={201: documents.PartnerFacts})
    def create(self, request: Request) -> Response:
        """Add one; then invite somebody of theirs."""
        partner = Partner(**self.asked(documents.PartnerFacts))
        made = save_partner(actor=self.person, partner=partner)
        return answer_versioned(request, self._document(made.id), status=201)

    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change what is named; a new name is at once the label of all postings."""
        partner = self.get_queryset().select_for_update().get(id=pk)
        require_match(request, self._document(pk))
        asked = documents.PartnerFacts(partner, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        for name, value in asked.validated_data.items():
            setattr(partner, name, value)
        save_partner(actor=self.person, partner=partner)
        return answer_versioned(request, self._document(pk))

    @extend_schema(responses=documents.StaffDocument(many=True))
    def staff(self, request: Request, pk: uuid.UUID) -> Response:
        """Who has an account for it, closed ones too."""
        partner = self.get_queryset().get(id=pk)
        return Response(self._staff(partner))

    @extend_schema(request=documents.StaffTerms, responses={201: documents.StaffDocument})
    def invite(self, request: Request, pk: uuid.UUID) -> Response:
        """Give somebody an account and send the invitation."""
        partner = self.get_queryset().get(id=pk)
        person = invite_partner_staff(
            actor=self.person,
            partner_id=partner.id,
            region_name=self.tenant.name,
            **self.asked(documents.StaffTerms),
        )
        return Response(documents.StaffDocument(person).data, status=201)

    @extend_schema(request=documents.StaffActive, responses=documents.StaffDocument)
    def set_active(self, request: Request, pk: uuid.UUID) -> Response:
        """Close an account of its staff, or open it again."""
        partner = self.get_queryset().get(id=pk)
        asked = self.asked(documents.StaffActive)
        staff = staff_of(partner_id=partner.id).get(id=asked["person"])
        person = set_staff_active(actor=self.person, person_id=staff.id, active=asked["active"])
        return Response(documents.StaffDocument(person).data)

    def _staff(self, partner: Partner) -> Any:
        found: QuerySet[Any] = staff_of(partner_id=partner.id)
        return documents.StaffDocument(found, many=True).data

    def _document(self, pk: uuid.UUID) -> Any:
        return documents.PartnerFacts(self.get_queryset().get(id=pk)).data


class SchoolSettings(Resource):
    """What the school sets for itself: days to pursue, color, name on the badge, language."""

    kind = "settings"
    roles = {"*": may.SET_UP.roles}
    is_versioned = True
    serializer_class = documents.SettingsDocument
    pagination_class = None

    @extend_schema(responses=documents.SettingsDocument)
    def retrieve(self, request: Request) -> Response:
        """As they stand, with their ETag."""
        return answer_versioned(request, self._document())

    @extend_schema(request=documents.SettingsDocument, responses=documents.SettingsDocument)
    def partial_update(self, request: Request) -> Response:
        """Change what is named."""
        stands = self._document()
        require_match(request, stands)
        asked = documents.SettingsDocument(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        change_school_settings(actor=self.person, **(dict(stands) | asked.validated_data))
        return answer_versioned(request, self._document())

    def _document(self) -> Any:
        school = tenant_by_schema(self.tenant.schema_name)
        return documents.SettingsDocument(school).data
