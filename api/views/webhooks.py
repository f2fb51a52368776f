"""Subscriptions to events: a school's for coordinators, the region's, a partner's own."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import Resource
from api.serializers import webhooks as documents
from api.versions import answer_versioned, etag_of, require_match
from portico.accounts import may
from portico.webhooks import actions
from portico.webhooks.log import send_again, send_test
from portico.webhooks.models import Subscription
from portico.webhooks.rules import subscriptions_of


class Webhooks(Resource):
    """Addresses that are told of events as they happen. Signed by Standard Webhooks."""

    kind = "webhooks"
    hosts = ("school", "region")
    roles = {"*": may.KEEP_WEBHOOKS.roles}
    is_versioned = True
    serializer_class = documents.WebhookDocument
    queryset = Subscription.objects.none()  # names the model; see get_queryset

    def get_queryset(self) -> QuerySet[Subscription]:
        return subscriptions_of(self.person)

    def list(self, request: Request) -> Response:
        """The tenant's own, or your partner's."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(documents.WebhookDocument(page, many=True).data)

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One, with its ETag."""
        return answer_versioned(request, self._document(pk))

    @extend_schema(request=documents.WebhookTerms, responses={201: documents.WebhookMade})
    def create(self, request: Request) -> Response:
        """Subscribe. The secret is in this answer alone."""
        made, secret = actions.subscribe(actor=self.person, **self.asked(documents.WebhookTerms))
        return self._with_secret(made, secret, status=201)

    @extend_schema(request=documents.WebhookChange, responses=documents.WebhookDocument)
    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change what is named, switch it off or on."""
        found = self.get_queryset().select_for_update(of=("self",)).get(id=pk)
        require_match(request, documents.WebhookDocument(found).data)
        asked = documents.WebhookChange(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        actions.change_subscription(actor=self.person, subscription_id=pk, **asked.validated_data)
        return answer_versioned(request, self._document(pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Nothing is sent any more; the log goes with it."""
        actions.unsubscribe(actor=self.person, subscription_id=pk)
        return Response(status=204)

    @extend_schema(request=None, responses=documents.WebhookMade)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: uuid.UUID) -> Response:
        """A new secret, in this answer alone; the old one signs as well for 24 hours."""
        return self._with_secret(*actions.rotate_secret(actor=self.person, subscription_id=pk))

    @extend_schema(request=None, responses={202: documents.DeliveryDocument})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: uuid.UUID) -> Response:
        """Send an event of no meaning; the delivery says how it went, once it has gone."""
        sent = send_test(actor=self.person, subscription_id=pk)
        return Response(documents.DeliveryDocument(sent).data, status=202)

    @extend_schema(responses=documents.DeliveryDocument(many=True))
    @action(detail=True)
    def deliveries(self, request: Request, pk: uuid.UUID) -> Response:
        """What was sent in the last 30 days, newest first."""
        found = self.get_queryset().get(id=pk).deliveries.all()
        page = self.paginate_queryset(found)
        return self.get_paginated_response(documents.DeliveryDocument(page, many=True).data)

    @extend_schema(request=None, responses={202: documents.DeliveryDocument})
    @action(detail=True, methods=["post"], url_path="deliveries/<uuid:delivery>/resend")
    def resend(self, request: Request, pk: uuid.UUID, delivery: uuid.UUID) -> Response:
        """Send one again, with the webhook-id it had."""
        sent = send_again(actor=self.person, subscription_id=pk, delivery_id=delivery)
        return Response(documents.DeliveryDocument(sent).data, status=202)

    def _document(self, pk: uuid.UUID) -> Any:
        return documents.WebhookDocument(self.get_queryset().get(id=pk)).data

    def _with_secret(self, found: Subscription, secret: str, *, status: int = 200) -> Response:
        document = documents.WebhookDocument(found).data
        answer = {**document, "secret": secret}
        return Response(answer, status=status, headers={"ETag": etag_of(document)})
