"""Tokens of the district's services, made and revoked in a browser by its admins."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import Resource
from api.serializers import registry as documents
from portico.accounts import may
from portico.accounts.models import ApiToken
from sharing.services import live_service_tokens, make_service_token, revoke_service_token


class Services(Resource):
    """Tokens of programs that act as themselves, at the region or at one of its schools.

    At a school a service may what a coordinator may, at the region what a district admin may,
    within its token's scope. It goes on when whoever made it has left.
    """

    kind = "services"
    queryset = ApiToken.objects.none()  # names the model for the description
    hosts = ("region",)
    roles = {"*": may.KEEP_SERVICES.roles}
    browser_only = True
    serializer_class = documents.TokenDocument
    pagination_class = None

    @extend_schema(parameters=[documents.AtSchool], responses=documents.TokenDocument(many=True))
    def list(self, request: Request) -> Response:
        """Those that work, of the region or of one school."""
        found = live_service_tokens(**self.asked_in_address(documents.AtSchool))
        return Response(documents.TokenDocument(found, many=True).data)

    @extend_schema(request=documents.ServiceTerms, responses={201: documents.TokenMade})
    def create(self, request: Request) -> Response:
        """Make one; its secret is in this answer alone. It works at the address it is for."""
        asked = self.asked(documents.ServiceTerms)
        token, secret = make_service_token(actor=self.person, service=asked.pop("name"), **asked)
        token.secret = secret  # type: ignore[attr-defined]
        return Response(documents.TokenMade(token).data, status=201)

    @extend_schema(parameters=[documents.AtSchool], responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Revoke it: it stops working at once."""
        asked = self.asked_in_address(documents.AtSchool)
        revoke_service_token(actor=self.person, token_id=pk, **asked)
        return Response(status=204)
