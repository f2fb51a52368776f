"""Who I am, which schools there are, and the tokens of programs."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import EVERYONE, Resource
from api.serializers import registry as documents
from portico.accounts.models import ApiToken
from portico.accounts.tokens import live_tokens, make_token, revoke_token
from tenants.models import School
from tenants.names import region_of
from tenants.queries import schools_of


class Me(Resource):
    """The person a session or token stands for, and the tenant of this address."""

    kind = "me"
    hosts = ("school", "region")
    roles = {"*": EVERYONE}
    serializer_class = documents.MeDocument
    pagination_class = None

    @extend_schema(responses=documents.MeDocument)
    def retrieve(self, request: Request) -> Response:
        """Who asks, and where."""
        return Response(documents.me_document(person=self.person, tenant=self.tenant))


class Schools(Resource):
    """The schools of the region. What is theirs stays at their own addresses."""

    kind = "schools"
    queryset = School.objects.none()  # names the model for the description
    hosts = ("school", "region")
    roles = {"*": EVERYONE}
    serializer_class = documents.SchoolDocument
    pagination_class = None

    @extend_schema(responses=documents.SchoolDocument(many=True))
    def list(self, request: Request) -> Response:
        """All of them, by name."""
        schema = self.tenant.schema_name
        found = schools_of(region=region_of(schema) or schema)
        return Response(documents.SchoolDocument(found, many=True).data)


class Tokens(Resource):
    """A person's tokens. Made and revoked in a browser; those of services are `services`."""

    kind = "tokens"
    hosts = ("school", "region")
    roles = {"*": EVERYONE}
    browser_only = True
    serializer_class = documents.TokenDocument
    queryset = ApiToken.objects.none()

    def list(self, request: Request) -> Response:
        """Those that work, with their last use. The secret is never shown again."""
        page = self.paginate_queryset(live_tokens(person=self.person))
        return self.get_paginated_response(documents.TokenDocument(page, many=True).data)

    @extend_schema(request=documents.TokenTerms, responses={201: documents.TokenMade})
    def create(self, request: Request) -> Response:
        """Make a token; its secret is in this answer alone."""
        asked = documents.TokenTerms(data=request.data)
        asked.is_valid(raise_exception=True)
        token, secret = make_token(person=self.person, **asked.validated_data)
        token.secret = secret  # type: ignore[attr-defined]
        return Response(documents.TokenMade(token).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Revoke it: it stops working at once."""
        revoke_token(person=self.person, token_id=pk)
        return Response(status=204)
