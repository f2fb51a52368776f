"""Placements and what is done with them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.offers import Weekday
from portico.accounts.models import Person
from portico.internships.models import Placement
from portico.internships.queries import Contact
from portico.internships.rules import stands_for
from portico.internships.states import actions_from


class StudentDocument(serializers.ModelSerializer):
    name = serializers.CharField(source="full_name")

    class Meta:
        model = Person
        fields = ("id", "name", "grade")


class ContactDocument(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField()
    language = serializers.CharField()


class PlacementDocument(serializers.ModelSerializer):
    """`state` is as the clock has it. `actions` is what you may do now."""

    student = StudentDocument()
    listing = serializers.UUIDField(source="offer_id", help_text="What was requested.")
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Placement
        fields = (
            "id", "student", "listing", "title", "site_name", "field", "origin_kind",
            "origin_name", "state", "message", "reason", "requested_at", "decided_at", "deadline",
            "start_requested_at", "starts_on", "ends_on", "days", "start_time", "end_time",
            "goals", "started_at", "ended_at", "actions",
        )  # fmt: skip

    def get_actions(self, placement: Placement) -> list[str]:
        roles = stands_for(self.context["person"], placement)
        return actions_from(placement.state, roles=roles)


class PlacementWithContact(PlacementDocument):
    contact = serializers.SerializerMethodField()

    class Meta(PlacementDocument.Meta):
        fields = (*PlacementDocument.Meta.fields, "contact")  # type: ignore[assignment]

    @extend_schema_field(ContactDocument(allow_null=True))
    def get_contact(self, placement: Placement) -> dict[str, Any] | None:
        contact: Contact | None = self.context["contact"]
        return dict(ContactDocument(contact).data) if contact else None


class PlacementRequest(serializers.Serializer):
    listing = serializers.UUIDField()
    message = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class Reason(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class ReasonIfAny(serializers.Serializer):
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class MoreDays(serializers.Serializer):
    days = serializers.IntegerField(min_value=1, max_value=60)


class StartTerms(serializers.Serializer):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    days: Any = serializers.ListField(
        child=serializers.ChoiceField(choices=Weekday.choices), min_length=1, max_length=7
    )
    start_time = serializers.TimeField()
    end_time = serializers.TimeField()
    goals = serializers.ListField(
        child=serializers.CharField(max_length=300), min_length=1, max_length=6
    )


class Despite(serializers.Serializer):
    despite = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="Coordinators: why it may start though a document is missing.",
    )
