"""A term at a glance: its placements with their health, and what it leaves behind."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from api.paging import MOST, SIZE
from api.serializers.catalog import TermDocument
from api.serializers.internships import StudentDocument
from api.serializers.listings import ORIGINS
from catalog.fields import Field
from portico.accounts.models import Person
from portico.internships.states import State
from portico.reports.health import Level
from portico.reports.term import COLUMNS

LEVELS = [(level.value, level.value) for level in Level]
BOARD = [(key, key) for key, _states in COLUMNS]


class TeacherDocument(serializers.ModelSerializer):
    name = serializers.CharField(source="full_name")

    class Meta:
        model = Person
        fields = ("id", "name")


class ReasonDocument(serializers.Serializer):
    level = serializers.ChoiceField(choices=LEVELS)
    text = serializers.CharField()


class HealthDocument(serializers.Serializer):
    level = serializers.ChoiceField(choices=LEVELS)
    reasons = ReasonDocument(many=True, help_text="The gravest first.")


class GlanceRow(serializers.Serializer):
    """One placement of the term; `health` while the student is at work, else null."""

    placement = serializers.UUIDField(source="placement.id")
    student = StudentDocument(source="placement.student")
    teacher = TeacherDocument(source="placement.student.teacher", allow_null=True)
    title = serializers.CharField(source="placement.title")
    site_name = serializers.CharField(source="placement.site_name")
    field = serializers.CharField(source="placement.field")
    origin_kind = serializers.CharField(source="placement.origin_kind")
    state = serializers.ChoiceField(choices=State.choices, source="placement.state")
    column = serializers.SerializerMethodField(help_text="Of the board.")
    starts_on = serializers.DateField(source="placement.starts_on", allow_null=True)
    ends_on = serializers.DateField(source="placement.ends_on", allow_null=True)
    health = HealthDocument(allow_null=True)

    @extend_schema_field(serializers.ChoiceField(choices=BOARD))
    def get_column(self, row: Any) -> str:
        return next(key for key, states in COLUMNS if row.placement.state in states)


class GlanceQuery(serializers.Serializer):
    words = serializers.CharField(required=False, max_length=100, allow_blank=True)
    state = serializers.ChoiceField(choices=State.choices, required=False)
    teacher = serializers.UUIDField(required=False)
    grade = serializers.IntegerField(required=False, min_value=6, max_value=12)
    field = serializers.ChoiceField(choices=Field.choices, required=False)
    origin = serializers.ChoiceField(choices=ORIGINS, required=False)
    health = serializers.ChoiceField(choices=LEVELS, required=False)
    cursor = serializers.CharField(
        required=False, allow_blank=True, help_text="`next_cursor` of the page before."
    )
    size = serializers.IntegerField(required=False, default=SIZE, min_value=1, max_value=MOST)


@extend_schema_serializer(many=False)  # it is the page, not a row of one
class GlanceDocument(serializers.Serializer):
    results = GlanceRow(many=True)
    next_cursor = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()
    levels = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many stand at each level of health."
    )


class LeftPlacement(serializers.Serializer):
    id = serializers.UUIDField()
    student = StudentDocument()
    title = serializers.CharField()
    site_name = serializers.CharField()


class LeftOffer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    site_name = serializers.CharField()
    taken = serializers.IntegerField()
    released = serializers.IntegerField()


@extend_schema_serializer(many=False)
class LeftoversDocument(serializers.Serializer):
    active = LeftPlacement(many=True, help_text="Still at work.")
    offers = LeftOffer(many=True, help_text="Still offered.")
    following = TermDocument(many=True, help_text="Terms that could come next.")


class RollOverTerms(serializers.Serializer):
    next_term = serializers.UUIDField(required=False, allow_null=True, default=None)
    complete = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        help_text="Placements that come to their end; the others go on.",
    )
    carry = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        help_text="Opportunities offered again in the next term; the others are archived.",
    )


class NamedRefusal(serializers.Serializer):
    name = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class RolledOverDocument(serializers.Serializer):
    completed = serializers.IntegerField()
    carried = serializers.IntegerField()
    archived = serializers.IntegerField()
    refused = NamedRefusal(many=True)
