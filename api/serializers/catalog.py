"""Sites, mentors, opportunities, terms, wishes, suggestions."""

from rest_framework import serializers

from catalog.models import Mentor, Opportunity, Site, Suggestion, Term, WishlistItem

OFFER_FIELDS = (
    "title", "description", "field", "skills", "days", "start_time", "end_time", "starts_on",
    "ends_on", "pay", "hourly_rate", "pay_note", "grades", "requirements", "remote",
)  # fmt: skip


class SiteDocument(serializers.ModelSerializer):
    class Meta:
        model = Site
        fields = (
            "id", "name", "sector", "address", "neighborhood", "city", "zip_code", "latitude",
            "longitude", "website", "notes", "created_at",
        )  # fmt: skip
        read_only_fields = ("created_at",)


class MentorDocument(serializers.ModelSerializer):
    class Meta:
        model = Mentor
        fields = ("id", "site", "name", "title", "email", "phone", "language", "is_active")


class OpportunityDocument(serializers.ModelSerializer):
    """Name and place come from the site. `taken` are own students', `released` the pool's."""

    class Meta:
        model = Opportunity
        fields = (
            "id", "site", "mentor", "term", "capacity", *OFFER_FIELDS, "state", "released",
            "taken", "site_name", "neighborhood", "latitude", "longitude", "published_at",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = (
            "state", "released", "taken", "site_name", "neighborhood", "latitude", "longitude",
            "published_at", "created_at", "updated_at",
        )  # fmt: skip


class ReleaseTerms(serializers.Serializer):
    slots = serializers.IntegerField(min_value=1, max_value=500, help_text="More slots to release.")
    visible_from = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="Our students first until."
    )
    ask_owner = serializers.BooleanField(
        required=False, default=False, help_text="Ask us before a student is approved."
    )


class ReleaseUnwantedTerms(serializers.Serializer):
    opportunities = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=200, help_text="All free slots of."
    )
    visible_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    ask_owner = serializers.BooleanField(required=False, default=False)


class ReleasedUnwanted(serializers.Serializer):
    opportunity = serializers.UUIDField()
    slots = serializers.IntegerField(help_text="Released.")
    code = serializers.CharField(help_text="Why not; empty: done.")
    detail = serializers.CharField()


class Released(serializers.Serializer):
    listing = serializers.UUIDField(help_text="Its id in the pool.")
    opportunity = OpportunityDocument()


class RecallTerms(serializers.Serializer):
    slots = serializers.IntegerField(
        min_value=1, max_value=500, required=False, help_text="All that nobody holds, if left out."
    )


class Recalled(serializers.Serializer):
    came_back = serializers.IntegerField()
    still_held = serializers.IntegerField()
    opportunity = OpportunityDocument()


class TermDocument(serializers.ModelSerializer):
    class Meta:
        model = Term
        fields = ("id", "name", "starts_on", "ends_on", "archived_at")
        read_only_fields = ("archived_at",)


class WishDocument(serializers.ModelSerializer):
    class Meta:
        model = WishlistItem
        fields = ("id", "field", "job", "created_at")
        read_only_fields = ("created_at",)


class SuggestionDocument(serializers.ModelSerializer):
    student_name = serializers.CharField(source="student.full_name", read_only=True)

    class Meta:
        model = Suggestion
        fields = (
            "id", "site_name", "address", "contact", "field", "reason", "state", "answer", "site",
            "student", "student_name", "created_at",
        )  # fmt: skip
        read_only_fields = ("state", "answer", "site", "student", "created_at")


class Answer(serializers.Serializer):
    answer = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class AnswerRequired(serializers.Serializer):
    answer = serializers.CharField(max_length=500)
