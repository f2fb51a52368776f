"""Tables as files: what there is, starting one, how far it is, fetching it."""

import uuid
from typing import Any

from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import Resource
from api.serializers import reports as documents
from portico.accounts import may
from portico.accounts.models import Person
from portico.reports.exports import tables_here
from portico.reports.exports.runs import DONE, Run, find_run
from portico.reports.exports.starting import start_export
from portico.reports.exports.writing import FORMATS

RUN = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class Exports(Resource):
    """Tables as CSV or XLSX. History names who took which table out."""

    kind = "exports"
    queryset = Person.objects.none()  # names a model for the description
    hosts = ("school", "region")
    reads_replica = True
    sends_files = ("file",)
    roles = {"*": may.EXPORT.roles}
    serializer_class = documents.RunDocument
    pagination_class = None

    @extend_schema(responses=documents.TableDocument(many=True))
    def list(self, request: Request) -> Response:
        """The tables there are here, and how long each is."""
        tables = tables_here(self.tenant.kind).values()
        return Response(documents.TableDocument(tables, many=True).data)

    @extend_schema(request=documents.ExportTerms, responses={201: documents.RunDocument})
    def create(self, request: Request) -> Response:
        """Take a table out. A short one is done with the answer, a long one a worker makes."""
        asked = self.asked(documents.ExportTerms)
        table = tables_here(self.tenant.kind).get(asked["table"])
        if table is None:
            raise ValidationError({"table": ["There is no such table here."]})
        run = start_export(actor=self.person, table=table, file_format=asked["format"])
        return Response(self._document(run), status=201)

    @extend_schema(parameters=[RUN])
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """How far it is."""
        return Response(self._document(self._run(pk)))

    @extend_schema(
        parameters=[RUN],
        responses={(200, form.partition(";")[0]): OpenApiTypes.BINARY for form in FORMATS.values()},
    )
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: uuid.UUID) -> FileResponse:
        """The file, while its hour lasts."""
        run = self._run(pk)
        if run.state != DONE or not run.path.exists():
            raise NotFound
        return FileResponse(
            run.path.open("rb"),
            as_attachment=True,
            filename=f"{self.tenant.code}-{run.table}.{run.file_format}",
            content_type=FORMATS[run.file_format],
        )

    def _run(self, pk: uuid.UUID) -> Run:
        run = find_run(run_id=pk, person=self.person)
        if run is None:
            raise NotFound
        return run

    def _document(self, run: Run) -> Any:
        def file_of(run: Run) -> str:
            path = reverse("api-exports-file", kwargs={"pk": uuid.UUID(run.id)})
            return self.request.build_absolute_uri(path)

        return documents.RunDocument(run, context={"file_of": file_of}).data
