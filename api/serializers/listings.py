"""Listings and the question asked for them. The documents are built from the search's own rows."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.fields import empty

from api.paging import MOST, SIZE
from catalog.fields import Field
from catalog.models import SavedSearch
from catalog.offers import GRADES, Pay, Weekday
from sharing.search import SORTS, Criteria, Facets, Listing, Results

ORIGINS = [("own", "this school"), ("school", "another school"), ("partner", "a partner")]


class ListingQuery(serializers.Serializer):
    """Repeat a parameter to mean any of its values: `day=2&day=4`."""

    def get_fields(self) -> dict[str, Any]:
        """Those that came, where something came; for the description all.

        DRF copies each field for each request: twenty copies take longer than the search's
        own Python, and hardly anybody sends more than three.
        """
        came = getattr(self, "initial_data", None)
        if not isinstance(came, Mapping):
            return super().get_fields()
        return {
            name: deepcopy(field)
            for name, field in self._declared_fields.items()
            if name in came or field.required
        }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return self._usual() | super().to_internal_value(data)

    @classmethod
    def _usual(cls) -> dict[str, Any]:
        """What stands for a parameter that did not come."""
        fields = cls._declared_fields.items()  # type: ignore[attr-defined]
        return {name: field.default for name, field in fields if field.default is not empty}

    words = serializers.CharField(
        required=False,
        max_length=200,
        allow_blank=True,
        help_text='Web search\'s habits: "a phrase", -without, one or other. Typos are put right.',
    )
    field = serializers.MultipleChoiceField(choices=Field.choices, required=False)
    day = serializers.MultipleChoiceField(
        choices=Weekday.choices, required=False, help_text="ISO weekdays: Monday is 1."
    )
    pay = serializers.MultipleChoiceField(choices=Pay.choices, required=False)
    origin = serializers.MultipleChoiceField(choices=ORIGINS, required=False)
    partner = serializers.UUIDField(required=False)
    grade = serializers.ChoiceField(choices=GRADES, required=False)
    remote = serializers.BooleanField(required=False, default=False)
    open = serializers.BooleanField(
        required=False, default=False, help_text="With a slot that is free now."
    )
    miles = serializers.FloatField(
        required=False,
        min_value=0,
        max_value=500,
        help_text="From the school, or latitude and "
        "longitude where given. Remote ones are near everybody.",
    )
    latitude = serializers.FloatField(required=False, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, min_value=-180, max_value=180)
    free_from = serializers.TimeField(required=False, help_text="Nothing that begins earlier.")
    free_until = serializers.TimeField(required=False, help_text="Nothing that ends later.")
    saved = serializers.BooleanField(
        required=False, default=False, help_text="A student's favorites."
    )
    wishes = serializers.BooleanField(
        required=False, default=False, help_text="What matches a student's wishlist."
    )
    sort = serializers.ChoiceField(choices=SORTS, required=False, default="best")
    facets = serializers.BooleanField(required=False, default=True)
    cursor = serializers.CharField(
        required=False, allow_blank=True, help_text="`next_cursor` of the page before."
    )
    size = serializers.IntegerField(required=False, default=SIZE, min_value=1, max_value=MOST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("latitude" in attrs) != ("longitude" in attrs):
            raise serializers.ValidationError(
                {"longitude": "Latitude and longitude come together."}
            )
        return attrs

    def criteria(self, *, student_id: Any) -> Criteria:
        asked = self.validated_data
        near = (asked["latitude"], asked["longitude"]) if "latitude" in asked else None
        return Criteria(
            words=asked.get("words", ""),
            fields=tuple(sorted(asked.get("field", ()))),
            days=tuple(sorted(asked.get("day", ()))),
            pays=tuple(sorted(asked.get("pay", ()))),
            origins=tuple(sorted(asked.get("origin", ()))),
            partner=asked.get("partner"),
            grade=asked.get("grade"),
            remote=asked["remote"],
            open_only=asked["open"],
            miles=asked.get("miles"),
            near=near,
            free_from=asked.get("free_from"),
            free_until=asked.get("free_until"),
            saved_by=student_id if asked["saved"] else None,
            wishes_of=student_id if asked["wishes"] else None,
            sort=asked["sort"],
        )


class ListingDocument(serializers.Serializer):
    """An internship as a student sees it. No contact: that comes with an approved placement."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    site_name = serializers.CharField()
    neighborhood = serializers.CharField()
    description = serializers.CharField()
    field = serializers.ChoiceField(choices=Field.choices)
    skills = serializers.ListField(child=serializers.CharField())
    days = serializers.ListField(child=serializers.ChoiceField(choices=Weekday.choices))
    start_time = serializers.TimeField(allow_null=True)
    end_time = serializers.TimeField(allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    pay = serializers.ChoiceField(choices=Pay.choices)
    hourly_rate = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    pay_note = serializers.CharField()
    grades = serializers.ListField(child=serializers.IntegerField(), help_text="Empty: all.")
    requirements = serializers.CharField()
    remote = serializers.BooleanField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    published_at = serializers.DateTimeField()
    origin_kind = serializers.ChoiceField(choices=ORIGINS)
    origin_name = serializers.CharField(help_text="Empty for the own school's.")
    slots = serializers.IntegerField()
    open_slots = serializers.IntegerField()
    ask_owner = serializers.BooleanField(help_text="The owner is asked before approval.")
    miles = serializers.FloatField(allow_null=True)
    is_saved = serializers.BooleanField()
    is_new = serializers.BooleanField()


_COUNT = {"type": "integer"}
_COUNTS = {"type": "object", "additionalProperties": _COUNT}
FACETS_SCHEMA = {
    "type": "object",
    "description": "How many listings each value would leave, under all other filters.",
    "properties": {
        **dict.fromkeys(("fields", "days", "pays", "origins", "grades"), _COUNTS),
        **dict.fromkeys(("remote", "open", "saved", "wishes"), _COUNT),
    },
    "required": list(Facets.__dataclass_fields__),
}


@extend_schema_field(FACETS_SCHEMA)
class FacetsField(serializers.JSONField):
    """A serializer cannot have a field called `fields`."""


@extend_schema_serializer(many=False)  # it is the page, not a row of one
class ResultsDocument(serializers.Serializer):
    results = ListingDocument(many=True)
    next_cursor = serializers.CharField(allow_null=True)
    suggestion = serializers.CharField(
        allow_null=True, help_text="No listing had the words; these were searched instead."
    )
    total = serializers.IntegerField(required=False, help_text="At most 1000.")
    total_is_capped = serializers.BooleanField(
        required=False, help_text="There are more; facets are counted among 1,001 of them."
    )
    facets = FacetsField(required=False)


def listing_document(listing: Listing) -> dict[str, Any]:
    document = listing._asdict()
    if listing.miles is not None:
        document["miles"] = round(listing.miles, 2)
    return document


def results_document(results: Results, *, with_facets: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "results": [listing_document(listing) for listing in results.listings],
        "next_cursor": results.next_cursor,
        "suggestion": results.suggestion,
    }
    if with_facets:
        document |= {
            "total": results.total,
            "total_is_capped": results.total_is_capped,
            "facets": _facets_document(results.facets),
        }
    return document


def _facets_document(facets: Facets) -> dict[str, Any]:
    return {name: getattr(facets, name) for name in Facets.__dataclass_fields__}


class SavedSearchTerms(ListingQuery):
    """The question of a search, as for listings; a home address is not kept."""

    name = serializers.CharField(max_length=80)
    cursor = None  # type: ignore[assignment]
    size = None  # type: ignore[assignment]
    facets = None  # type: ignore[assignment]


class SavedSearchDocument(serializers.ModelSerializer):
    class Meta:
        model = SavedSearch
        fields = ("id", "name", "criteria", "checked_at", "created_at")
