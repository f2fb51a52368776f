"""What a school expects of a day, its calendar, who is where, and what a student chooses."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import COORDINATOR, EVERYONE, Resource
from api.serializers import check_in
from api.serializers import school_days as documents
from api.versions import answer_versioned, require_match
from portico.accounts import may
from portico.attendance.actions import (
    add_holiday,
    lock_policy,
    make_calendar_link,
    remove_holiday,
    set_expectations,
    set_share_location,
)
from portico.attendance.models import AttendancePolicy, StudentChoice
from portico.attendance.queries import policy
from portico.attendance.today import board, silent_mentors


class AttendancePolicies(Resource):
    """What the school expects of a day: hours, grace, radius, questions at check-in."""

    kind = "attendance-policy"
    roles = {"*": may.CORRECT_DAYS.roles, "partial_update": may.SET_UP.roles}
    is_versioned = True
    serializer_class = documents.PolicyDocument
    pagination_class = None

    @extend_schema(responses=documents.PolicyDocument)
    def retrieve(self, request: Request) -> Response:
        """As it stands, with its ETag."""
        return answer_versioned(request, documents.PolicyDocument(policy()).data)

    @extend_schema(request=documents.PolicyTerms, responses=documents.PolicyDocument)
    def partial_update(self, request: Request) -> Response:
        """Change what is named."""
        stands = lock_policy()
        require_match(request, documents.PolicyDocument(stands).data)
        asked = documents.PolicyTerms(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        set_expectations(actor=self.person, **(_terms(stands) | asked.validated_data))
        return self.retrieve(request)


def _terms(policy: AttendancePolicy) -> dict[str, Any]:
    return {
        "required_hours": policy.required_hours,
        "late_minutes": policy.late_minutes,
        "grace_minutes": policy.grace_minutes,
        "radius_m": policy.radius_m,
        "questions": [one["text"] for one in policy.questions],
    }


class Holidays(Resource):
    """Days off in the school's calendar: nobody is expected, nobody is missing."""

    kind = "holidays"
    queryset = AttendancePolicy.objects.none()  # names a model for the description
    roles = {"*": may.SET_UP.roles, "list": EVERYONE}
    serializer_class = documents.HolidayDocument
    pagination_class = None

    @extend_schema(responses=documents.HolidayDocument(many=True))
    def list(self, request: Request) -> Response:
        """By day."""
        return Response(documents.HolidayDocument(policy().holidays, many=True).data)

    @extend_schema(
        request=documents.HolidayTerms, responses={201: documents.HolidayDocument(many=True)}
    )
    def create(self, request: Request) -> Response:
        """Add days off; the calendar then."""
        add_holiday(actor=self.person, **self.asked(documents.HolidayTerms))
        return Response(documents.HolidayDocument(policy().holidays, many=True).data, status=201)

    @extend_schema(request=documents.HolidayNamed, responses=documents.HolidayDocument(many=True))
    @action(detail=False, methods=["post"])
    def remove(self, request: Request) -> Response:
        """Take one out, by its first day and name; the calendar then."""
        asked = self.asked(documents.HolidayNamed)
        remove_holiday(actor=self.person, first=asked["first"].isoformat(), name=asked["name"])
        return self.list(request)


class Today(Resource):
    """Who is where: of the whole school for coordinators, of the own students for a teacher."""

    kind = "today"
    roles = {"*": may.CORRECT_DAYS.roles}
    serializer_class = documents.TodayDocument
    pagination_class = None

    @extend_schema(responses=documents.TodayDocument)
    def retrieve(self, request: Request) -> Response:
        """Missing ones first; and mentors who do not answer."""
        teacher = None if self.person.has_role(COORDINATOR) else self.person
        now = board(teacher=teacher)
        found = {
            name: getattr(now, name)
            for name in ("at", "holiday", "missing", "here", "expected", "left", "rows")
        }
        found["silent_mentors"] = silent_mentors(teacher=teacher)
        return Response(documents.TodayDocument(found).data)


class AttendanceChoices(Resource):
    """What a student decides for good: location, and a calendar's link."""

    kind = "attendance-choice"
    roles = {"*": may.CHECK_IN.roles}
    serializer_class = check_in.ChoiceDocument
    pagination_class = None

    @extend_schema(responses=check_in.ChoiceDocument)
    def retrieve(self, request: Request) -> Response:
        """As the student chose; the defaults before."""
        choice = StudentChoice.objects.filter(student=self.person).first() or StudentChoice()
        return Response(check_in.ChoiceDocument(choice).data)

    @extend_schema(request=check_in.ChoiceDocument, responses=check_in.ChoiceDocument)
    def update(self, request: Request) -> Response:
        """Switch reading the phone's position off for good, or on again."""
        asked = self.asked(check_in.ChoiceDocument)
        set_share_location(student=self.person, share=asked["share_location"])
        return self.retrieve(request)

    @extend_schema(request=None, responses={201: check_in.CalendarLink})
    def calendar_link(self, request: Request) -> Response:
        """A new address of the student's calendar; the one before stops working."""
        path = reverse("calendar", args=[make_calendar_link(student=self.person)])
        return Response({"address": request.build_absolute_uri(path)}, status=201)
