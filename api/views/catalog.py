"""What a school curates: sites, mentors, opportunities, and the suggestions it answers."""

import uuid
from typing import Any, ClassVar, cast

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters
from api.resource import COORDINATOR, Resource
from api.serializers import catalog as documents
from api.versions import answer_versioned, require_match
from catalog import actions
from catalog.models import Mentor, Opportunity, Site, Suggestion
from portico.accounts import may
from portico.internships.actions.releasing import release_slots, release_unwanted
from portico.internships.queue import unwanted_opportunities
from sharing.actions import recall_slots, refresh_release


class Curated(Resource):
    """Read by staff, written by coordinators, one version at a time."""

    roles = {
        "*": may.CURATE.roles,
        "list": may.SEE_OFFERS.roles,
        "retrieve": may.SEE_OFFERS.roles,
    }
    is_versioned = True
    model: ClassVar[type[Model]]

    def get_queryset(self) -> QuerySet[Any]:
        return cast(Any, self.model).objects.all()

    def save(self, thing: Any) -> Any:
        """The action that saves one."""
        raise NotImplementedError

    def document(self, thing: Any) -> Any:
        return self.get_serializer_class()(thing).data

    def list(self, request: Request) -> Response:
        """All of the school's, newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([self.document(thing) for thing in page])

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One, with its ETag."""
        return answer_versioned(request, self.document(self.get_queryset().get(id=pk)))

    def create(self, request: Request) -> Response:
        """Add one."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        thing = self.save(self.model(**asked.validated_data))
        return answer_versioned(request, self.document(thing), status=201)

    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change what is named. If-Match must be the ETag you have read."""
        thing = self.get_queryset().select_for_update(of=("self",)).get(id=pk)
        require_match(request, self.document(thing))
        asked = self.get_serializer(thing, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        for name, value in asked.validated_data.items():
            setattr(thing, name, value)
        self.save(thing)
        return answer_versioned(request, self.document(self.get_queryset().get(id=pk)))


class Sites(Curated):
    """Places of work the school knows."""

    kind = "sites"
    model = Site
    serializer_class = documents.SiteDocument
    filterset_class = filters.SiteFilter

    def save(self, thing: Site) -> Site:
        return actions.save_site(actor=self.person, site=thing)


class Mentors(Curated):
    """The adults at a site who take students on."""

    kind = "mentors"
    model = Mentor
    serializer_class = documents.MentorDocument
    filterset_class = filters.MentorFilter

    def save(self, thing: Mentor) -> Mentor:
        return actions.save_mentor(actor=self.person, mentor=thing)


class Opportunities(Curated):
    """What the school offers, drafts included, with its slots."""

    kind = "opportunities"
    model = Opportunity
    serializer_class = documents.OpportunityDocument
    filterset_class = filters.OpportunityFilter

    def get_queryset(self) -> QuerySet[Opportunity]:
        return Opportunity.objects.defer("doc")

    def save(self, thing: Opportunity) -> Opportunity:
        saved = actions.save_opportunity(actor=self.person, opportunity=thing)
        refresh_release(opportunity=saved)
        return saved

    def _change_state(self, pk: uuid.UUID, act: str) -> Response:
        opportunity = actions.change_opportunity_state(
            actor=self.person, opportunity_id=pk, action=act
        )
        refresh_release(opportunity=opportunity)
        return answer_versioned(self.request, self.document(opportunity))

    @extend_schema(request=None, responses=documents.OpportunityDocument)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: uuid.UUID) -> Response:
        """Students of this school see it."""
        return self._change_state(pk, "publish")

    @extend_schema(request=None, responses=documents.OpportunityDocument)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: uuid.UUID) -> Response:
        """Nobody can ask for it until it is published again."""
        return self._change_state(pk, "pause")

    @extend_schema(request=None, responses=documents.OpportunityDocument)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: uuid.UUID) -> Response:
        """Put it away; released slots must be recalled first."""
        return self._change_state(pk, "archive")

    @extend_schema(request=documents.ReleaseTerms, responses=documents.Released)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: uuid.UUID) -> Response:
        """Put free slots into the pool, for every school of the region."""
        asked = documents.ReleaseTerms(data=request.data)
        asked.is_valid(raise_exception=True)
        listing_id = release_slots(actor=self.person, opportunity_id=pk, **asked.validated_data)
        return Response({"listing": listing_id, "opportunity": self._now(pk)})

    @extend_schema(request=documents.RecallTerms, responses=documents.Recalled)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: uuid.UUID) -> Response:
        """Take back what nobody holds; says what is held."""
        asked = documents.RecallTerms(data=request.data)
        asked.is_valid(raise_exception=True)
        back, held = recall_slots(actor=self.person, opportunity_id=pk, **asked.validated_data)
        return Response({"came_back": back, "still_held": held, "opportunity": self._now(pk)})

    @extend_schema(responses=documents.OpportunityDocument(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def unwanted(self, request: Request) -> Response:
        """With slots to release, and no student here ever requested or saved them; at most 200."""
        found = unwanted_opportunities()[:200]
        return Response([self.document(one) for one in found])

    @extend_schema(
        request=documents.ReleaseUnwantedTerms,
        responses=documents.ReleasedUnwanted(many=True),
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="release-unwanted", pagination_class=None)
    def release_unwanted(self, request: Request) -> Response:
        """Release all free slots of several; one that is refused does not stop the rest."""
        asked = self.asked(documents.ReleaseUnwantedTerms)
        results = release_unwanted(
            actor=self.person, opportunity_ids=asked.pop("opportunities"), **asked
        )
        return Response(
            [
                {
                    "opportunity": one.opportunity.id,
                    "slots": one.slots,
                    "code": one.refusal.code if one.refusal else "",
                    "detail": str(one.refusal.message) if one.refusal else "",
                }
                for one in results
            ]
        )

    def _now(self, pk: uuid.UUID) -> Any:
        return self.document(self.get_queryset().get(id=pk))


class Suggestions(Resource):
    """Places students propose. A student sees the own ones, a coordinator all."""

    kind = "suggestions"
    queryset = Suggestion.objects.none()  # names the model; see get_queryset
    roles = {
        "*": may.SEE_SUGGESTIONS.roles,
        "create": may.SEARCH.roles,
        "take_over": may.CURATE.roles,
        "decline": may.CURATE.roles,
    }
    serializer_class = documents.SuggestionDocument
    filterset_class = filters.SuggestionFilter

    def get_queryset(self) -> QuerySet[Suggestion]:
        found = Suggestion.objects.select_related("student")
        return found if self.person.has_role(COORDINATOR) else found.filter(student=self.person)

    def list(self, request: Request) -> Response:
        """Newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(documents.SuggestionDocument(page, many=True).data)

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One suggestion and the answer to it."""
        return Response(documents.SuggestionDocument(self.get_queryset().get(id=pk)).data)

    @extend_schema(responses={201: documents.SuggestionDocument})
    def create(self, request: Request) -> Response:
        """Propose a place."""
        asked = documents.SuggestionDocument(data=request.data)
        asked.is_valid(raise_exception=True)
        made = actions.suggest_site(
            student=self.person, suggestion=Suggestion(**asked.validated_data)
        )
        return Response(documents.SuggestionDocument(made).data, status=201)

    @extend_schema(request=documents.Answer, responses=documents.SiteDocument)
    @action(detail=True, methods=["post"], url_path="take-over")
    def take_over(self, request: Request, pk: uuid.UUID) -> Response:
        """Make a site of it, or find the school's own of that name."""
        asked = documents.Answer(data=request.data)
        asked.is_valid(raise_exception=True)
        site = actions.take_over_suggestion(
            actor=self.person, suggestion_id=pk, answer=asked.validated_data["answer"]
        )
        return Response(documents.SiteDocument(site).data)

    @extend_schema(request=documents.AnswerRequired, responses=documents.SuggestionDocument)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: uuid.UUID) -> Response:
        """Say why not; the student reads it."""
        asked = documents.AnswerRequired(data=request.data)
        asked.is_valid(raise_exception=True)
        suggestion = actions.decline_suggestion(
            actor=self.person, suggestion_id=pk, answer=asked.validated_data["answer"]
        )
        return Response(documents.SuggestionDocument(suggestion).data)
