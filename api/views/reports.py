"""A school's reports: fairness, demand, places to win, the map, counts. Thresholds as on pages."""

import uuid

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.files import PDF, pdf_answer
from api.filters import LeadFilter
from api.resource import Resource
from api.serializers import reports as documents
from api.serializers.catalog import SiteDocument
from api.views.catalog import Curated
from catalog.cultivation import save_lead, win_lead
from catalog.models import Lead
from portico.accounts import may
from portico.accounts.models import Person
from portico.internships.actions.groups import keep_group, recorded_groups
from portico.reports.asset_map import Wanted, coverage, pins, position_of
from portico.reports.demand import demand_by_field, missed_words, wished_jobs
from portico.reports.exports.runs import note_export
from portico.reports.fairness import placed_shares, seekers
from portico.reports.small_groups import MINIMUM
from portico.reports.term_report import report_for
from portico.reports.work_based_learning import graduates_who_took_part
from tenants.names import region_of, school_schema
from tenants.queries import school_names


class Fairness(Resource):
    """Who is placed and who waits, by grade and by the groups the school records."""

    kind = "fairness"
    reads_replica = True
    roles = {"*": may.WATCH_FAIRNESS.roles}
    serializer_class = documents.FairnessDocument
    pagination_class = None

    @extend_schema(responses=documents.FairnessDocument)
    def retrieve(self, request: Request) -> Response:
        """This school year. Small groups are hidden, also from subtraction."""
        shares, waiting = placed_shares(), seekers()
        found = {
            "smallest_group": MINIMUM,
            "everyone": shares.everyone,
            "grades": shares.grades,
            "groups": shares.groups,
            **vars(waiting),
        }
        return Response(documents.FairnessDocument(found).data)


class Groups(Resource):
    """Groups of students the school keeps an eye on. Students never see them."""

    kind = "groups"
    queryset = Person.objects.none()  # names a model for the description
    roles = {"*": may.WATCH_FAIRNESS.roles}
    serializer_class = documents.GroupDocument
    pagination_class = None

    @extend_schema(responses=documents.GroupDocument(many=True))
    def list(self, request: Request) -> Response:
        """Those recorded."""
        return Response(_groups())

    @extend_schema(
        request=documents.GroupTerms, responses={201: documents.GroupDocument(many=True)}
    )
    def create(self, request: Request) -> Response:
        """Say who is in one; all groups then."""
        asked = self.asked(documents.GroupTerms)
        keep_group(actor=self.person, name=asked["name"], students=set(asked["students"]))
        return Response(_groups(), status=201)


def _groups() -> list[dict[str, object]]:
    return [{"name": name, "students": count} for name, count in recorded_groups().items()]


class Demand(Resource):
    """What students want against what there is."""

    kind = "demand"
    reads_replica = True
    roles = {"*": may.CULTIVATE.roles}
    serializer_class = documents.DemandDocument
    pagination_class = None

    @extend_schema(responses=documents.DemandDocument)
    def retrieve(self, request: Request) -> Response:
        """Field by field; jobs wished for by name; words searched in vain."""
        found = {
            "field_rows": demand_by_field(),
            "jobs": wished_jobs(),
            "missed": missed_words(),
        }
        return Response(documents.DemandDocument(found).data)


class Leads(Curated):
    """Places the school would like to win, worked through one by one."""

    kind = "leads"
    model = Lead
    queryset = Lead.objects.none()  # names the model; see get_queryset
    roles = {"*": may.CULTIVATE.roles}
    serializer_class = documents.LeadDocument
    filterset_class = LeadFilter

    def get_queryset(self) -> QuerySet[Lead]:
        return Lead.objects.all()

    def save(self, thing: Lead) -> Lead:
        return save_lead(actor=self.person, lead=thing)

    @extend_schema(request=None, responses=SiteDocument)
    @action(detail=True, methods=["post"])
    def won(self, request: Request, pk: uuid.UUID) -> Response:
        """They said yes: a site is made of it, or the school's own of that name found."""
        return Response(SiteDocument(win_lead(actor=self.person, lead_id=pk)).data)


class AssetMap(Resource):
    """Where open slots are, and which wished fields are out of reach."""

    kind = "asset-map"
    reads_replica = True
    roles = {"*": may.CULTIVATE.roles}
    serializer_class = documents.MapDocument
    pagination_class = None

    @extend_schema(parameters=[documents.MapQuery], responses=documents.MapDocument)
    def retrieve(self, request: Request) -> Response:
        """As GeoJSON, nearest first; then the coverage of each field students wish for."""
        asked = self.asked_in_address(documents.MapQuery)
        here, miles = position_of(self.tenant), float(asked.pop("miles"))
        if "school" in asked:
            asked["school"] = self._school(asked["school"])
        found = {
            "type": "FeatureCollection",
            "features": pins(wanted=Wanted(**asked), school=here),
            "coverage": coverage(school=here, miles=miles) if here else [],
        }
        return Response(documents.MapDocument(found).data)

    def _school(self, code: str) -> str:
        region = region_of(self.tenant.schema_name)
        assert region is not None  # the address is a school's
        schema = school_schema(region=region, school=code)
        if schema not in school_names(region=region):
            raise ValidationError({"school": ["No such school."]})
        return schema


class WorkBasedLearning(Resource):
    """The count Perkins V asks for (5S3)."""

    kind = "work-based-learning"
    reads_replica = True
    roles = {"*": may.FOLLOW_PLACEMENTS.roles}
    serializer_class = documents.TookPartDocument
    pagination_class = None

    @extend_schema(responses=documents.TookPartDocument)
    def retrieve(self, request: Request) -> Response:
        """Of the graduating grade; from which grade and hours on, the portal's settings say."""
        return Response(documents.TookPartDocument(graduates_who_took_part()).data)


class TermReports(Resource):
    """This half-year in numbers, of the school or of the region."""

    kind = "term-report"
    reads_replica = True
    sends_files = ("pdf",)
    hosts = ("school", "region")
    roles = {"*": may.EXPORT.roles}
    serializer_class = documents.TermReportDocument
    pagination_class = None

    @extend_schema(responses=documents.TermReportDocument)
    def retrieve(self, request: Request) -> Response:
        """From rollups, at most a minute old."""
        return Response(documents.TermReportDocument(report_for(kind=self.tenant.kind)).data)

    @extend_schema(request=None, responses=PDF)
    def pdf(self, request: Request) -> HttpResponse:
        """The same with charts, to print. History names who took it out."""
        # Not at the top: it brings fontTools, a second and 20 MB of every process.
        from portico.reports.term_report_pdf import report_pdf

        report = report_for(kind=self.tenant.kind)
        note_export(actor=self.person, table="term_report", file_format="pdf", rows=1)
        body = report_pdf(report, tenant=self.tenant)
        return pdf_answer(body, name=f"{self.tenant.code}-{report.term}")
