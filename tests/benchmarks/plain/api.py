"""Three calls as DRF's tutorial writes them: ModelSerializer, generic views, numbered pages."""

import dataclasses
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from catalog.models import Favorite
from portico.accounts.models import Person
from portico.internships.models import Placement
from portico.internships.rules import seen_by, stands_for
from portico.internships.states import actions_from
from sharing.models import VisibleListing
from tenants.models import Tenant
from tests.benchmarks.plain import search


class Pages(PageNumberPagination):
    page_size = 20


class Often(UserRateThrottle):
    """Counts as ours does, and never says no."""

    rate = "1000000/min"


class Signed(APIView):
    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated,)
    throttle_classes = (Often,)


class PersonSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="full_name")
    roles = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Person
        fields = ("id", "name", "email", "roles", "grade")


class TenantSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tenant
        fields = ("kind", "code", "name")


class Me(Signed):
    def get(self, request: Request) -> Response:
        return Response(
            {
                "person": PersonSerializer(request.user).data,
                "tenant": TenantSerializer(request.tenant).data,  # type: ignore[attr-defined]
            }
        )


class ListingSerializer(serializers.ModelSerializer):
    origin_kind = serializers.CharField(source="origin_kind_")
    origin_name = serializers.CharField(source="origin_name_")
    slots = serializers.IntegerField(source="slots_")
    open_slots = serializers.IntegerField()
    ask_owner = serializers.BooleanField(source="ask_owner_")
    is_saved = serializers.SerializerMethodField()

    class Meta:
        model = VisibleListing
        fields = (
            *search.COLUMNS, "origin_kind", "origin_name", "slots", "open_slots", "ask_owner",
            "is_saved",
        )  # fmt: skip

    def get_is_saved(self, row: dict[str, Any]) -> bool:
        return row["id"] in self.context["saved"]


class Listings(Signed, ListAPIView):
    pagination_class = Pages
    serializer_class = ListingSerializer

    def get_queryset(self) -> QuerySet[Any, Any]:
        return search.union(self.request.query_params.get("words", ""))

    def get_serializer_context(self) -> dict[str, Any]:
        saved = Favorite.objects.filter(student=self.request.user)
        return {
            **super().get_serializer_context(),
            "saved": set(saved.values_list("listing_id", flat=True)),
        }

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = super().list(request, *args, **kwargs)
        words = request.query_params.get("words", "")
        counted = search.facets(words, student=request.user)
        answer.data["facets"] = dataclasses.asdict(counted)
        return answer


class StudentSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="full_name")

    class Meta:
        model = Person
        fields = ("id", "name", "grade")


class PlacementSerializer(serializers.ModelSerializer):
    student = StudentSerializer()
    listing = serializers.UUIDField(source="offer_id")
    actions = serializers.SerializerMethodField()

    class Meta:
        model = Placement
        fields = (
            "id", "student", "listing", "title", "site_name", "field", "origin_kind",
            "origin_name", "state", "message", "reason", "requested_at", "decided_at", "deadline",
            "start_requested_at", "starts_on", "ends_on", "days", "start_time", "end_time",
            "goals", "started_at", "ended_at", "actions",
        )  # fmt: skip

    def get_actions(self, placement: Placement) -> list[str]:
        roles = stands_for(self.context["request"].user, placement)
        return actions_from(placement.state, roles=roles)


class Placements(Signed, ListAPIView):
    pagination_class = Pages
    serializer_class = PlacementSerializer

    def get_queryset(self) -> QuerySet[Placement]:
        return (
            Placement.objects.filter(seen_by(self.request.user))
            .select_related("student__teacher")
            .order_by("-id")
        )
