"""Days at the internship, hours, certificates."""

from datetime import datetime

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.internships import StudentDocument
from portico.attendance.hours import Standing, counts, interval, minutes, standing
from portico.attendance.models import Attendance, Certificate, Flag
from portico.attendance.rules import may_read_worries

STANDINGS = [(one.value, one.value) for one in Standing]


def _moment(value: datetime | None) -> str | None:
    return serializers.DateTimeField().to_representation(value) if value else None


class DayGoal(serializers.Serializer):
    text = serializers.CharField()
    done = serializers.BooleanField()


class DayDocument(serializers.ModelSerializer):
    """One day: what was tapped, what the mentor said, and what counts of it.

    Where the phone was is a verdict and a rounded distance in meters, never a position.
    `worry` is read by coordinators alone, null for everybody else.
    """

    student = StudentDocument(source="placement.student")
    site_name = serializers.CharField(source="placement.site_name")
    flags = serializers.ListField(child=serializers.ChoiceField(choices=Flag.choices))
    goals = DayGoal(many=True)
    answers = serializers.DictField(child=serializers.CharField())
    worry = serializers.SerializerMethodField()
    starts_at = serializers.SerializerMethodField(help_text="As corrected, else as tapped.")
    ends_at = serializers.SerializerMethodField()
    minutes = serializers.SerializerMethodField()
    standing = serializers.SerializerMethodField(help_text="How far the hours can be trusted.")
    counts = serializers.SerializerMethodField(help_text="Towards the hours required.")

    class Meta:
        model = Attendance
        fields = (
            "id", "placement", "student", "site_name", "day", "state", "scheduled_start",
            "scheduled_end", "check_in_at", "check_in_source", "check_out_at", "check_out_source",
            "starts_at", "ends_at", "minutes", "standing", "counts", "flags", "where_in",
            "distance_in", "where_out", "distance_out", "goals", "answers", "reflection", "pulse",
            "worry", "worry_seen_at", "mentor_state", "mentor_comment", "mentor_answered_at",
            "corrected_by", "correction_reason", "created_at",
        )  # fmt: skip

    def get_worry(self, day: Attendance) -> str | None:
        return day.worry if may_read_worries(self.context["person"]) else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_starts_at(self, day: Attendance) -> str | None:
        return _moment(interval(day)[0])

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_ends_at(self, day: Attendance) -> str | None:
        return _moment(interval(day)[1])

    def get_minutes(self, day: Attendance) -> int:
        return minutes(day)

    @extend_schema_field(serializers.ChoiceField(choices=STANDINGS))
    def get_standing(self, day: Attendance) -> str:
        return standing(day)

    def get_counts(self, day: Attendance) -> bool:
        return counts(day)


class Times(serializers.Serializer):
    """From when until when, by the school's clock; past midnight when the end is before."""

    start = serializers.TimeField()
    end = serializers.TimeField()
    reason = serializers.CharField(max_length=500, help_text="The student reads it.")


class DayEntry(Times):
    placement = serializers.UUIDField()
    day = serializers.DateField()


# --- hours --------------------------------------------------------------------------------


class Sums(serializers.Serializer):
    """Minutes by how far they can be trusted. Estimated and disputed ones never count."""

    counted = serializers.IntegerField()
    confirmed = serializers.IntegerField()
    staff = serializers.IntegerField(help_text="Entered or corrected by the school.")
    unconfirmed = serializers.IntegerField()
    estimated = serializers.IntegerField()
    disputed = serializers.IntegerField()
    days = serializers.IntegerField(help_text="That count.")


class WeekDocument(serializers.Serializer):
    monday = serializers.DateField()
    totals = Sums()
    counted_so_far = serializers.IntegerField(help_text="Minutes, by the end of the week.")


class HoursDocument(serializers.Serializer):
    """A placement's hours, in minutes."""

    placement = serializers.UUIDField(source="placement.id")
    student = StudentDocument(source="placement.student")
    title = serializers.CharField(source="placement.title")
    site_name = serializers.CharField(source="placement.site_name")
    minutes_required = serializers.IntegerField()
    totals = Sums()


class HoursOfPlacement(HoursDocument):
    required_hours = serializers.IntegerField(
        source="placement.required_hours", allow_null=True, help_text="Null: as the school has it."
    )
    radius_m = serializers.IntegerField(
        source="placement.radius_m", allow_null=True, help_text="Null: as the school has it."
    )
    weeks = WeekDocument(many=True)


class HoursTerms(serializers.Serializer):
    required_hours = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2000
    )
    radius_m = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=25,
        max_value=5000,
        help_text="Of the site: for all placements there.",
    )


class CertificateRequest(serializers.Serializer):
    placement = serializers.UUIDField()


class CertificateDocument(serializers.ModelSerializer):
    """Hours as they stood when the certificate was made."""

    title = serializers.CharField(source="placement.title")
    site_name = serializers.CharField(source="placement.site_name")

    class Meta:
        model = Certificate
        fields = (
            "code", "placement", "student_name", "title", "site_name", "minutes", "days",
            "first_day", "last_day", "issued_at",
        )  # fmt: skip


class CodeQuery(serializers.Serializer):
    code = serializers.CharField(max_length=40, help_text="As typed from the paper.")
