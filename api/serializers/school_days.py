"""What a school expects of a day, its calendar, who is where."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.check_in import Question
from api.serializers.internships import StudentDocument


class PolicyDocument(serializers.Serializer):
    required_hours = serializers.IntegerField(min_value=1, max_value=2000)
    late_minutes = serializers.IntegerField(min_value=0, max_value=240)
    grace_minutes = serializers.IntegerField(min_value=0, max_value=240)
    radius_m = serializers.IntegerField(min_value=25, max_value=5000)
    questions = serializers.SerializerMethodField()

    @extend_schema_field(Question(many=True))
    def get_questions(self, policy: Any) -> list[dict[str, str]]:
        return list(policy.questions)


class PolicyTerms(PolicyDocument):
    questions = serializers.ListField(  # type: ignore[assignment]
        child=serializers.CharField(max_length=200, allow_blank=True),
        max_length=20,
        help_text="Asked at check-in. A question keeps its id while its words stay.",
    )


class HolidayDocument(serializers.Serializer):
    first = serializers.DateField(source="from")
    last = serializers.DateField(source="to")
    name = serializers.CharField()


class HolidayTerms(serializers.Serializer):
    first = serializers.DateField()
    last = serializers.DateField()
    name = serializers.CharField(max_length=80)


class HolidayNamed(serializers.Serializer):
    first = serializers.DateField()
    name = serializers.CharField(max_length=80)


# --- who is where -------------------------------------------------------------------------


class WhereaboutsRow(serializers.Serializer):
    placement = serializers.UUIDField(source="placement.id")
    student = StudentDocument(source="placement.student")
    site_name = serializers.CharField(source="placement.site_name")
    whereabouts = serializers.ChoiceField(
        choices=["missing", "expected", "here", "left", "estimated"]
    )
    expected_from = serializers.DateTimeField(source="expected.start", allow_null=True)
    expected_until = serializers.DateTimeField(source="expected.end", allow_null=True)
    day = serializers.UUIDField(source="day.id", allow_null=True)
    check_in_at = serializers.DateTimeField(source="day.check_in_at", allow_null=True)
    check_out_at = serializers.DateTimeField(source="day.check_out_at", allow_null=True)
    where_in = serializers.CharField(source="day.where_in", allow_null=True)
    pulse = serializers.IntegerField(source="day.pulse", allow_null=True)
    notes = serializers.ListField(child=serializers.CharField(), help_text="What was unusual.")


class SilentMentorDocument(serializers.Serializer):
    name = serializers.CharField(source="reach.name")
    email = serializers.CharField(source="reach.email")
    bounced = serializers.BooleanField(help_text="Else: no answer for two weeks.")
    waiting_days = serializers.IntegerField()


class TodayDocument(serializers.Serializer):
    at = serializers.DateTimeField()
    holiday = serializers.CharField(allow_null=True)
    missing = serializers.IntegerField()
    here = serializers.IntegerField()
    expected = serializers.IntegerField()
    left = serializers.IntegerField()
    rows = WhereaboutsRow(many=True, help_text="Missing ones first.")
    silent_mentors = SilentMentorDocument(many=True)
