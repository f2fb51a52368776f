"""Adding a school: asked for here, made by a worker, as on the district's page."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from kombu.exceptions import OperationalError
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import Resource
from api.serializers import school_requests as documents
from portico.accounts import may
from portico.accounts.models import Person
from sharing.school_requests import check_facts, file_request, find_request
from sharing.tasks import make_requested_school
from tenants.errors import Refused

REQUEST = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class SchoolRequests(Resource):
    """Schools to be. What was made is among `schools`."""

    kind = "school-requests"
    queryset = Person.objects.none()  # names a model for the description
    hosts = ("region",)
    roles = {"*": may.KEEP_SCHOOLS.roles}
    serializer_class = documents.SchoolRequestDocument
    pagination_class = None

    @extend_schema(request=documents.SchoolTerms, responses={202: documents.SchoolRequestDocument})
    def create(self, request: Request) -> Response:
        """Ask for a school with its first coordinator, who is invited when it is there."""
        wanted = self.asked(documents.SchoolTerms)
        facts = {name: value for name, value in wanted.items() if name not in documents.COORDINATOR}
        region = self.tenant.schema_name
        check_facts(region=region, facts=facts)
        filed = file_request(region=region, wanted=wanted, inviter=self.person.full_name)
        try:
            make_requested_school.delay(region, filed.id)
        except OperationalError as unreachable:
            said = _("The worker cannot be reached. Please try again later.")
            raise Refused("worker_unreachable", said) from unreachable
        address = reverse("api-school-requests-detail", kwargs={"pk": uuid.UUID(filed.id)})
        return Response(
            documents.SchoolRequestDocument(filed).data, status=202, headers={"Location": address}
        )

    @extend_schema(parameters=[REQUEST], responses=documents.SchoolRequestDocument)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """How far it is. It is known for a day."""
        found = find_request(region=self.tenant.schema_name, request_id=pk)
        if found is None:
            raise NotFound
        return Response(documents.SchoolRequestDocument(found).data)
