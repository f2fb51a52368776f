"""What waits for a coordinator, and what one call does with one case or with many."""

from collections import Counter
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import Resource
from api.serializers import work as documents
from portico.accounts import may
from portico.internships.models import Placement
from portico.reports.board import key_numbers, placements_by_week
from portico.reports.casework import work_off
from portico.reports.worklist import Kind, worklist


class Worklist(Resource):
    """Everything that waits for somebody at the school, the most urgent first."""

    kind = "worklist"
    queryset = Placement.objects.none()  # names a model for the description
    roles = {"*": may.FOLLOW_PLACEMENTS.roles}
    serializer_class = documents.CaseDocument
    pagination_class = None

    @extend_schema(parameters=[documents.KindQuery], responses=documents.WorklistDocument)
    def list(self, request: Request) -> Response:
        """All cases, or those of one kind; how many there are of each."""
        kind = self.asked_in_address(documents.KindQuery).get("kind")
        cases = worklist()
        found: dict[str, Any] = {
            "counts": Counter(str(case.kind) for case in cases),
            "results": [case for case in cases if kind in (None, case.kind)],
        }
        return Response(documents.WorklistDocument(found).data)

    @extend_schema(request=documents.WorkTerms, responses=documents.WorkedOffDocument)
    @action(detail=False, methods=["post"])
    def act(self, request: Request) -> Response:
        """Do one thing with many cases; one that is refused does not stop the rest."""
        asked = self.asked(documents.WorkTerms)
        worked = work_off(
            actor=self.person, kind=Kind(asked["kind"]), verb=asked["verb"], keys=asked["keys"]
        )
        return Response(
            {
                "done": [case.key for case in worked.done],
                "refused": [
                    {"key": case.key, "code": refusal.code, "detail": str(refusal.message)}
                    for case, refusal in worked.refused
                ],
                "gone": worked.gone,
            }
        )


class Board(Resource):
    """The numbers a coordinator sees first."""

    kind = "board"
    reads_replica = True
    roles = {"*": may.FOLLOW_PLACEMENTS.roles}
    serializer_class = documents.BoardDocument
    pagination_class = None

    @extend_schema(responses=documents.BoardDocument)
    def retrieve(self, request: Request) -> Response:
        """Now, and the last ten weeks."""
        found = {"numbers": key_numbers(), "weeks": placements_by_week()}
        return Response(documents.BoardDocument(found).data)
