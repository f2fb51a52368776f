"""Placements, and every step of their way."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from api.filters import PlacementFilter
from api.resource import Resource
from api.serializers import internships as documents
from portico.accounts import may
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.queries import by_the_clock, contact_of
from portico.internships.queue import find_placements, get_placement
from portico.internships.rules import may_see, seen_by

_WITH_CONTACT = documents.PlacementWithContact


class Placements(Resource):
    """A student's way through an internship. Students see their own, teachers their advisees'."""

    kind = "placements"
    queryset = Placement.objects.none()  # names the model; see get_queryset
    roles = {
        "*": may.FOLLOW_DAYS.roles,
        "create": may.PURSUE.roles,
        "request_start": may.PURSUE.roles,
        "withdraw": may.PURSUE.roles,
        "approve": may.DECIDE_REQUESTS.roles,
        "decline": may.DECIDE_REQUESTS.roles,
        "extend": may.DECIDE_REQUESTS.roles,
        "approve_start": may.DECIDE_STARTS.roles,
        "decline_start": may.DECIDE_STARTS.roles,
        "complete": may.DECIDE_STARTS.roles,
        "end_early": may.DECIDE_STARTS.roles,
    }
    serializer_class = documents.PlacementDocument
    filterset_class = PlacementFilter

    def get_queryset(self) -> QuerySet[Placement]:
        return find_placements().filter(seen_by(self.person))

    def list(self, request: Request) -> Response:
        """Newest request first; states as the clock has them."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        found = documents.PlacementDocument(
            [by_the_clock(placement) for placement in page],
            many=True,
            context={"person": self.person},
        )
        return self.get_paginated_response(found.data)

    @extend_schema(responses=_WITH_CONTACT)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One, with the mentor's contact while it is revealed."""
        return self._answer(self._visible(pk))

    @extend_schema(request=documents.PlacementRequest, responses={201: _WITH_CONTACT})
    def create(self, request: Request) -> Response:
        """Request an internship by its listing's id."""
        asked = self.asked(documents.PlacementRequest)
        placement = actions.request_placement(
            student=self.person, listing_id=asked["listing"], message=asked["message"]
        )
        return self._answer(placement, status=201)

    @extend_schema(request=None, responses=_WITH_CONTACT)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: uuid.UUID) -> Response:
        """Hold a slot and start the clock; or ask the owner, where the owner wants to be asked."""
        return self._act(pk, actions.approve_request)

    @extend_schema(request=documents.Reason, responses=_WITH_CONTACT)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: uuid.UUID) -> Response:
        """Say no, with a reason the student reads."""
        return self._act(pk, actions.decline_request, documents.Reason)

    @extend_schema(request=documents.MoreDays, responses=_WITH_CONTACT)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: uuid.UUID) -> Response:
        """Give more days to pursue."""
        return self._act(pk, actions.extend_pursuit, documents.MoreDays)

    @extend_schema(request=documents.StartTerms, responses=_WITH_CONTACT)
    @action(detail=True, methods=["post"], url_path="request-start")
    def request_start(self, request: Request, pk: uuid.UUID) -> Response:
        """Ask to start, with dates, times and goals. The clock stops."""
        self._visible(pk)
        start = actions.StartRequest(**self.asked(documents.StartTerms))
        placement = actions.request_start(placement_id=pk, actor=self.person, start=start)
        return self._answer(placement)

    @extend_schema(request=documents.Despite, responses=_WITH_CONTACT)
    @action(detail=True, methods=["post"], url_path="approve-start")
    def approve_start(self, request: Request, pk: uuid.UUID) -> Response:
        """The student may start; the slot is filled. 409 `missing` while a document is."""
        return self._act(pk, actions.approve_start, documents.Despite)

    @extend_schema(request=documents.Reason, responses=_WITH_CONTACT)
    @action(detail=True, methods=["post"], url_path="decline-start")
    def decline_start(self, request: Request, pk: uuid.UUID) -> Response:
        """Not yet, with a reason; the clock goes on."""
        return self._act(pk, actions.decline_start, documents.Reason)

    @extend_schema(request=documents.ReasonIfAny, responses=_WITH_CONTACT)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: uuid.UUID) -> Response:
        """The internship has come to its end."""
        return self._act(pk, actions.end_placement, documents.ReasonIfAny, completed=True)

    @extend_schema(request=documents.Reason, responses=_WITH_CONTACT)
    @action(detail=True, methods=["post"], url_path="end-early")
    def end_early(self, request: Request, pk: uuid.UUID) -> Response:
        """It ended before its time, with a reason."""
        return self._act(pk, actions.end_placement, documents.Reason, completed=False)

    @extend_schema(request=documents.ReasonIfAny, responses=_WITH_CONTACT)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: uuid.UUID) -> Response:
        """The student steps back; a held slot is free at once."""
        return self._act(pk, actions.withdraw_placement, documents.ReasonIfAny)

    def _act(
        self,
        pk: uuid.UUID,
        act: Any,
        terms: type[Serializer] | None = None,
        **more: Any,
    ) -> Response:
        self._visible(pk)
        asked = self.asked(terms) if terms else {}
        return self._answer(act(placement_id=pk, actor=self.person, **asked, **more))

    def _visible(self, pk: uuid.UUID) -> Placement:
        """Somebody else's placement does not exist, as far as they can tell."""
        placement = get_placement(placement_id=pk)
        if not may_see(self.person, placement):
            raise NotFound
        return placement

    def _answer(self, placement: Placement, *, status: int = 200) -> Response:
        context = {"person": self.person, "contact": contact_of(placement)}
        return Response(_WITH_CONTACT(placement, context=context).data, status=status)
