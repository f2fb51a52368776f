"""Documents before a start: what is required and there, what is sent, asked for and checked."""

import uuid

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import DocumentFilter
from api.resource import Resource
from api.serializers import documents
from api.serializers.internships import Reason
from portico.accounts import may
from portico.documents.actions import (
    accept_document,
    ask_for_documents,
    send_document_back,
    upload_document,
)
from portico.documents.checklist import checklist
from portico.documents.models import Document
from portico.documents.queries import seen_documents
from portico.documents.serving import download
from portico.documents.sniffing import EXTENSIONS
from portico.internships.models import Placement
from portico.internships.queue import get_placement
from portico.internships.rules import may_see

FILES = {(200, content_type): OpenApiTypes.BINARY for content_type in EXTENSIONS}


class Documents(Resource):
    """Signatures and files. Students see their own, teachers their advisees'."""

    kind = "documents"
    queryset = Document.objects.none()  # names the model; see get_queryset
    roles = {
        "*": may.GIVE_DOCUMENTS.roles,
        "accept": may.CHECK_DOCUMENTS.roles,
        "send_back": may.CHECK_DOCUMENTS.roles,
    }
    parser_classes = (JSONParser, MultiPartParser)
    serializer_class = documents.GivenDocument
    filterset_class = DocumentFilter

    def get_queryset(self) -> QuerySet[Document]:
        return seen_documents(person=self.person)

    def list(self, request: Request) -> Response:
        """What was given, the newest first; earlier versions too."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset().defer("text")))
        return self.get_paginated_response(documents.GivenDocument(page, many=True).data)

    @extend_schema(responses=documents.WholeDocument)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One, with the text that was signed."""
        return self._answer(pk)

    @extend_schema(
        request={"multipart/form-data": documents.Upload}, responses={201: documents.WholeDocument}
    )
    def create(self, request: Request) -> Response:
        """Send a file. A student's own waits to be checked; what staff file counts at once.

        With an Idempotency-Key a file of up to 2.5 MB.
        """
        asked = self.asked(documents.Upload)
        placement = seen_placement(self, asked["placement"])
        document = upload_document(
            placement_id=placement.id,
            requirement_id=asked["requirement"],
            actor=self.person,
            name=asked["name"],
            file=asked["file"],
        )
        return self._answer(document.id, status=201)

    @extend_schema(request=documents.ValidUntil, responses=documents.WholeDocument)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: uuid.UUID) -> Response:
        """It counts, until a day or as the requirement says."""
        self.get_queryset().get(id=pk)
        accept_document(document_id=pk, actor=self.person, **self.asked(documents.ValidUntil))
        return self._answer(pk)

    @extend_schema(request=Reason, responses=documents.WholeDocument)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: uuid.UUID) -> Response:
        """It does not count; whoever gave it reads why and is asked anew."""
        self.get_queryset().get(id=pk)
        send_document_back(document_id=pk, actor=self.person, **self.asked(Reason))
        return self._answer(pk)

    @extend_schema(responses=FILES)
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: uuid.UUID) -> HttpResponseBase:
        """The file itself, as a download; the reading is recorded."""
        document = self.get_queryset().select_related("placement").get(id=pk)
        return download(document, actor=self.person)

    def _answer(self, pk: uuid.UUID, *, status: int = 200) -> Response:
        found = self.get_queryset().get(id=pk)
        return Response(documents.WholeDocument(found).data, status=status)


class Checklists(Resource):
    """What a placement needs before it starts, named by the placement's id."""

    kind = "checklists"
    queryset = Placement.objects.none()  # names the model of the id
    roles = {"*": may.FOLLOW_DOCUMENTS.roles}
    serializer_class = documents.ChecklistDocument
    pagination_class = None

    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """Each requirement and how it stands."""
        return self._answer(seen_placement(self, pk))

    @extend_schema(request=documents.AskTerms, responses=documents.ChecklistDocument)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: uuid.UUID) -> Response:
        """Write to the guardian, mentor or student about what is missing: a link to sign."""
        placement = seen_placement(self, pk)
        ask_for_documents(
            placement_id=placement.id, actor=self.person, **self.asked(documents.AskTerms)
        )
        return self._answer(placement)

    def _answer(self, placement: Placement) -> Response:
        whole = {"placement": placement.id, "items": checklist(placement)}
        return Response(documents.ChecklistDocument(whole).data)


def seen_placement(view: Resource, placement_id: uuid.UUID) -> Placement:
    """Somebody else's placement does not exist, as far as they can tell."""
    placement = get_placement(placement_id=placement_id)
    if not may_see(view.person, placement):
        raise NotFound
    return placement
