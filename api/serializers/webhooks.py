"""Subscriptions to events, and the log of what was sent."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portico.webhooks.delivery import body_of
from portico.webhooks.events import EVENTS
from portico.webhooks.models import Delivery, Subscription

KINDS = [(event.kind, event.kind) for event in EVENTS]


class WebhookTerms(serializers.Serializer):
    """What a subscription is made of. Schools and regions have different events."""

    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=500, help_text="Begins with https://.")
    events = serializers.ListField(child=serializers.ChoiceField(choices=KINDS), min_length=1)
    names_students = serializers.BooleanField(
        required=False, default=False, help_text="A school's only: with students' names."
    )


class WebhookChange(WebhookTerms):
    is_on = serializers.BooleanField(help_text="On again, one that had failed begins afresh.")


class WebhookDocument(serializers.ModelSerializer):
    events = serializers.ListField(child=serializers.ChoiceField(choices=KINDS))
    is_on = serializers.BooleanField()
    off = serializers.ChoiceField(choices=Subscription.Off.choices, help_text="Why it is off.")

    class Meta:
        model = Subscription
        fields = (
            "id", "name", "url", "events", "names_students", "is_on", "off", "failing_since",
            "old_secret_until", "created_at",
        )  # fmt: skip


class WebhookMade(WebhookDocument):
    secret = serializers.CharField(help_text="Shown this once: verify signatures with it.")

    class Meta(WebhookDocument.Meta):
        fields = (*WebhookDocument.Meta.fields, "secret")  # type: ignore[assignment]


class DeliveryDocument(serializers.ModelSerializer):
    """One event for one subscription. `id` is the webhook-id of every attempt."""

    body = serializers.SerializerMethodField(help_text="What is sent.")

    class Meta:
        model = Delivery
        fields = (
            "id", "event", "happened_at", "state", "attempts", "tried_at", "next_attempt_at",
            "status", "answer", "fault", "body",
        )  # fmt: skip

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_body(self, delivery: Delivery) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(body_of(delivery))
        return body
