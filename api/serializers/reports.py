"""A school's reports: fairness, demand and the places to win, the map, counts, exports.

A number is null where the group it is of is too small to show.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from api.serializers.internships import StudentDocument
from catalog.fields import Field
from catalog.models import Lead
from catalog.offers import Pay
from portico.internships.actions.groups import LONGEST_NAME
from portico.reports.asset_map import IN_REACH, MILES, Pin
from portico.reports.exports.writing import FORMATS

FILES = [(name, name) for name in FORMATS]
RUN_STATES = [(state, state) for state in ("waiting", "working", "done", "failed")]
PIN_ORIGINS = [(one, one) for one in ("own", "released", "partner")]


# --- fairness -----------------------------------------------------------------------------


class ShareDocument(serializers.Serializer):
    placed = serializers.IntegerField(source="count", allow_null=True)
    students = serializers.IntegerField(source="total", allow_null=True)


class GradeShare(ShareDocument):
    grade = serializers.IntegerField(source="key", allow_null=True, help_text="Null: unknown.")


class GroupShare(ShareDocument):
    group = serializers.CharField(source="key")


class SeekerDocument(serializers.Serializer):
    student = StudentDocument()
    waiting_since = serializers.DateTimeField(
        allow_null=True, help_text="Of the first open request; null: asks for nothing now."
    )
    asked = serializers.IntegerField()
    declined = serializers.IntegerField()
    interned = serializers.BooleanField()


class FairnessDocument(serializers.Serializer):
    """Who is placed this school year, and who never was. Small groups are hidden (null)."""

    smallest_group = serializers.IntegerField(help_text="Smaller ones are not shown.")
    everyone = ShareDocument()
    grades = GradeShare(many=True)
    groups = GroupShare(many=True)
    never_placed_count = serializers.IntegerField()
    never_placed = SeekerDocument(many=True, help_text="Waiting longest first, at most 25.")
    waiting_count = serializers.IntegerField()
    waiting = SeekerDocument(many=True, help_text="Longest first, at most 25.")
    declined_count = serializers.IntegerField()
    declined = SeekerDocument(many=True, help_text="Twice or more, most often first.")


class GroupDocument(serializers.Serializer):
    """A group the school keeps an eye on, for its coordinators alone."""

    name = serializers.CharField()
    students = serializers.IntegerField(help_text="How many are in it.")


class GroupTerms(serializers.Serializer):
    name = serializers.CharField(max_length=LONGEST_NAME)
    students = serializers.ListField(
        child=serializers.UUIDField(), help_text="Exactly these; none: the group is forgotten."
    )


# --- demand -------------------------------------------------------------------------------


class FieldDemandDocument(serializers.Serializer):
    field = serializers.ChoiceField(choices=Field.choices)
    students = serializers.IntegerField(help_text="Who wish for it.")
    saved = serializers.IntegerField(help_text="Listings of it that students saved.")
    missed = serializers.IntegerField(help_text="Searches for it that found nothing.")
    own = serializers.IntegerField(help_text="Open slots here.")
    region = serializers.IntegerField(help_text="Open slots others offer.")
    leads = serializers.IntegerField(help_text="Places being won.")
    gap = serializers.IntegerField(help_text="Students more than open slots.")


class WantedDocument(serializers.Serializer):
    words = serializers.CharField()
    count = serializers.IntegerField()


class DemandDocument(serializers.Serializer):
    field_rows = FieldDemandDocument(many=True, help_text="The widest gap first.")
    jobs = WantedDocument(many=True, help_text="Wished for by name.")
    missed = WantedDocument(many=True, help_text="Searched in vain.")


class LeadDocument(serializers.ModelSerializer):
    """A place the school would like to win."""

    class Meta:
        model = Lead
        fields = (
            "id", "name", "field", "contact", "state", "next_on", "notes", "site", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields = ("site", "created_at", "updated_at")


# --- the asset map ------------------------------------------------------------------------


class MapQuery(serializers.Serializer):
    field = serializers.ChoiceField(choices=Field.choices, required=False)
    origin = serializers.ChoiceField(choices=PIN_ORIGINS, required=False)
    school = serializers.CharField(required=False, max_length=28, help_text="A code.")
    paid = serializers.BooleanField(required=False, default=False)
    miles = serializers.ChoiceField(
        choices=[(n, str(n)) for n in MILES],
        required=False,
        default=IN_REACH,
        help_text="What is within reach.",
    )


class PointDocument(serializers.Serializer):
    type = serializers.ChoiceField(choices=["Point"])
    coordinates = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, help_text="Longitude, latitude."
    )


class PinDocument(serializers.Serializer):
    title = serializers.CharField()
    site_name = serializers.CharField(source="site")
    neighborhood = serializers.CharField()
    field = serializers.ChoiceField(choices=Field.choices)
    pay = serializers.ChoiceField(choices=Pay.choices)
    origin = serializers.ChoiceField(choices=PIN_ORIGINS)
    origin_name = serializers.CharField()
    open_slots = serializers.IntegerField(source="open")
    miles = serializers.FloatField(allow_null=True, help_text="From the school.")


class FeatureDocument(serializers.Serializer):
    type = serializers.SerializerMethodField()
    id = serializers.CharField(help_text="The listing's.")
    geometry = serializers.SerializerMethodField()
    properties = PinDocument(source="*")

    @extend_schema_field(serializers.ChoiceField(choices=["Feature"]))
    def get_type(self, pin: Pin) -> str:
        return "Feature"

    @extend_schema_field(PointDocument(allow_null=True))
    def get_geometry(self, pin: Pin) -> dict[str, Any] | None:
        if pin.latitude is None or pin.longitude is None:
            return None
        return {"type": "Point", "coordinates": [pin.longitude, pin.latitude]}


class CoverageDocument(serializers.Serializer):
    field = serializers.ChoiceField(choices=Field.choices)
    students = serializers.IntegerField(help_text="Who wish for it.")
    slots = serializers.IntegerField(help_text="Open within reach, remote ones among them.")
    nearest = serializers.FloatField(allow_null=True, help_text="Miles.")
    is_gap = serializers.BooleanField()


@extend_schema_serializer(many=False)
class MapDocument(serializers.Serializer):
    """GeoJSON (RFC 7946): features without a geometry are remote, or nobody knows where."""

    type = serializers.ChoiceField(choices=["FeatureCollection"])
    features = FeatureDocument(many=True, help_text="Nearest first.")
    coverage = CoverageDocument(many=True, help_text="Wished fields, those out of reach first.")


# --- counts and files ---------------------------------------------------------------------


class TookPartDocument(serializers.Serializer):
    """Perkins V, 5S3: of the graduating grade, all students and the concentrators among them."""

    grade = serializers.IntegerField()
    hours = serializers.IntegerField(help_text="From how many on it counts.")
    took_part = serializers.IntegerField(allow_null=True)
    students = serializers.IntegerField(allow_null=True)
    concentrators_took_part = serializers.IntegerField(
        source="concentrators.count", allow_null=True
    )
    concentrators = serializers.IntegerField(source="concentrators.total", allow_null=True)


class FieldLineDocument(serializers.Serializer):
    field = serializers.ChoiceField(choices=Field.choices)
    offered = serializers.IntegerField()
    open_slots = serializers.IntegerField()
    wishing = serializers.IntegerField(allow_null=True)
    started = serializers.IntegerField(allow_null=True)


class WeekLineDocument(serializers.Serializer):
    monday = serializers.DateField()
    started = serializers.IntegerField(allow_null=True)
    requested = serializers.IntegerField(allow_null=True)


class TermReportDocument(serializers.Serializer):
    """This half-year in numbers; slots and fields as they are today."""

    term = serializers.CharField(help_text="A half-year: 2026-2.")
    opportunities = serializers.IntegerField()
    open_slots = serializers.IntegerField()
    released = serializers.IntegerField()
    students = serializers.IntegerField(allow_null=True)
    placed = serializers.IntegerField(allow_null=True, help_text="Ever.")
    interning = serializers.IntegerField(allow_null=True)
    requested = serializers.IntegerField(allow_null=True, help_text="In the term.")
    started = serializers.IntegerField(allow_null=True, help_text="In the term.")
    field_lines = FieldLineDocument(many=True, source="fields")
    weeks = WeekLineDocument(many=True)


class TableDocument(serializers.Serializer):
    """A table that can be taken out. History names who took which, and how many rows."""

    key = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.SerializerMethodField()
    about_students = serializers.BooleanField(source="students")

    def get_rows(self, table: Any) -> int:
        return int(table.count())


class ExportTerms(serializers.Serializer):
    table = serializers.CharField(max_length=40, help_text="A table's key.")
    format = serializers.ChoiceField(choices=FILES, required=False, default="csv")


class RunDocument(serializers.Serializer):
    """A file on its way. It is kept for an hour, for the one who asked."""

    id = serializers.UUIDField()
    table = serializers.CharField()
    format = serializers.ChoiceField(choices=FILES, source="file_format")
    state = serializers.ChoiceField(choices=RUN_STATES)
    rows = serializers.IntegerField(help_text="Written so far.")
    total = serializers.IntegerField()
    percent = serializers.IntegerField()
    file = serializers.SerializerMethodField(help_text="Where to fetch it; null until done.")

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_file(self, run: Any) -> str | None:
        return self.context["file_of"](run) if run.state == "done" else None
