"""What is said about a placement: goals, feedback, visits, evaluations and their forms."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import EvaluationFilter, VisitFilter
from api.resource import Resource
from api.serializers import timeline as documents
from api.versions import answer_versioned, require_match
from portico.accounts import may
from portico.attendance.actions import (
    give_feedback,
    lock_policy,
    log_visit,
    note_progress,
    remove_evaluation_form,
    save_evaluation_form,
    send_evaluation,
)
from portico.attendance.models import AttendancePolicy, TimelineEntry
from portico.attendance.queries import evaluation_form, policy, seen_placement
from portico.attendance.rules import is_staff_of
from portico.attendance.timeline import entries_of, progress_of
from portico.internships.models import Placement
from portico.internships.rules import seen_by

Kind = TimelineEntry.Kind
FORM = OpenApiParameter("id", str, OpenApiParameter.PATH, description="The form's id.")


class OfOnePlacement(Resource):
    """What belongs to a placement that the address or the body names."""

    queryset = TimelineEntry.objects.none()  # names a model for the description
    roles = {"*": may.FOLLOW_DAYS.roles}
    pagination_class = None

    def _placement(self, placement_id: uuid.UUID) -> Placement:
        return seen_placement(person=self.person, placement_id=placement_id)

    def _named_in_address(self) -> Placement:
        return self._placement(self.asked_in_address(documents.OfPlacement)["placement"])


class Timeline(OfOnePlacement):
    """Mentor's, school's and student's words about a placement, on one line."""

    kind = "timeline"
    serializer_class = documents.EntryDocument

    @extend_schema(parameters=[documents.OfPlacement], responses=documents.EntryDocument(many=True))
    def list(self, request: Request) -> Response:
        """All of it, newest first; the school's own notes for staff alone."""
        placement = self._named_in_address()
        entries = entries_of(placement=placement, for_staff=is_staff_of(self.person, placement))
        return Response(documents.EntryDocument(entries, many=True).data)

    @extend_schema(request=documents.Feedback, responses={201: documents.EntryDocument})
    def create(self, request: Request) -> Response:
        """Say a few words."""
        asked = self.asked(documents.Feedback)
        placement = self._placement(asked.pop("placement"))
        entry = give_feedback(actor=self.person, placement_id=placement.id, **asked)
        return Response(documents.EntryDocument(entry).data, status=201)


class Goals(OfOnePlacement):
    """A placement's learning goals and how far each has come."""

    kind = "goals"
    serializer_class = documents.GoalDocument

    @extend_schema(parameters=[documents.OfPlacement], responses=documents.GoalDocument(many=True))
    def list(self, request: Request) -> Response:
        """Each with the latest word on it."""
        return self._of(self._named_in_address())

    @extend_schema(request=documents.Progress, responses={201: documents.GoalDocument(many=True)})
    def create(self, request: Request) -> Response:
        """Say how far a goal has come, in quarters; all goals then."""
        asked = self.asked(documents.Progress)
        placement = self._placement(asked.pop("placement"))
        note_progress(actor=self.person, placement_id=placement.id, **asked)
        return self._of(placement, status=201)

    def _of(self, placement: Placement, *, status: int = 200) -> Response:
        found = progress_of(placement=placement)
        return Response(documents.GoalDocument(found, many=True).data, status=status)


class Entries(Resource):
    """Timeline entries of one sort, of all placements one may see."""

    kinds: tuple[str, ...]
    queryset = TimelineEntry.objects.none()  # names the model; see get_queryset

    def get_queryset(self) -> QuerySet[TimelineEntry]:
        seen = Placement.objects.filter(seen_by(self.person))
        return TimelineEntry.objects.select_related("placement__student").filter(
            placement__in=seen, kind__in=self.kinds
        )

    def list(self, request: Request) -> Response:
        """The newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One of them."""
        return Response(self.get_serializer(self.get_queryset().get(id=pk)).data)


class Visits(Entries):
    """Visits to sites and calls with them, with notes and the next step. For staff."""

    kind = "visits"
    kinds = (Kind.VISIT, Kind.CALL)
    roles = {"*": may.CORRECT_DAYS.roles}
    serializer_class = documents.VisitDocument
    filterset_class = VisitFilter

    @extend_schema(request=documents.Visit, responses={201: documents.VisitDocument})
    def create(self, request: Request) -> Response:
        """Log one."""
        asked = self.asked(documents.Visit)
        placement = seen_placement(person=self.person, placement_id=asked.pop("placement"))
        entry = log_visit(actor=self.person, placement_id=placement.id, **asked)
        return Response(documents.VisitDocument(entry).data, status=201)


class Evaluations(Entries):
    """Evaluations asked of mentors, answered or not, with their questions as they were asked."""

    kind = "evaluations"
    kinds = (Kind.EVALUATION,)
    roles = {"*": may.FOLLOW_DAYS.roles, "create": may.CORRECT_DAYS.roles}
    serializer_class = documents.EvaluationDocument
    filterset_class = EvaluationFilter

    @extend_schema(
        request=documents.EvaluationRequest, responses={201: documents.EvaluationDocument}
    )
    def create(self, request: Request) -> Response:
        """Ask the placement's mentor to answer a form, by a link in an e-mail."""
        asked = self.asked(documents.EvaluationRequest)
        placement = seen_placement(person=self.person, placement_id=asked["placement"])
        entry = send_evaluation(actor=self.person, placement_id=placement.id, form_id=asked["form"])
        return Response(documents.EvaluationDocument(entry).data, status=201)


class EvaluationForms(Resource):
    """The school's own forms. What was asked with one before keeps the questions it had."""

    kind = "evaluation-forms"
    roles = {
        "*": may.SET_UP.roles,
        "list": may.CORRECT_DAYS.roles,
        "retrieve": may.CORRECT_DAYS.roles,
    }
    is_versioned = True
    queryset = AttendancePolicy.objects.none()  # names a model for the description
    lookup_value_converter = "str"
    serializer_class = documents.FormDocument
    pagination_class = None

    @extend_schema(responses=documents.FormDocument(many=True))
    def list(self, request: Request) -> Response:
        """By name."""
        return Response(documents.FormDocument(policy().evaluation_forms, many=True).data)

    @extend_schema(parameters=[FORM])
    def retrieve(self, request: Request, pk: str) -> Response:
        """One, with its ETag."""
        return answer_versioned(request, _document(pk))

    @extend_schema(responses={201: documents.FormDocument})
    def create(self, request: Request) -> Response:
        """Add a form."""
        form = save_evaluation_form(
            actor=self.person, form_id="", **self.asked(documents.FormDocument)
        )
        return answer_versioned(request, _document(form["id"]), status=201)

    @extend_schema(parameters=[FORM])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change its name, its questions, or both."""
        lock_policy()
        stands = _document(pk)
        require_match(request, stands)
        asked = documents.FormDocument(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        as_it_is = {
            "name": stands["name"],
            "questions": [(one["kind"], one["text"]) for one in stands["questions"]],
        }
        save_evaluation_form(actor=self.person, form_id=pk, **(as_it_is | asked.validated_data))
        return answer_versioned(request, _document(pk))

    @extend_schema(parameters=[FORM], responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Nobody is asked with it any more."""
        _document(pk)
        remove_evaluation_form(actor=self.person, form_id=pk)
        return Response(status=204)


def _document(form_id: str) -> Any:
    form = evaluation_form(form_id)
    if form is None:
        raise NotFound
    return documents.FormDocument(form).data
