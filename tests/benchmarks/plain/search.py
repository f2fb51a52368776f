"""The list as Django's documentation would have it: one sorted UNION, a page by its number."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Paginator
from django.db.models import BooleanField, Count, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.fields import CharField, SmallIntegerField

from catalog.models import Favorite, Opportunity
from portico.accounts.models import Person
from sharing.models import VisibleListing
from sharing.search import Criteria, Facets, Listing, Results

COLUMNS = (
    "id", "title", "site_name", "neighborhood", "description", "field", "skills", "days",
    "start_time", "end_time", "starts_on", "ends_on", "pay", "hourly_rate", "pay_note", "grades",
    "requirements", "remote", "latitude", "longitude", "published_at",
)  # fmt: skip
ADDED = ("first", "rank", "origin_kind_", "origin_name_", "slots_", "open_slots", "ask_owner_")


def branches(words: str) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The school's own and the pool's, with the same columns; narrowed by *words*."""
    own = Opportunity.objects.filter(state=Opportunity.State.PUBLISHED).annotate(
        first=Value(0),
        origin_kind_=Value("own", output_field=CharField()),
        origin_name_=Value("", output_field=CharField()),
        slots_=F("capacity") - F("released"),
        open_slots=F("capacity") - F("released") - F("taken"),
        ask_owner_=Value(False, output_field=BooleanField()),
    )
    pool = VisibleListing.objects.annotate(
        first=Value(1),
        origin_kind_=F("origin_kind"),
        origin_name_=F("origin_name"),
        slots_=F("slots"),
        open_slots=F("slots") - F("taken"),
        ask_owner_=F("ask_owner"),
    )
    if not words:
        rank = Value(0.0, output_field=FloatField())
        return own.annotate(rank=rank), pool.annotate(rank=rank)
    query = SearchQuery(words, config="english", search_type="websearch")
    ranked = SearchRank(F("doc"), query)
    return (
        own.filter(doc=query).annotate(rank=ranked),
        pool.filter(doc=query).annotate(rank=ranked),
    )


def union(words: str) -> QuerySet[Any, dict[str, Any]]:
    """Rows as dictionaries: own school first, then best match, then newest."""
    own, pool = branches(words)
    names = (*COLUMNS, *ADDED)
    return (
        own.values(*names)
        .union(pool.values(*names), all=True)
        .order_by("first", "-rank", "-published_at", "-id")
    )


def facets(words: str, *, student: Person | None) -> Facets:
    """A GROUP BY for each, in both branches, added up."""
    found: dict[str, dict[Any, int]] = {
        name: {} for name in ("fields", "days", "pays", "origins", "grades")
    }
    flags = dict.fromkeys(("remote", "open", "saved"), 0)
    saved = Favorite.objects.filter(student=student).values("listing_id")
    for branch in branches(words):
        of_what = {
            "fields": F("field"),
            "pays": F("pay"),
            "origins": F("origin_kind_"),
            "days": Func(F("days"), function="unnest", output_field=SmallIntegerField()),
            "grades": Func(F("grades"), function="unnest", output_field=SmallIntegerField()),
        }
        for name, value in of_what.items():
            for key, number in branch.values_list(value).annotate(n=Count("id")).order_by():
                found[name][key] = found[name].get(key, 0) + number
        for flag, number in branch.aggregate(
            remote=Count("id", filter=Q(remote=True)),
            open=Count("id", filter=Q(open_slots__gt=0)),
            saved=Count("id", filter=Q(id__in=saved)),
        ).items():
            flags[flag] += number
    return Facets(**found, **flags)


def search_listings(
    *, criteria: Criteria, student: Person | None, size: int = 20, **_ignored: Any
) -> Results:
    """What the page of the list asks: a first page, with facets. Words are all it understands."""
    pages = Paginator(union(criteria.words), size)
    rows = pages.page(1).object_list
    saved = set(
        Favorite.objects.filter(student=student, listing_id__in=[row["id"] for row in rows])
        .values_list("listing_id", flat=True)
    )  # fmt: skip
    return Results(
        listings=[listing_of(row, is_saved=row["id"] in saved) for row in rows],
        next_cursor="2" if pages.num_pages > 1 else None,
        total=pages.count,
        total_is_capped=False,
        facets=facets(criteria.words, student=student),
    )


def listing_of(row: dict[str, Any], *, is_saved: bool) -> Listing:
    return Listing(
        **{name: row[name] for name in COLUMNS},
        origin_kind=row["origin_kind_"],
        origin_name=row["origin_name_"],
        slots=row["slots_"],
        open_slots=row["open_slots"],
        ask_owner=row["ask_owner_"],
        miles=None,
        is_saved=is_saved,
        is_new=False,
    )
