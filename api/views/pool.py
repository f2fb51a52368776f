"""What crosses schools: releases, questions, the region's pool, partners' postings."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters
from api.resource import EVERYONE, Resource
from api.serializers import pool as documents
from api.versions import answer_versioned, require_match
from portico.accounts import may
from sharing.actions import answer_owner_question, save_posting
from sharing.models import MentorContact, OwnerQuestion, OwnListing, Partner, PoolListing, Synonym
from sharing.queries import own_releases, questions_to_us
from sharing.synonyms import remove_synonym, save_synonym
from tenants.queries import schools_of


class Releases(Resource):
    """This school's slots in the pool. Release and recall are actions of an opportunity."""

    kind = "releases"
    queryset = OwnListing.objects.none()  # names the model; see get_queryset
    roles = {"*": may.RELEASE.roles}
    serializer_class = documents.ReleaseDocument

    def get_queryset(self) -> QuerySet[OwnListing]:
        return own_releases()

    def list(self, request: Request) -> Response:
        """How many slots are in use, never by whom."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(documents.ReleaseDocument(page, many=True).data)


class Questions(Resource):
    """What other schools ask this one about its released slots."""

    kind = "questions"
    queryset = OwnerQuestion.objects.none()  # names the model; see get_queryset
    roles = {"*": may.DECIDE_REQUESTS.roles}
    serializer_class = documents.QuestionDocument
    filterset_class = filters.QuestionFilter

    def get_queryset(self) -> QuerySet[OwnerQuestion]:
        return questions_to_us(open_only=False)

    def list(self, request: Request) -> Response:
        """Open and answered ones."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(documents.QuestionDocument(page, many=True).data)

    @extend_schema(request=documents.QuestionAnswer, responses=documents.QuestionDocument)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: uuid.UUID) -> Response:
        """Yes, and the slot is held; or no, with a reason they read."""
        self.get_queryset().get(id=pk)
        asked = documents.QuestionAnswer(data=request.data)
        asked.is_valid(raise_exception=True)
        answer_owner_question(actor=self.person, question_id=pk, **asked.validated_data)
        return Response(documents.QuestionDocument(self.get_queryset().get(id=pk)).data)


class Partners(Resource):
    """Nonprofits that post to the region's pool."""

    kind = "partners"
    hosts = ("school", "region")
    roles = {"*": EVERYONE}
    serializer_class = documents.PartnerDocument
    queryset = Partner.objects.all()

    def list(self, request: Request) -> Response:
        """All partners of the region."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(documents.PartnerDocument(page, many=True).data)


class OfRegion(Resource):
    hosts = ("region",)

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if getattr(self, "swagger_fake_view", False):
            return context
        region = self.tenant.schema_name
        codes = {school.code for school in schools_of(region=region)}
        return context | {"region": region, "school_codes": codes}


class Pool(OfRegion):
    """The whole pool as a district admin sees it. Students search listings instead."""

    kind = "pool"
    reads_replica = True
    roles = {"*": may.OVERSEE.roles}
    serializer_class = documents.PoolDocument
    filterset_class = filters.PoolFilter
    queryset = PoolListing.objects.defer("doc")

    def list(self, request: Request) -> Response:
        """Releases and postings, newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One listing of the pool."""
        return Response(self.get_serializer(self.get_queryset().get(id=pk)).data)


class Postings(OfRegion):
    """A partner's own postings, for its staff."""

    kind = "postings"
    queryset = PoolListing.objects.none()  # names the model; see get_queryset
    roles = {"*": may.POST.roles}
    is_versioned = True
    serializer_class = documents.PostingDocument
    filterset_class = filters.PoolFilter

    def get_queryset(self) -> QuerySet[PoolListing]:
        return (
            PoolListing.objects.defer("doc")
            .select_related("contact")
            .filter(partner=self.person.partner_id)
        )

    def list(self, request: Request) -> Response:
        """Newest first, drafts and closed ones included."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One, with its ETag."""
        return answer_versioned(request, self._document(pk))

    def create(self, request: Request) -> Response:
        """Post to all schools of the region, or to those named."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        facts = asked.validated_data
        contact = MentorContact(**facts.pop("contact"))
        posted = save_posting(actor=self.person, listing=PoolListing(**facts), contact=contact)
        return answer_versioned(request, self._document(posted.id), status=201)

    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change what is named, close it (`state`), or open it again."""
        listing = self.get_queryset().select_for_update(of=("self",)).get(id=pk)
        require_match(request, self.get_serializer(listing).data)
        asked = self.get_serializer(listing, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        facts = asked.validated_data
        contact = listing.contact
        for name, value in facts.pop("contact", {}).items():
            setattr(contact, name, value)
        for name, value in facts.items():
            setattr(listing, name, value)
        save_posting(actor=self.person, listing=listing, contact=contact)
        return answer_versioned(request, self._document(pk))

    def _document(self, pk: uuid.UUID) -> Any:
        return self.get_serializer(self.get_queryset().get(id=pk)).data


class Synonyms(OfRegion):
    """The region's own words for search, beside those everybody has."""

    kind = "synonyms"
    roles = {"*": may.KEEP_WORDS.roles}
    is_versioned = True
    serializer_class = documents.SynonymDocument
    queryset = Synonym.objects.all()

    def list(self, request: Request) -> Response:
        """All entries."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One, with its ETag."""
        return answer_versioned(request, self.get_serializer(self.get_queryset().get(id=pk)).data)

    def create(self, request: Request) -> Response:
        """Say what a word means here."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        facts = {"means": [], **asked.validated_data}
        saved = save_synonym(actor=self.person, **facts)
        return answer_versioned(request, self.get_serializer(saved).data, status=201)

    def partial_update(self, request: Request, pk: uuid.UUID) -> Response:
        """Change what is named."""
        synonym = self.get_queryset().select_for_update().get(id=pk)
        require_match(request, self.get_serializer(synonym).data)
        asked = self.get_serializer(synonym, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        facts = {"word": synonym.word, "means": synonym.means, **asked.validated_data}
        saved = save_synonym(actor=self.person, synonym_id=pk, **facts)
        return answer_versioned(request, self.get_serializer(saved).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Forget the entry."""
        remove_synonym(actor=self.person, synonym_id=pk)
        return Response(status=204)
