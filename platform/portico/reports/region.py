"""The region in numbers, for its district admins: slots and schools, never people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from catalog.fields import Field
from sharing.models import Hold, OriginKind, PoolListing
from sharing.partners import live, with_in_use
from tenants.models import Tenant


@dataclass(frozen=True)
class Slots:
    """Slots in the pool and how many are in use; *listings*: how many open ones they are of."""

    total: int = 0
    in_use: int = 0
    listings: int = 0

    @property
    def free(self) -> int:
        return max(0, self.total - self.in_use)

    def __add__(self, other: "Slots") -> "Slots":
        return Slots(
            self.total + other.total,
            self.in_use + other.in_use,
            self.listings + other.listings,
        )


@dataclass(frozen=True)
class PoolRow:
    """The slots of one origin in one field. *school* is a schema, empty for partners."""

    origin: str
    school: str
    field: str
    slots: Slots


@dataclass(frozen=True)
class PoolNumbers:
    """The whole pool, small enough to add up here: a row a school and field."""

    rows: list[PoolRow]

    @property
    def all(self) -> Slots:
        return sum((row.slots for row in self.rows), Slots())

    def of_origin(self, origin: str) -> Slots:
        return sum((row.slots for row in self.rows if row.origin == origin), Slots())

    def of_school(self, schema: str) -> Slots:
        return sum((row.slots for row in self.rows if row.school == schema), Slots())

    def by_field(self) -> list[tuple[str, Slots]]:
        """Every field, those without a slot too: what is missing is the point."""
        found: dict[str, Slots] = defaultdict(Slots)
        for row in self.rows:
            found[row.field] += row.slots
        return [(field, found[field]) for field in Field.values]

    def without_release(self, schools: Iterable[Tenant]) -> list[Tenant]:
        """The *schools* that offer the others nothing now."""
        giving = {row.school for row in self.rows if row.slots.listings}
        return [school for school in schools if school.schema_name not in giving]


def pool_numbers() -> PoolNumbers:
    """Open listings' slots, and the slots in use of any.

    A closed listing's slots in use count as slots too: else more would be used than there are.
    """
    key = ("origin_kind", "origin_schema", "field")
    found: dict[tuple[str, str, str], Slots] = defaultdict(Slots)
    opened = (
        PoolListing.objects.filter(state=PoolListing.State.OPEN, slots__gt=0)
        .order_by()
        .values_list(*key)
        .annotate(total=Sum("slots"), count=Count("id"))
    )
    for *group, total, count in opened:
        found[tuple(group)] += Slots(total=total, listings=count)
    used = (
        Hold.objects.filter(live())
        .order_by()
        .values_list(*(f"listing__{name}" for name in key), "listing__state")
        .annotate(count=Count("id"))
    )
    for *group, state, count in used:
        extra = 0 if state == PoolListing.State.OPEN else count
        found[tuple(group)] += Slots(total=extra, in_use=count)
    return PoolNumbers([PoolRow(*group, slots) for group, slots in found.items()])


def used_by_school() -> dict[str, int]:
    """Slots of the pool each school's students use, by schema."""
    return dict(
        Hold.objects.filter(live()).values_list("school").annotate(count=Count("id")).order_by()
    )


def recent_releases(*, limit: int = 6) -> list[PoolListing]:
    """The newest listings of the pool."""
    open_ones = PoolListing.objects.filter(state=PoolListing.State.OPEN, published_at__isnull=False)
    return list(with_in_use(open_ones).order_by("-published_at", "-id")[:limit])


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
