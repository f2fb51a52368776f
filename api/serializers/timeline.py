"""What is said about a placement: goals, feedback, visits, evaluations and their forms."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.internships import StudentDocument
from portico.attendance.actions.evaluating import QUESTION_KINDS
from portico.attendance.models import TimelineEntry

QUESTIONS = [(kind, kind) for kind in QUESTION_KINDS]
VISITS = [(kind.value, kind.label) for kind in (TimelineEntry.Kind.VISIT, TimelineEntry.Kind.CALL)]


class EntryDocument(serializers.ModelSerializer):
    """`id` is null for a mentor's comment on a day: it is the day's (`days`)."""

    id = serializers.SerializerMethodField()

    class Meta:
        model = TimelineEntry
        fields = (
            "id", "placement", "kind", "voice", "author_name", "staff_only", "day", "text", "goal",
            "progress", "next_step", "next_on", "answered_at", "created_at",
        )  # fmt: skip

    def get_id(self, entry: TimelineEntry) -> uuid.UUID | None:
        return None if entry._state.adding else entry.id


class OfPlacement(serializers.Serializer):
    placement = serializers.UUIDField(help_text="Whose.")


class Feedback(serializers.Serializer):
    placement = serializers.UUIDField()
    text = serializers.CharField(max_length=4000)
    staff_only = serializers.BooleanField(
        required=False, default=False, help_text="Never shown to the student; staff's alone."
    )


class GoalDocument(serializers.Serializer):
    number = serializers.IntegerField(help_text="From 0.")
    text = serializers.CharField()
    quarters = serializers.IntegerField(help_text="How far it has come: 0 to 4.")
    said_by = serializers.CharField(source="last.author_name", allow_null=True)
    said_on = serializers.DateField(source="last.day", allow_null=True)
    shown_by = serializers.CharField(source="last.text", allow_null=True)


class Progress(serializers.Serializer):
    placement = serializers.UUIDField()
    goal = serializers.IntegerField(min_value=0, max_value=99)
    progress = serializers.IntegerField(min_value=0, max_value=4)
    text = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)


class VisitDocument(serializers.ModelSerializer):
    student = StudentDocument(source="placement.student")
    site_name = serializers.CharField(source="placement.site_name")

    class Meta:
        model = TimelineEntry
        fields = (
            "id", "placement", "student", "site_name", "kind", "author_name", "day", "text",
            "next_step", "next_on", "created_at",
        )  # fmt: skip


class Visit(serializers.Serializer):
    placement = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=VISITS)
    day = serializers.DateField()
    text = serializers.CharField(max_length=4000)
    next_step = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    next_on = serializers.DateField(required=False, allow_null=True, default=None)


class FormQuestion(serializers.Serializer):
    id = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(
        choices=QUESTIONS, help_text="scale: 1 to 5; competency: 1 to 4; text: words."
    )
    text = serializers.CharField(max_length=300)


class FormDocument(serializers.Serializer):
    """A form of the school. Evaluations asked for before keep the questions they had."""

    id = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=80)
    questions = FormQuestion(many=True)

    def validate_questions(self, questions: list[dict[str, Any]]) -> list[tuple[str, str]]:
        return [(one["kind"], one["text"]) for one in questions]


class AnsweredQuestion(FormQuestion):
    answer = serializers.CharField(allow_null=True)


class EvaluationDocument(serializers.ModelSerializer):
    """An evaluation asked of the mentor, with its questions as they were asked."""

    student = StudentDocument(source="placement.student")
    name = serializers.CharField(source="form.name")
    questions = serializers.SerializerMethodField()

    class Meta:
        model = TimelineEntry
        fields = (
            "id", "placement", "student", "name", "author_name", "day", "answered_at",
            "questions", "created_at",
        )  # fmt: skip

    @extend_schema_field(AnsweredQuestion(many=True))
    def get_questions(self, entry: TimelineEntry) -> list[dict[str, Any]]:
        given = {name: str(answer) for name, answer in entry.answers.items()}
        return [{**one, "answer": given.get(one["id"])} for one in entry.form["questions"]]


class EvaluationRequest(serializers.Serializer):
    placement = serializers.UUIDField()
    form = serializers.CharField(max_length=20)
