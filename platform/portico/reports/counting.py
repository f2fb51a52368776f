"""Counting a school from scratch, for its rollups: what is offered, wanted, placed.

Everything is counted in the database; a name or an id of a person never leaves it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from catalog.fields import Field
from catalog.models import Favorite, MissedSearch, Opportunity, Site, WishlistItem
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.internships.models import Placement
from portico.internships.states import State
from sharing import pool
from sharing.models import OriginKind, OwnListing, PoolListing, Rollup

Kind = Rollup.Kind
STAGES = {
    State.REQUESTED: "waiting",
    State.AWAITING_OWNER: "waiting",
    State.PURSUING: "pursuing",
    State.START_REQUESTED: "pursuing",
    State.ACTIVE: "interning",
    State.COMPLETED: "finished",
    State.ENDED_EARLY: "finished",
    State.DECLINED: "turned_away",
    State.EXPIRED: "turned_away",
    State.WITHDRAWN: "withdrawn",
}


class _Sheet:
    """Numbers being added up: (kind, key) → count's name → number."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def add(self, kind: str, key: str, **counts: int) -> None:
        self.cells[kind, key].update(counts)

    def add_field(self, field: str, **counts: int) -> None:
        """To a field and to the whole."""
        self.add(Kind.FIELD, field, **counts)
        self.add(Kind.WHOLE, "", **counts)

    def rows(self) -> list[Rollup]:
        return [Rollup(kind=kind, key=key, **counts) for (kind, key), counts in self.cells.items()]


def count_school() -> list[Rollup]:
    """The current school's rollups. Days and weeks are those of the active time zone."""
    sheet = _Sheet()
    sheet.add(Kind.WHOLE, "", sites=Site.objects.count())
    for field in Field.values:  # a field with nothing is a number too
        sheet.add(Kind.FIELD, field)
    _supply(sheet)
    _wishes(sheet)
    _favorites(sheet)
    _missed(sheet)
    _students(sheet)
    _placements(sheet)
    return sheet.rows()


def count_region() -> list[Rollup]:
    """The region's own rollups: what its partners offer, by field and by partner."""
    sheet = _Sheet()
    sheet.add(Kind.WHOLE, "")
    rows = (
        PoolListing.objects.filter(origin_kind=OriginKind.PARTNER, state=PoolListing.State.OPEN)
        .order_by()
        .values_list("field", "partner")
        .annotate(listings=Count("id"), slots=Sum("slots"))
    )
    for field, partner, listings, slots in rows:
        counts = {"opportunities": listings, "published": listings, "released": slots}
        sheet.add_field(field, **counts)
        sheet.add(Kind.ORIGIN, str(partner), **counts)
    return sheet.rows()


def _supply(sheet: _Sheet) -> None:
    published = Q(state=Opportunity.State.PUBLISHED)
    rows = (
        Opportunity.objects.exclude(state=Opportunity.State.ARCHIVED)
        .order_by()
        .values_list("field")
        .annotate(
            opportunities=Count("id"),
            published=Count("id", filter=published),
            slots=Sum("capacity", filter=published, default=0),
            used=Sum(F("taken") + F("released"), filter=published, default=0),
        )
    )
    for field, opportunities, open_ones, slots, used in rows:
        sheet.add_field(
            field,
            opportunities=opportunities,
            published=open_ones,
            slots=slots,
            free=slots - used,
        )
    released = (
        OwnListing.objects.filter(state=PoolListing.State.OPEN)
        .order_by()
        .values_list("field")
        .annotate(slots=Sum("slots"))
    )
    for field, slots in released:
        sheet.add_field(field, released=slots)


def _wishes(sheet: _Sheet) -> None:
    """Students who wish, each once a field however many jobs of it they name."""
    wishes = WishlistItem.objects.filter(student__is_active=True).order_by()
    by_field = (
        wishes.exclude(field="")
        .values_list("field")
        .annotate(students=Count("student", distinct=True))
    )
    for field, students in by_field:
        sheet.add(Kind.FIELD, field, wishing=students)
    wishing = wishes.aggregate(students=Count("student", distinct=True))["students"]
    sheet.add(Kind.WHOLE, "", wishing=wishing)


def _favorites(sheet: _Sheet) -> None:
    """Saved listings by field; a listing of the pool may be closed by now."""
    saved = dict(
        Favorite.objects.filter(student__is_active=True)
        .order_by()
        .values_list("listing_id")
        .annotate(count=Count("id"))
    )
    fields = dict(Opportunity.objects.filter(id__in=list(saved)).values_list("id", "field"))
    fields |= {one: field for one, (_origin, field) in pool.origins(saved).items()}
    for listing_id, field in fields.items():
        sheet.add_field(field, favorites=saved[listing_id])


def _missed(sheet: _Sheet) -> None:
    rows = MissedSearch.objects.order_by().values_list("field").annotate(all=Sum("count"))
    for field, count in rows:
        if field:
            sheet.add(Kind.FIELD, field, missed=count)
        sheet.add(Kind.WHOLE, "", missed=count)


def _students(sheet: _Sheet) -> None:
    ever = Placement.objects.filter(student=OuterRef("pk"), started_at__isnull=False)
    rows = (
        Person.objects.filter(roles__contains=[Role.STUDENT], is_active=True)
        .order_by()
        .values_list("grade")
        .annotate(students=Count("id"), never_placed=Count("id", filter=~Exists(ever)))
    )
    for grade, students, never_placed in rows:
        for kind, key in ((Kind.GRADE, str(grade or "")), (Kind.WHOLE, "")):
            sheet.add(kind, key, students=students, never_placed=never_placed)


def _placements(sheet: _Sheet) -> None:
    by_state = (
        Placement.objects.order_by()
        .values_list("field", "state")
        .annotate(requested=Count("id"), started=Count("started_at"), ended=_ended())
    )
    for field, state, requested, started, ended in by_state:
        stage = {STAGES[State(state)]: requested}
        sheet.add_field(field, requested=requested, started=started, ended=ended, **stage)
    happened = (
        ("requested", Placement.objects.all(), "requested_at"),
        ("started", Placement.objects.filter(started_at__isnull=False), "started_at"),
        (
            "ended",
            Placement.objects.filter(started_at__isnull=False, ended_at__isnull=False),
            "ended_at",
        ),
    )
    for what, placements, moment in happened:
        for day, count in _by_day(placements, moment):
            sheet.add(Kind.WEEK, week_of(day), **{what: count})
            sheet.add(Kind.TERM, term_of(day), **{what: count})
    _origins(sheet)


def _ended() -> Count:
    return Count("id", filter=Q(started_at__isnull=False, ended_at__isnull=False))


def _by_day(placements: QuerySet[Placement], moment: str) -> Iterable[tuple[date, int]]:
    return (
        placements.order_by()
        .annotate(day=TruncDate(moment))
        .values_list("day")
        .annotate(count=Count("id"))
    )


def _origins(sheet: _Sheet) -> None:
    """Placements in the pool's listings by who offers those."""
    rows = list(
        Placement.objects.filter(listing_id__isnull=False)
        .order_by()
        .values_list("listing_id", "state")
        .annotate(requested=Count("id"), started=Count("started_at"), ended=_ended())
    )
    origins = pool.origins({listing_id for listing_id, *_rest in rows})
    for listing_id, state, requested, started, ended in rows:
        if listing_id not in origins:
            continue  # its school has left the region
        stage = {STAGES[State(state)]: requested}
        sheet.add(
            Kind.ORIGIN,
            origins[listing_id][0],
            requested=requested,
            started=started,
            ended=ended,
            **stage,
        )


def week_of(day: date) -> str:
    """The Monday of *day*'s week, as rollups name weeks."""
    return date.fromisocalendar(*day.isocalendar()[:2], 1).isoformat()


def term_of(day: date) -> str:
    """The half of the year *day* is in: January to June is 1, the rest is 2."""
    return f"{day.year}-{1 if day.month <= 6 else 2}"
