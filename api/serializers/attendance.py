"""Days at the internship, taps, hours, certificates, and what the school expects."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.internships import StudentDocument
from portico.attendance.actions import NewTap
from portico.attendance.hours import Standing, counts, interval, minutes, standing
from portico.attendance.location import read_location
from portico.attendance.models import Attendance, Certificate, Flag, StudentChoice, Tap, Where
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


# --- what a phone sends -------------------------------------------------------------------


class Position(serializers.Serializer):
    """Compared with the site and forgotten. Without a position, `status` says why."""

    status = serializers.ChoiceField(
        choices=["ok", "refused", "poor", "off", "unavailable"], default="unavailable"
    )
    latitude = serializers.FloatField(required=False, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, min_value=-180, max_value=180)
    accuracy = serializers.FloatField(required=False, min_value=0, help_text="Meters.")


def _words(longest: int) -> Any:
    return serializers.CharField(max_length=longest, required=False, default="", allow_blank=True)


class TapTerms(serializers.Serializer):
    """One tap: `in`, `out`, or `confirm_estimate` of a day whose check-out was forgotten."""

    key = serializers.UUIDField(help_text="Made by the phone. Sent again, it finds its answer.")
    placement = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Tap.Kind.choices)
    client_time = serializers.DateTimeField(required=False, allow_null=True, default=None)
    skew_ms = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=-(2**62),
        max_value=2**62,
        help_text="The server's clock less the phone's, as the phone measured it.",
    )
    elapsed_ms = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=-(2**62),
        max_value=2**62,
        help_text="Since the tap, by a clock nobody sets.",
    )
    goals = serializers.ListField(
        child=serializers.CharField(max_length=300), required=False, default=list, max_length=3
    )
    done = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=99),
        required=False,
        default=list,
        help_text="Which of the day's goals, from 0.",
    )
    answers = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True),
        required=False,
        default=dict,
        help_text="To the school's questions, by their id.",
    )
    reflection = _words(1000)
    pulse = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=5
    )
    worry = _words(1000)
    location = Position(required=False)
    attendance = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The day of an estimate."
    )
    end = serializers.TimeField(
        required=False, allow_null=True, default=None, help_text="When it ended; null: as said."
    )

    def tap(self) -> NewTap:
        """What was sent, for the action."""
        facts = dict(self.validated_data)
        fix, status = read_location(facts.pop("location", None))
        confirms = facts["kind"] == Tap.Kind.CONFIRM
        attendance, end = facts.pop("attendance"), facts.pop("end")
        return NewTap(
            placement_id=facts.pop("placement"),
            goals=tuple(facts.pop("goals")),
            done=tuple(facts.pop("done")),
            fix=fix,
            location_status=status,
            attendance_id=attendance if confirms else None,
            end=end if confirms else None,
            **facts,
        )


class PhoneDay(serializers.Serializer):
    id = serializers.UUIDField()
    day = serializers.DateField()
    state = serializers.ChoiceField(choices=Attendance.State.choices)
    checked_in_at = serializers.DateTimeField(allow_null=True)
    checked_out_at = serializers.DateTimeField(allow_null=True)
    goals = DayGoal(many=True)
    flags = serializers.ListField(child=serializers.ChoiceField(choices=Flag.choices))
    where = serializers.ChoiceField(choices=Where.choices)


class TapAnswer(serializers.Serializer):
    attendance = PhoneDay()
    says = serializers.CharField(help_text="What to tell the student, in their language.")


class Today(serializers.Serializer):
    expected = serializers.BooleanField()
    start = serializers.CharField(allow_null=True)
    end = serializers.CharField(allow_null=True)


class Question(serializers.Serializer):
    id = serializers.CharField()
    text = serializers.CharField()


class Estimate(serializers.Serializer):
    attendance = serializers.UUIDField()
    day = serializers.DateField()
    start = serializers.CharField(allow_null=True)
    end = serializers.CharField(allow_null=True)


class PhonePlacement(serializers.Serializer):
    """What a check-in page shows of one internship; times of day are the school's."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    site = serializers.CharField()
    today = Today()
    attendance = PhoneDay(allow_null=True)
    unfinished_goals = serializers.ListField(child=serializers.CharField())
    questions = Question(many=True)
    to_confirm = Estimate(many=True)


class PhoneState(serializers.Serializer):
    now = serializers.DateTimeField(help_text="The server's clock.")
    location_allowed = serializers.BooleanField()
    placements = PhonePlacement(many=True)


class ChoiceDocument(serializers.ModelSerializer):
    """Whether check-in may read the phone's position; and whether there is a calendar's link."""

    has_calendar_link = serializers.SerializerMethodField()

    class Meta:
        model = StudentChoice
        fields = ("share_location", "has_calendar_link")
        extra_kwargs = {"share_location": {"required": True}}

    def get_has_calendar_link(self, choice: StudentChoice) -> bool:
        return choice.calendar_hash is not None


class CalendarLink(serializers.Serializer):
    address = serializers.URLField(help_text="A feed (ICS). Shown this once: it is a secret.")


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


# --- what the school expects --------------------------------------------------------------


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
