"""What lists can be narrowed by (django-filter)."""

import django_filters as filters
from django.db.models import QuerySet

from catalog.fields import Field
from catalog.models import Mentor, Opportunity, Site, Suggestion
from catalog.offers import Pay
from portico.internships.models import Placement
from portico.internships.queue import in_state_now
from portico.internships.states import State
from sharing.models import OriginKind, OwnerQuestion, PoolListing


class OpportunityFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=Opportunity.State.choices)
    field = filters.MultipleChoiceFilter(choices=Field.choices)
    title = filters.CharFilter(lookup_expr="icontains")
    changed_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Opportunity
        fields = ("state", "field", "site", "mentor", "term", "title", "changed_since")


class SiteFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Site
        fields = ("name", "sector", "zip_code")


class MentorFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Mentor
        fields = ("name", "site", "is_active")


class SuggestionFilter(filters.FilterSet):
    class Meta:
        model = Suggestion
        fields = ("state", "field")


class PlacementFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=State.choices, method="by_the_clock")
    field = filters.MultipleChoiceFilter(choices=Field.choices)
    requested_since = filters.IsoDateTimeFilter(field_name="requested_at", lookup_expr="gte")

    class Meta:
        model = Placement
        fields = ("state", "field", "student", "origin_kind", "requested_since")

    def by_the_clock(
        self, found: QuerySet[Placement], name: str, states: list[str]
    ) -> QuerySet[Placement]:
        """A passed deadline has expired a pursuit, whatever the row still says."""
        return found.filter(in_state_now(states)) if states else found


class PoolFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=PoolListing.State.choices)
    origin_kind = filters.ChoiceFilter(choices=OriginKind.choices)
    field = filters.MultipleChoiceFilter(choices=Field.choices)
    pay = filters.MultipleChoiceFilter(choices=Pay.choices)
    title = filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = PoolListing
        fields = ("state", "origin_kind", "partner", "field", "pay", "title")


class QuestionFilter(filters.FilterSet):
    class Meta:
        model = OwnerQuestion
        fields = ("state",)
