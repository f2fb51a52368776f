"""The region in numbers, for its district admins: slots and schools, never people."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from catalog.fields import Field
from sharing.models import Hold, OriginKind, Partner, PoolListing
from sharing.partners import live, with_in_use
from tenants.models import Tenant


@dataclass(frozen=True)
class Slots:
    """Slots in the pool and how many are in use."""

    key: str
    total: int = 0
    in_use: int = 0

    @property
    def free(self) -> int:
        return max(0, self.total - self.in_use)


@dataclass(frozen=True)
class RegionNumbers:
    schools: int
    partners: int
    listings: int
    of_schools: Slots
    of_partners: Slots

    @property
    def slots(self) -> int:
        return self.of_schools.total + self.of_partners.total

    @property
    def in_use(self) -> int:
        return self.of_schools.in_use + self.of_partners.in_use


def region_numbers(*, schools: int) -> RegionNumbers:
    """What is in the pool now: open listings, and slots in use of any."""
    by_origin = {slots.key: slots for slots in _slots_by("origin_kind")}
    return RegionNumbers(
        schools=schools,
        partners=Partner.objects.count(),
        listings=PoolListing.objects.filter(state=PoolListing.State.OPEN).count(),
        of_schools=by_origin.get(OriginKind.SCHOOL, Slots(OriginKind.SCHOOL)),
        of_partners=by_origin.get(OriginKind.PARTNER, Slots(OriginKind.PARTNER)),
    )


def pool_by_field() -> list[Slots]:
    """Slots of every field, those with none too: what is missing is the point."""
    found = {slots.key: slots for slots in _slots_by("field")}
    return [found.get(field, Slots(field)) for field in Field.values]


def pool_by_school() -> dict[str, Slots]:
    """What each school released, by schema; a school that released nothing is not in it."""
    return {slots.key: slots for slots in _slots_by("origin_schema") if slots.key}


def used_by_school() -> dict[str, int]:
    """Slots of the pool each school's students use, by schema."""
    return dict(
        Hold.objects.filter(live()).values_list("school").annotate(count=Count("id")).order_by()
    )


def recent_releases(*, limit: int = 6) -> list[PoolListing]:
    """The newest listings of the pool."""
    open_ones = PoolListing.objects.filter(state=PoolListing.State.OPEN, published_at__isnull=False)
    return list(with_in_use(open_ones).order_by("-published_at", "-id")[:limit])


def schools_without_release(schools: Iterable[Tenant]) -> list[Tenant]:
    """The *schools* that offer the others nothing now."""
    giving = set(
        PoolListing.objects.filter(state=PoolListing.State.OPEN, slots__gt=0)
        .exclude(origin_schema="")
        .order_by()
        .values_list("origin_schema", flat=True)
        .distinct()
    )
    return [school for school in schools if school.schema_name not in giving]


def find_in_pool(
    *, words: str = "", field: str = "", origin: str = "", state: str = ""
) -> QuerySet[PoolListing]:
    """The pool's listings, newest first, each with `in_use`.

    *origin* is `school`, `partner`, or a school's schema.
    """
    found = PoolListing.objects.all()
    for word in words.split():
        found = found.filter(
            Q(title__icontains=word) | Q(site_name__icontains=word) | Q(origin_name__icontains=word)
        )
    if field:
        found = found.filter(field=field)
    if state:
        found = found.filter(state=state)
    if origin in OriginKind.values:
        found = found.filter(origin_kind=origin)
    elif origin:
        found = found.filter(origin_schema=origin)
    return with_in_use(found).order_by("-created_at", "-id")


def _slots_by(column: str) -> list[Slots]:
    """Slots of open listings and live holds of all, grouped by a *column* of the listing."""
    totals = dict(
        PoolListing.objects.filter(state=PoolListing.State.OPEN)
        .values_list(column)
        .annotate(total=Sum("slots"))
        .order_by()
    )
    in_use = dict(
        Hold.objects.filter(live())
        .values_list(f"listing__{column}")
        .annotate(count=Count("id"))
        .order_by()
    )
    # A closed listing's slots in use count as slots: else more would be used than there are.
    closed = dict(
        Hold.objects.filter(live())
        .exclude(listing__state=PoolListing.State.OPEN)
        .values_list(f"listing__{column}")
        .annotate(count=Count("id"))
        .order_by()
    )
    return [
        Slots(key, totals.get(key, 0) + closed.get(key, 0), in_use.get(key, 0))
        for key in totals.keys() | in_use.keys()
    ]
