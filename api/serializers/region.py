"""The region in numbers: from rollups, never a person. Null: too few to show."""

from rest_framework import serializers

from api.serializers.registry import SchoolDocument
from catalog.fields import Field


class SchoolRef(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class SchoolNumbersDocument(serializers.Serializer):
    """One school as a whole; `placed` of its students have ever begun an internship."""

    school = SchoolRef()
    sites = serializers.IntegerField()
    opportunities = serializers.IntegerField()
    open_slots = serializers.IntegerField()
    released = serializers.IntegerField()
    placed = serializers.IntegerField(allow_null=True)
    students = serializers.IntegerField(allow_null=True)


class PoolNumbersDocument(serializers.Serializer):
    total = serializers.IntegerField(help_text="Slots.")
    in_use = serializers.IntegerField()
    free = serializers.IntegerField()
    listings = serializers.IntegerField(help_text="Open ones.")


class FieldNumbersDocument(serializers.Serializer):
    field = serializers.ChoiceField(choices=Field.choices)
    opportunities = serializers.IntegerField()
    open_slots = serializers.IntegerField()
    wishing = serializers.IntegerField(allow_null=True, help_text="Students.")
    missed = serializers.IntegerField(help_text="Searches that found nothing.")
    started = serializers.IntegerField(allow_null=True, help_text="Internships begun.")


class HappenedDocument(serializers.Serializer):
    key = serializers.CharField(help_text="A week's Monday, or a half-year: 2026-2.")
    requested = serializers.IntegerField(allow_null=True)
    started = serializers.IntegerField(allow_null=True)


class OverviewDocument(serializers.Serializer):
    """The region at a glance, by the thresholds of the page."""

    smallest_group = serializers.IntegerField(help_text="Smaller counts of students are hidden.")
    schools = serializers.IntegerField()
    opportunities = serializers.IntegerField()
    open_slots = serializers.IntegerField()
    released = serializers.IntegerField()
    interning = serializers.IntegerField(allow_null=True)
    placed = serializers.IntegerField(allow_null=True, help_text="Students, ever.")
    students = serializers.IntegerField(allow_null=True)
    pool = PoolNumbersDocument()
    field_rows = FieldNumbersDocument(many=True)
    by_school = SchoolNumbersDocument(many=True)
    in_need = SchoolNumbersDocument(many=True, help_text="Most students waiting first.")
    weeks = HappenedDocument(many=True)
    terms = HappenedDocument(many=True)


class FieldOfSchool(serializers.Serializer):
    field = serializers.ChoiceField(choices=Field.choices)
    opportunities = serializers.IntegerField()
    started = serializers.IntegerField(allow_null=True)


class SchoolDetail(SchoolDocument):
    """One school's facts and numbers; `numbers` null until it has been counted."""

    numbers = SchoolNumbersDocument(allow_null=True)
    field_rows = FieldOfSchool(many=True)
    pool = PoolNumbersDocument(help_text="What it released.")
    uses = serializers.IntegerField(help_text="Slots of the pool its students use.")

    class Meta(SchoolDocument.Meta):
        fields = (*SchoolDocument.Meta.fields, "numbers", "field_rows", "pool", "uses")  # type: ignore[assignment]


class CompareQuery(serializers.Serializer):
    a = serializers.CharField(max_length=28, help_text="A school's code.")
    b = serializers.CharField(max_length=28, help_text="Another's.")


class ComparedSchool(serializers.Serializer):
    school = SchoolRef()
    numbers = SchoolNumbersDocument(allow_null=True)
    field_rows = FieldOfSchool(many=True)


class ComparedDocument(serializers.Serializer):
    a = ComparedSchool()
    b = ComparedSchool()


class UseDocument(serializers.Serializer):
    school = SchoolRef()
    in_use = serializers.IntegerField()
    filled = serializers.IntegerField()


class FlowDocument(serializers.Serializer):
    """Slots one origin gives: in the pool now, in use, filled so far, and by which schools."""

    origin = serializers.CharField(help_text="A school's code, or a partner's id.")
    origin_name = serializers.CharField()
    released = serializers.IntegerField()
    in_use = serializers.IntegerField()
    filled = serializers.IntegerField()
    users = UseDocument(many=True, help_text="Who filled most first.")


class FlowsDocument(serializers.Serializer):
    from_schools = FlowDocument(many=True, help_text="The ten busiest.")
    from_partners = FlowDocument(many=True)


class PartnerNumbersDocument(serializers.Serializer):
    """What one partner brought, and what is in demand; nothing about a student."""

    flow = FlowDocument()
    demand = FieldNumbersDocument(many=True, help_text="Fewest slots for the wishes first.")
