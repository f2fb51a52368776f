"""A school that is asked for, and how far it is."""

from typing import Any, ClassVar

from rest_framework import serializers

from sharing.school_requests import DONE, FAILED, WAITING, WORKING
from tenants.models import School

COORDINATOR = ("coordinator_given_name", "coordinator_family_name", "coordinator_email")


class SchoolTerms(serializers.ModelSerializer):
    """A new school and its first coordinator."""

    color = serializers.RegexField(r"^#[0-9a-f]{6}$", default="#0f5c56")
    grade_min = serializers.IntegerField(
        min_value=0, max_value=13, required=False, allow_null=True, default=None
    )
    grade_max = serializers.IntegerField(
        min_value=0, max_value=13, required=False, allow_null=True, default=None
    )
    coordinator_given_name = serializers.CharField(max_length=80)
    coordinator_family_name = serializers.CharField(max_length=80)
    coordinator_email = serializers.EmailField(max_length=254)

    class Meta:
        model = School
        fields = (
            "name", "code", "short_name", "external_id", "color", "address", "city", "zip_code",
            "latitude", "longitude", "grade_min", "grade_max", "student_count", *COORDINATOR,
        )  # fmt: skip
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "code": {
                "validators": [],  # check_facts says what is wrong with it
                "help_text": "Part of the school's address, for good: letters, digits, hyphens.",
            },
        }


class SchoolRequestDocument(serializers.Serializer):
    """`refused` names the fields the worker said no to; `steps` what it has done so far."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=[WAITING, WORKING, DONE, FAILED])
    steps = serializers.ListField(child=serializers.CharField())
    refused = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), source="errors"
    )
