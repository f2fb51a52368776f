"""What a phone sends and is told; what a student chooses for good."""

from typing import Any

from rest_framework import serializers

from api.serializers.attendance import DayGoal
from portico.attendance.actions import NewTap
from portico.attendance.location import read_location
from portico.attendance.models import Attendance, Flag, StudentChoice, Tap, Where


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
