"""Days at the internship: what was tapped, what the school enters and puts right."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import DayFilter
from api.resource import Resource
from api.serializers import attendance as documents
from api.serializers import check_in
from portico.accounts import may
from portico.attendance.actions import (
    correct_day,
    enter_day,
    mark_worry_seen,
    record_tap,
    remind_of_estimate,
)
from portico.attendance.models import Attendance
from portico.attendance.queries import phone_state, seen_days, seen_placement, shares_location


class Days(Resource):
    """Days at an internship. Students see their own, teachers their advisees'."""

    kind = "days"
    queryset = Attendance.objects.none()  # names the model; see get_queryset
    roles = {
        "*": may.FOLLOW_DAYS.roles,
        "create": may.CORRECT_DAYS.roles,
        "correct": may.CORRECT_DAYS.roles,
        "seen": may.FOLLOW_PLACEMENTS.roles,
        "remind": may.FOLLOW_PLACEMENTS.roles,
    }
    serializer_class = documents.DayDocument
    filterset_class = DayFilter

    def get_queryset(self) -> QuerySet[Attendance]:
        return seen_days(person=self.person)

    def list(self, request: Request) -> Response:
        """The newest first, by when they were recorded."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._document(page, many=True))

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One day, with the mentor's word and what counts."""
        return self._answer(pk)

    @extend_schema(request=documents.DayEntry, responses={201: documents.DayDocument})
    def create(self, request: Request) -> Response:
        """Enter a day that was not tapped, from paper say; source and lateness are shown."""
        asked = self.asked(documents.DayEntry)
        placement = seen_placement(person=self.person, placement_id=asked.pop("placement"))
        day = enter_day(actor=self.person, placement_id=placement.id, **asked)
        return self._answer(day.id, status=201)

    @extend_schema(request=documents.Times, responses=documents.DayDocument)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: uuid.UUID) -> Response:
        """Say from when until when it was; what stood there before is in the history."""
        self.get_queryset().get(id=pk)
        correct_day(actor=self.person, attendance_id=pk, **self.asked(documents.Times))
        return self._answer(pk)

    @extend_schema(request=None, responses=documents.DayDocument)
    @action(detail=True, methods=["post"])
    def seen(self, request: Request, pk: uuid.UUID) -> Response:
        """The quiet words of the day are read, and somebody takes care of it."""
        mark_worry_seen(actor=self.person, attendance_id=pk)
        return self._answer(pk)

    @extend_schema(request=None, responses=documents.DayDocument)
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, pk: uuid.UUID) -> Response:
        """Ask the student to confirm when an estimated day ended."""
        remind_of_estimate(actor=self.person, attendance_id=pk)
        return self._answer(pk)

    def _document(self, found: Any, **options: Any) -> Any:
        context = {"person": self.person}
        return documents.DayDocument(found, context=context, **options).data

    def _answer(self, pk: uuid.UUID, *, status: int = 200) -> Response:
        return Response(self._document(self.get_queryset().get(id=pk)), status=status)


class CheckIn(Resource):
    """A student's own taps, as a phone sends them: once a key, however often they are sent."""

    kind = "check-in"
    roles = {"*": may.CHECK_IN.roles}
    serializer_class = check_in.PhoneState
    pagination_class = None

    @extend_schema(responses=check_in.PhoneState)
    def retrieve(self, request: Request) -> Response:
        """What a check-in page shows: internships, today, questions, estimates to confirm."""
        state = {
            "now": timezone.now(),
            "location_allowed": shares_location(student=self.person),
            "placements": phone_state(student=self.person),
        }
        return Response(check_in.PhoneState(state).data)

    @extend_schema(
        request=check_in.TapTerms,
        responses={
            201: check_in.TapAnswer,
            200: OpenApiResponse(check_in.TapAnswer, "Sent before: the first answer."),
        },
    )
    def create(self, request: Request) -> Response:
        """Check in, check out, or confirm an estimate. What is odd is recorded, not refused."""
        asked = check_in.TapTerms(data=request.data)
        asked.is_valid(raise_exception=True)
        answer = record_tap(student=self.person, tap=asked.tap())
        return Response(answer.body, status=200 if answer.is_repeat else 201)
