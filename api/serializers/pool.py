"""Releases, questions between schools, partners and their postings, the region's pool."""

from typing import Any, ClassVar

from rest_framework import serializers

from api.serializers.catalog import OFFER_FIELDS
from sharing.models import MentorContact, OwnerQuestion, OwnListing, Partner, PoolListing, Synonym
from tenants.names import SEPARATOR, school_schema


class SchoolCodes(serializers.ListField):
    """Schools by code; null means all. In the database they are schemas of the region."""

    child = serializers.CharField(max_length=28)

    def to_representation(self, data: Any) -> list[str]:
        return [str(schema).partition(SEPARATOR)[2] for schema in data]

    def to_internal_value(self, data: Any) -> list[str]:
        codes = super().to_internal_value(data)
        known = self.context["school_codes"]
        if unknown := sorted(set(codes) - known):
            raise serializers.ValidationError(f"No such school: {', '.join(unknown)}.")
        return [school_schema(region=self.context["region"], school=code) for code in codes]


class ReleaseDocument(serializers.ModelSerializer):
    """An own release: how many slots are in use, never by whom."""

    opportunity = serializers.UUIDField(source="opportunity_id")

    class Meta:
        model = OwnListing
        fields = (
            "id", "opportunity", "title", "site_name", "slots", "taken", "ask_owner",
            "visible_from", "state", "published_at",
        )  # fmt: skip


class QuestionDocument(serializers.ModelSerializer):
    """“May a student of ours take your slot?” Grade and interest, no name."""

    listing = serializers.UUIDField(source="listing_id")

    class Meta:
        model = OwnerQuestion
        fields = (
            "id", "listing", "school_name", "grade", "interest", "state", "reason", "created_at",
            "decided_at",
        )  # fmt: skip


class QuestionAnswer(serializers.Serializer):
    agreed = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class PartnerDocument(serializers.ModelSerializer):
    class Meta:
        model = Partner
        fields = ("id", "name", "about", "website")


class PoolDocument(serializers.ModelSerializer):
    """A listing of the pool with its label; who holds its slots is the schools' own."""

    schools = SchoolCodes(allow_null=True)

    class Meta:
        model = PoolListing
        fields = (
            "id", "origin_kind", "origin_name", "state", "slots", "taken", "ask_owner",
            "visible_from", "schools", "site_name", "neighborhood", *OFFER_FIELDS, "latitude",
            "longitude", "published_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class ContactDetails(serializers.ModelSerializer):
    class Meta:
        model = MentorContact
        fields = ("name", "title", "email", "phone", "site_address", "language")


class PostingDocument(serializers.ModelSerializer):
    """A partner's own posting, mentor's contact included."""

    schools = SchoolCodes(allow_null=True, required=False)
    contact = ContactDetails()

    class Meta:
        model = PoolListing
        fields = (
            "id", "state", "slots", "schools", "visible_from", "site_name", "neighborhood",
            *OFFER_FIELDS, "latitude", "longitude", "contact", "taken", "published_at",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = ("taken", "published_at", "created_at", "updated_at")


class SynonymDocument(serializers.ModelSerializer):
    """A word, and what it means in this region; without meanings a general one is off."""

    class Meta:
        model = Synonym
        fields = ("id", "word", "means")
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "word": {"validators": []}
        }  # the action says what is taken
