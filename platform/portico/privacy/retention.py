"""How long each kind of data is kept, what would go today, and letting it go.

For how many days is in periods.py; a kind without a number is kept. History is never
touched: who did what stays, and its seals hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Favorite, MissedSearch, SavedSearch, Suggestion, WishlistItem
from portico.accounts.models import IdempotentRequest, LinkToken, Person
from portico.accounts.roles import Role
from portico.attendance.models import Attendance, MentorLink, Tap
from portico.audit.actions import record
from portico.documents.files import remove_file
from portico.documents.models import Document
from portico.internships.models import Placement
from portico.internships.states import OPEN
from portico.notices.models import Notice
from portico.privacy.periods import periods
from portico.privacy.tables import NO_PASSWORD
from tenants.context import current_schema
from tenants.queries import tenant_by_schema

FORMER = "Former"  # given name of who is kept as a number only


@dataclass(frozen=True)
class Kind:
    """One kind of data. *find*: what is older than a moment; *when*: the column it is dated by."""

    key: str
    label: str | Promise
    find: Callable[[datetime], QuerySet[Any]]
    when: str
    let_go: Callable[[QuerySet[Any]], None]


@dataclass(frozen=True)
class Due:
    """What would go: how many rows, the oldest of them, and after how many days."""

    kind: Kind
    days: int
    count: int
    oldest: datetime | None


def _delete(rows: QuerySet[Any]) -> None:
    rows.delete()


def _blank(**values: Any) -> Callable[[QuerySet[Any]], None]:
    def blank(rows: QuerySet[Any]) -> None:
        rows.update(**values)

    return blank


def _drop_documents(rows: QuerySet[Document]) -> None:
    schema = current_schema()
    files = list(rows.exclude(content_type="").values_list("id", flat=True))
    rows.delete()

    def remove() -> None:
        for one in files:
            remove_file(schema=schema, document_id=one)

    transaction.on_commit(remove)  # once it is certain: a row without its file is a document lost


def _forget_people(rows: QuerySet[Person]) -> None:
    """Names, addresses and wishes go; what counts (placements, hours) stays without a name."""
    ids = list(rows.values_list("id", flat=True))
    models: tuple[type[Model], ...] = (Favorite, WishlistItem, SavedSearch, Suggestion, Notice)
    for model in models:
        owner = "person_id__in" if model is Notice else "student_id__in"
        model._default_manager.filter(**{owner: ids}).delete()
    Placement.objects.filter(student_id__in=ids).update(message="", reason="")
    Person.objects.filter(id__in=ids).update(
        given_name=FORMER,
        family_name="student",
        email="",
        source_id="",
        groups=[],
        password=NO_PASSWORD,
    )


def _former_students(before: datetime) -> QuerySet[Person]:
    placements = Placement.objects.filter(student=OuterRef("pk"))
    recent = placements.filter(Q(state__in=sorted(OPEN)) | Q(requested_at__gte=before))
    return Person.objects.filter(
        ~Exists(recent),
        roles=[Role.STUDENT],
        is_active=False,
        created_at__lt=before,
    ).exclude(given_name=FORMER, email="")


KINDS: tuple[Kind, ...] = (
    Kind(
        "location",
        _("Where a student was (verdict and distance)"),
        lambda before: Attendance.objects.filter(created_at__lt=before).exclude(
            where_in="", where_out=""
        ),
        "created_at",
        _blank(where_in="", where_out="", distance_in=None, distance_out=None),
    ),
    Kind(
        "words",
        _("What a student wrote about a day: reflection, worry, mood"),
        lambda before: Attendance.objects.filter(created_at__lt=before).exclude(
            reflection="", worry="", pulse=None
        ),
        "created_at",
        _blank(reflection="", worry="", pulse=None),
    ),
    Kind(
        "taps",
        _("Taps on the phone, kept so that none counts twice"),
        lambda before: Tap.objects.filter(received_at__lt=before),
        "received_at",
        _delete,
    ),
    Kind(
        "documents",
        _("Documents of internships that have ended"),
        lambda before: Document.objects.filter(placement__ended_at__lt=before),
        "given_at",
        _drop_documents,
    ),
    Kind(
        "notices",
        _("Messages"),
        lambda before: Notice.objects.filter(created_at__lt=before).exclude(
            state__in=[Notice.State.WAITING, Notice.State.DAILY]
        ),
        "created_at",
        _delete,
    ),
    Kind(
        "links",
        _("Links in e-mails that work no more"),
        lambda before: LinkToken.objects.filter(expires_at__lt=before),
        "expires_at",
        _delete,
    ),
    Kind(
        "mentor_links",
        _("Links to mentors that work no more"),
        lambda before: MentorLink.objects.filter(expires_at__lt=before),
        "expires_at",
        _delete,
    ),
    Kind(
        "requests",
        _("Answers kept for programs that ask twice"),
        lambda before: IdempotentRequest.objects.filter(created_at__lt=before),
        "created_at",
        _delete,
    ),
    Kind(
        "missed_searches",
        _("Words searched for in vain"),
        lambda before: MissedSearch.objects.filter(month__lt=before.date()),
        "month",
        _delete,
    ),
    Kind(
        "students",
        _("Names of students who have left"),
        _former_students,
        "created_at",
        _forget_people,
    ),
)


def what_is_due(*, now: datetime | None = None, days: Mapping[str, int] | None = None) -> list[Due]:
    """What retention would take from this school now, a line a kind; nothing is changed.

    *days* by kind, instead of what counts here: what a choice would do.
    """
    now = now or timezone.now()
    return [_due(kind, kept, now) for kind, kept in _kept(days)]


@transaction.atomic
def let_go(*, actor: Person | None, now: datetime | None = None) -> list[Due]:
    """Take it; in history is how many of each kind, never what. Twice is once."""
    now = now or timezone.now()
    gone = []
    for kind, days in _kept():
        due = _due(kind, days, now)
        if due.count:
            kind.let_go(kind.find(now - timedelta(days=days)))
            gone.append(due)
    if gone:
        record(
            action="retention_applied",
            subject=tenant_by_schema(current_schema()),
            actor=actor,
            label="retention",
            after={due.kind.key: due.count for due in gone},
        )
    return gone


def _kept(days: Mapping[str, int] | None = None) -> list[tuple[Kind, int]]:
    days = periods() if days is None else days
    return [(kind, days[kind.key]) for kind in KINDS if days.get(kind.key)]


def _due(kind: Kind, days: int, now: datetime) -> Due:
    rows = kind.find(now - timedelta(days=days))
    oldest = rows.order_by(kind.when).values_list(kind.when, flat=True).first()
    return Due(kind, days, rows.count(), oldest)
