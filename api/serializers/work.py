"""The worklist and the coordinator's numbers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from api.serializers.internships import StudentDocument
from portico.attendance.models import Attendance
from portico.attendance.today import Row as WhereRow
from portico.attendance.today import SilentMentor
from portico.documents.queries import Waiting as PapersWaiting
from portico.internships.models import Placement
from portico.internships.queue import Waiting
from portico.notices.models import Notice
from portico.reports.casework import ACTS
from portico.reports.fairness import effect_of
from portico.reports.worklist import AT_ONCE, Case, Kind
from sharing.models import OwnerQuestion

KINDS = [(kind.value, kind.value) for kind in Kind]


class PassedOver(serializers.Serializer):
    placement = serializers.UUIDField(source="placement.id")
    student = StudentDocument(source="placement.student")
    waiting_since = serializers.DateTimeField()


class EffectDocument(serializers.Serializer):
    """What a yes to a request does to fairness."""

    first_time = serializers.BooleanField()
    waited_longest = serializers.BooleanField()
    asked = serializers.IntegerField(help_text="How many asked for the slot, this one included.")
    passed_over = PassedOver(allow_null=True, help_text="Never placed, and waiting longer.")


class CaseDocument(serializers.Serializer):
    """One thing that waits. `key` is what its verbs want; what it is about depends on its kind."""

    kind = serializers.ChoiceField(choices=KINDS)
    key = serializers.UUIDField()
    since = serializers.DateTimeField()
    due = serializers.DateTimeField(help_text="When it should have been dealt with.")
    at_once = serializers.SerializerMethodField(help_text="May not wait at all.")
    verbs = serializers.SerializerMethodField(help_text="For `act`.")
    student = serializers.SerializerMethodField()
    placement = serializers.SerializerMethodField()
    day = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField(help_text="Whom it is about.")
    title = serializers.SerializerMethodField()
    site_name = serializers.SerializerMethodField()
    effect = serializers.SerializerMethodField(help_text="Of approving; of a request alone.")

    def get_at_once(self, case: Case) -> bool:
        return case.kind in AT_ONCE

    def get_verbs(self, case: Case) -> list[str]:
        return list(ACTS.get(case.kind, {}))

    @extend_schema_field(StudentDocument(allow_null=True))
    def get_student(self, case: Case) -> Any:
        placement = _placement(case)
        return StudentDocument(placement.student).data if placement else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_placement(self, case: Case) -> Any:
        placement = _placement(case)
        return placement.id if placement else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_day(self, case: Case) -> Any:
        return case.subject.id if isinstance(case.subject, Attendance) else None

    def get_name(self, case: Case) -> str:
        if placement := _placement(case):
            return placement.student.full_name
        if isinstance(case.subject, SilentMentor):
            return case.subject.reach.name or case.subject.reach.email
        if isinstance(case.subject, OwnerQuestion):
            return case.subject.school_name
        notice: Notice = case.subject
        return notice.person.full_name if notice.person else notice.email

    def get_title(self, case: Case) -> str:
        placement = _placement(case)
        return placement.title if placement else ""

    def get_site_name(self, case: Case) -> str:
        placement = _placement(case)
        return placement.site_name if placement else ""

    @extend_schema_field(EffectDocument(allow_null=True))
    def get_effect(self, case: Case) -> Any:
        if not isinstance(case.subject, Waiting):
            return None
        return EffectDocument(effect_of(case.subject)).data


def _placement(case: Case) -> Placement | None:
    """The placement a case is about; None where it is about a mentor, a school or a mail."""
    subject = case.subject
    if isinstance(subject, Placement):
        return subject
    if isinstance(subject, Attendance | Waiting | WhereRow | PapersWaiting):
        return subject.placement
    return None


class KindQuery(serializers.Serializer):
    kind = serializers.ChoiceField(choices=KINDS, required=False, help_text="Cases of it alone.")


@extend_schema_serializer(many=False)  # it is the list, not a case
class WorklistDocument(serializers.Serializer):
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many wait, by kind."
    )
    results = CaseDocument(many=True, help_text="Most urgent and oldest first.")


class WorkTerms(serializers.Serializer):
    """What to do with which cases of one kind."""

    kind = serializers.ChoiceField(choices=KINDS)
    verb = serializers.CharField(max_length=20)
    keys = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=100)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        known = ACTS.get(Kind(attrs["kind"]), {})
        if attrs["verb"] not in known:
            verbs = ", ".join(known) or "none"
            raise serializers.ValidationError({"verb": f"Not of this kind; its verbs: {verbs}."})
        return attrs


class RefusedCase(serializers.Serializer):
    key = serializers.UUIDField()
    code = serializers.CharField()
    detail = serializers.CharField()


class WorkedOffDocument(serializers.Serializer):
    done = serializers.ListField(child=serializers.UUIDField())
    refused = RefusedCase(many=True)
    gone = serializers.ListField(child=serializers.UUIDField(), help_text="No longer waiting.")


class NumbersDocument(serializers.Serializer):
    """The school now. Slots are own ones: free for own students, released, in use."""

    students = serializers.IntegerField()
    interning = serializers.IntegerField()
    pursuing = serializers.IntegerField()
    expiring = serializers.IntegerField(help_text="Within two days.")
    requests = serializers.IntegerField()
    starts = serializers.IntegerField()
    questions = serializers.IntegerField()
    waiting = serializers.IntegerField()
    oldest = serializers.DateTimeField(allow_null=True, help_text="Of what waits.")
    slots_free = serializers.IntegerField()
    slots_released = serializers.IntegerField()
    released_in_use = serializers.IntegerField()


class StagesOfWeek(serializers.Serializer):
    starts_on = serializers.DateField()
    interning = serializers.IntegerField()
    pursuing = serializers.IntegerField()
    waiting = serializers.IntegerField()


class BoardDocument(serializers.Serializer):
    numbers = NumbersDocument()
    weeks = StagesOfWeek(many=True, help_text="At the end of each; now, for the last.")
