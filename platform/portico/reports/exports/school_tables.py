"""What a school may take out: its own placements, opportunities, hours, and the pool it sees."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Opportunity, Site
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.hours import minutes, standing
from portico.attendance.models import Attendance
from portico.documents.checklist import Standing, checklists
from portico.documents.queries import marked_concentrators
from portico.internships.models import Placement
from portico.internships.states import HOLDING
from portico.reports.exports.table import Row, Table
from sharing.models import VisibleListing

CHUNK = 500
OFFER_COLUMNS = [
    _("Title"), _("Site"), _("Neighborhood"), _("Field"), _("Pay"), _("Grades"), _("Skills"),
    _("First day"), _("Last day"),
]  # fmt: skip


def _offer(one: Opportunity | VisibleListing) -> Row:
    return [
        one.title,
        one.site_name,
        one.neighborhood,
        one.get_field_display(),
        one.get_pay_display(),
        ", ".join(map(str, one.grades)),
        ", ".join(one.skills),
        one.starts_on,
        one.ends_on,
    ]


def _local(moment):  # type: ignore[no-untyped-def]
    """A moment as the school's clock showed it; spreadsheets know no zones."""
    return timezone.localtime(moment).replace(tzinfo=None) if moment else None


def _placements() -> Iterator[Row]:
    found = Placement.objects.select_related("student__teacher").order_by("requested_at", "id")
    for one in found.iterator(CHUNK):
        student = one.student
        yield [
            student.family_name,
            student.given_name,
            student.grade,
            student.teacher.full_name if student.teacher else "",
            one.title,
            one.site_name,
            one.get_field_display(),
            one.origin_name,
            one.get_state_display(),
            _local(one.requested_at),
            _local(one.decided_at),
            _local(one.started_at),
            _local(one.ended_at),
            one.reason,
        ]


def _opportunities() -> Iterator[Row]:
    for one in Opportunity.objects.defer("doc").order_by("title", "id").iterator(CHUNK):
        yield [
            *_offer(one),
            one.get_state_display(),
            one.capacity,
            one.taken,
            one.released,
        ]


def _pool() -> Iterator[Row]:
    found = VisibleListing.objects.defer("doc").order_by("title", "id")
    for one in found.iterator(CHUNK):
        yield [*_offer(one), one.origin_name, one.slots, max(0, one.slots - one.taken)]


def _sites() -> Iterator[Row]:
    for one in Site.objects.order_by("name", "id").iterator(CHUNK):
        yield [
            one.name,
            one.sector,
            one.address,
            one.neighborhood,
            one.city,
            one.zip_code,
            one.website,
        ]


def _hours() -> Iterator[Row]:
    found = Attendance.objects.select_related("placement__student").order_by("day", "id")
    for one in found.iterator(CHUNK):
        placement = one.placement
        yield [
            placement.student.family_name,
            placement.student.given_name,
            placement.title,
            placement.site_name,
            one.day,
            _local(one.corrected_in_at or one.check_in_at),
            _local(one.corrected_out_at or one.check_out_at),
            round(minutes(one) / 60, 2),
            standing(one).label,
        ]


def _holding() -> list[Placement]:
    """Placements that hold a slot: as many as there are slots, no more."""
    found = Placement.objects.filter(state__in=HOLDING).select_related("student__teacher")
    return list(found.order_by("requested_at", "id"))


def _documents() -> Iterator[Row]:
    """A row a requirement of each placement that holds a slot."""
    placements = _holding()
    lists = checklists(placements)
    for one in placements:
        for item in lists[one.id]:
            document = item.document
            yield [
                one.student.family_name,
                one.student.given_name,
                one.student.grade,
                one.title,
                one.site_name,
                one.get_state_display(),
                item.requirement.title,
                item.requirement.get_giver_display(),
                str(Standing(item.standing).label),
                document.given_name if document else "",
                _local(document.given_at) if document else None,
                document.valid_until if document else None,
            ]


def _count_documents() -> int:
    return sum(len(items) for items in checklists(_holding()).values())


def _students() -> Iterator[Row]:
    found = (
        Person.objects.filter(roles__contains=[Role.STUDENT], is_active=True)
        .select_related("teacher")
        .prefetch_related("placements")
        .order_by("family_name", "given_name", "id")
    )
    concentrators = marked_concentrators()
    for one in found.iterator(CHUNK):
        begun = [each for each in one.placements.all() if each.started_at]
        yield [
            one.family_name,
            one.given_name,
            one.grade,
            one.teacher.full_name if one.teacher else "",
            len(begun),
            sum(each.ended_at is None for each in begun),
            str(_("yes")) if one.id in concentrators else "",
        ]


SCHOOL_TABLES = (
    Table(
        key="placements",
        title=_("Placements"),
        about=_("Every placement from request to end."),
        columns=[
            _("Family name"), _("Given name"), _("Grade"), _("Teacher"), _("Internship"),
            _("Site"), _("Field"), _("Offered by"), _("State"), _("Requested"), _("Decided"),
            _("Started"), _("Ended"), _("Reason"),
        ],
        count=lambda: Placement.objects.count(),
        rows=_placements,
        students=True,
    ),
    Table(
        key="students",
        title=_("Students"),
        about=_("Who has had an internship and who has not."),
        columns=[
            _("Family name"), _("Given name"), _("Grade"), _("Teacher"),
            _("Internships begun"), _("Interning now"), _("CTE concentrator"),
        ],
        count=lambda: Person.objects.filter(
            roles__contains=[Role.STUDENT], is_active=True
        ).count(),
        rows=_students,
        students=True,
    ),
    Table(
        key="hours",
        title=_("Hours"),
        about=_("Every day at an internship and how far its hours can be trusted."),
        columns=[
            _("Family name"), _("Given name"), _("Internship"), _("Site"), _("Day"),
            _("From"), _("Until"), _("Hours"), _("Standing"),
        ],
        count=lambda: Attendance.objects.count(),
        rows=_hours,
        students=True,
    ),
    Table(
        key="documents",
        title=_("Documents"),
        about=_("What is required of each internship under way, and how it stands."),
        columns=[
            _("Family name"), _("Given name"), _("Grade"), _("Internship"), _("Site"), _("State"),
            _("Document"), _("Who gives it"), _("Standing"), _("Given by"), _("When"),
            _("Good until"),
        ],
        count=_count_documents,
        rows=_documents,
        students=True,
    ),
    Table(
        key="opportunities",
        title=_("Opportunities"),
        about=_("What the school offers, with its slots."),
        columns=[*OFFER_COLUMNS, _("State"), _("Slots"), _("Taken"), _("Released")],
        count=lambda: Opportunity.objects.count(),
        rows=_opportunities,
    ),
    Table(
        key="pool",
        title=_("The region's pool"),
        about=_("What other schools and partners offer your students."),
        columns=[*OFFER_COLUMNS, _("Offered by"), _("Slots"), _("Free")],
        count=lambda: VisibleListing.objects.count(),
        rows=_pool,
    ),
    Table(
        key="sites",
        title=_("Sites"),
        about=_("The places of work the school knows, without contacts."),
        columns=[
            _("Name"), _("Sector"), _("Address"), _("Neighborhood"), _("City"), _("ZIP code"),
            _("Web site"),
        ],
        count=lambda: Site.objects.count(),
        rows=_sites,
    ),
)  # fmt: skip
