"""Terms: made, changed, seen at a glance, rolled over."""

import uuid

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.paging import NewestFirst
from api.resource import EVERYONE
from api.serializers import terms as documents
from api.serializers.catalog import TermDocument
from api.views.catalog import Curated
from catalog.models import Term
from catalog.terms import save_term
from portico.accounts import may
from portico.internships.actions import roll_over_term
from portico.reports.term import leftovers_of, term_at_a_glance


class Terms(Curated):
    """Semesters and seasons."""

    kind = "terms"
    model = Term
    queryset = Term.objects.none()  # names the model; see get_queryset
    roles = {"*": may.PLAN_TERMS.roles, "list": EVERYONE, "retrieve": EVERYONE}
    serializer_class = TermDocument

    def get_queryset(self) -> QuerySet[Term]:
        return Term.objects.all()

    def save(self, thing: Term) -> Term:
        return save_term(actor=self.person, term=thing)

    @extend_schema(
        parameters=[documents.GlanceQuery],
        responses=documents.GlanceDocument,
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def glance(self, request: Request, pk: uuid.UUID) -> Response:
        """Every placement of the term, the newest first, each with its health and the reasons."""
        term = self.get_queryset().get(id=pk)
        asked = self.asked_in_address(documents.GlanceQuery)
        wanted = {"teacher_id" if name == "teacher" else name: asked[name] for name in asked}
        for name in ("cursor", "size"):  # the page's, not the term's
            wanted.pop(name, None)
        found = term_at_a_glance(term=term, **wanted)
        pages = NewestFirst()
        page = pages.paginate_rows(found.rows, request, key=lambda row: row.placement.id)
        answer = {
            "results": page,
            "next_cursor": pages.next_cursor,
            "total": len(found.rows),
            "levels": found.levels,
        }
        return Response(documents.GlanceDocument(answer).data)

    @extend_schema(responses=documents.LeftoversDocument, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def leftovers(self, request: Request, pk: uuid.UUID) -> Response:
        """What it leaves to decide about: who is still at work, what is still offered."""
        found = leftovers_of(term=self.get_queryset().get(id=pk))
        return Response(documents.LeftoversDocument(found).data)

    @extend_schema(request=documents.RollOverTerms, responses=documents.RolledOverDocument)
    @action(detail=True, methods=["post"], url_path="roll-over")
    def roll_over(self, request: Request, pk: uuid.UUID) -> Response:
        """Close it: end, carry on, archive. One that is refused does not stop the rest."""
        asked = self.asked(documents.RollOverTerms)
        outcome = roll_over_term(
            actor=self.person,
            term_id=pk,
            next_term_id=asked["next_term"],
            complete=set(asked["complete"]),
            carry=set(asked["carry"]),
        )
        return Response(
            {
                "completed": outcome.completed,
                "carried": outcome.carried,
                "archived": outcome.archived,
                "refused": [
                    {"name": name, "code": refusal.code, "detail": str(refusal.message)}
                    for name, refusal in outcome.refused
                ],
            }
        )
