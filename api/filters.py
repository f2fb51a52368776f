"""What lists can be narrowed by (django-filter)."""

import uuid
from datetime import UTC
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from api.serializers.timeline import VISITS
from catalog.fields import Field
from catalog.models import Lead, Mentor, Opportunity, Site, Suggestion, Term
from catalog.offers import Pay
from portico.attendance.models import Attendance, Certificate, TimelineEntry
from portico.documents.models import Document, Requirement
from portico.internships.models import Placement
from portico.internships.queue import in_state_now
from portico.internships.states import State
from sharing.models import OriginKind, OwnerQuestion, PoolListing


class MomentField(filters.fields.IsoDateTimeField):
    """In UTC: PostgreSQL does not take every offset that Python does."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        try:
            return found.astimezone(UTC) if found else found
        except OverflowError:
            raise ValidationError(_("Enter a valid date/time."), code="invalid") from None


class Moment(filters.IsoDateTimeFilter):
    field_class = MomentField


class OpportunityFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=Opportunity.State.choices)
    field = filters.MultipleChoiceFilter(choices=Field.choices)
    title = filters.CharFilter(lookup_expr="icontains")
    changed_since = Moment(field_name="updated_at", lookup_expr="gte")

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
    requested_since = Moment(field_name="requested_at", lookup_expr="gte")

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


class DayFilter(filters.FilterSet):
    student = filters.UUIDFilter(field_name="placement__student")
    teacher = filters.UUIDFilter(field_name="placement__student__teacher")
    placement = filters.UUIDFilter()
    term = filters.UUIDFilter(method="within")
    since = filters.DateFilter(field_name="day", lookup_expr="gte")
    until = filters.DateFilter(field_name="day", lookup_expr="lte")
    state = filters.MultipleChoiceFilter(choices=Attendance.State.choices)
    mentor_state = filters.MultipleChoiceFilter(choices=Attendance.MentorState.choices)

    class Meta:
        model = Attendance
        fields = (
            "student", "teacher", "placement", "term", "day", "since", "until", "state",
            "mentor_state",
        )  # fmt: skip

    def within(
        self, found: QuerySet[Attendance], name: str, term_id: uuid.UUID
    ) -> QuerySet[Attendance]:
        """Days of the calendar that fall into the term; none of a term there is not."""
        term = Term.objects.filter(id=term_id).first()
        return found.filter(day__range=(term.starts_on, term.ends_on)) if term else found.none()


class HoursFilter(filters.FilterSet):
    student = filters.UUIDFilter()
    teacher = filters.UUIDFilter(field_name="student__teacher")
    state = filters.MultipleChoiceFilter(choices=State.choices)

    class Meta:
        model = Placement
        fields = ("student", "teacher", "state")


class CertificateFilter(filters.FilterSet):
    placement = filters.UUIDFilter()
    issued_since = Moment(field_name="issued_at", lookup_expr="gte")

    class Meta:
        model = Certificate
        fields = ("placement", "issued_since")


class DocumentFilter(filters.FilterSet):
    placement = filters.UUIDFilter()
    student = filters.UUIDFilter()
    state = filters.ChoiceFilter(choices=Document.State.choices)
    kind = filters.ChoiceFilter(field_name="requirement__kind", choices=Requirement.Kind.choices)

    class Meta:
        model = Document
        fields = ("placement", "student", "state", "kind")


class VisitFilter(filters.FilterSet):
    placement = filters.UUIDFilter()
    kind = filters.ChoiceFilter(choices=VISITS)
    since = filters.DateFilter(field_name="day", lookup_expr="gte")
    next_until = filters.DateFilter(field_name="next_on", lookup_expr="lte")

    class Meta:
        model = TimelineEntry
        fields = ("placement", "kind", "since", "next_until")


class EvaluationFilter(filters.FilterSet):
    placement = filters.UUIDFilter()
    answered = filters.BooleanFilter(field_name="answered_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = TimelineEntry
        fields = ("placement", "answered")


class LeadFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=Lead.State.choices)
    next_until = filters.DateFilter(field_name="next_on", lookup_expr="lte")

    class Meta:
        model = Lead
        fields = ("state", "field", "next_until")
