"""Counting a school row by row in Python: what rollups are compared with."""

import datetime
from collections import Counter, defaultdict

from django.utils import timezone

from catalog.models import Favorite, Opportunity, Site, WishlistItem
from portico.accounts.models import Person
from portico.internships.models import Placement
from sharing.models import OwnListing, PoolListing
from tenants.context import tenant_context

Counts = dict[tuple[str, str], dict[str, int]]
STAGE = {
    "requested": "waiting", "awaiting_owner": "waiting",
    "pursuing": "pursuing", "start_requested": "pursuing",
    "active": "interning",
    "completed": "finished", "ended_early": "finished",
    "declined": "turned_away", "expired": "turned_away",
    "withdrawn": "withdrawn",
}  # fmt: skip


def counted_by_hand(schema: str, *, region: str) -> Counts:
    """(kind, key) → name → number, zeros left out; the school's own zone is the active one."""
    with tenant_context(region):
        pool = {one.id: one for one in PoolListing.objects.all()}
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def add(field: str, **numbers: int) -> None:
        for key in (("whole", ""), ("field", field)):
            counts[key].update(numbers)

    with tenant_context(schema):
        counts["whole", ""]["sites"] = len(list(Site.objects.all()))
        for offer in Opportunity.objects.all():
            if offer.state != "archived":
                add(offer.field, opportunities=1)
            if offer.state == "published":
                free = offer.capacity - offer.taken - offer.released
                add(offer.field, published=1, slots=offer.capacity, free=free)
        for listing in OwnListing.objects.all():
            if listing.state == "open":
                add(listing.field, released=listing.slots)
        students = [one for one in Person.objects.all() if "student" in one.roles and one.is_active]
        placements = list(Placement.objects.all())
        placed = {one.student_id for one in placements if one.started_at}
        for student in students:
            numbers = {"students": 1, "never_placed": int(student.id not in placed)}
            counts["whole", ""].update(numbers)
            counts["grade", str(student.grade or "")].update(numbers)
        wishes = {(wish.student_id, wish.field) for wish in WishlistItem.objects.all()}
        for _student, field in wishes:
            if field:
                counts["field", field]["wishing"] += 1
        counts["whole", ""]["wishing"] = len({student for student, _field in wishes})
        for favorite in Favorite.objects.all():
            offers = {**pool, **{one.id: one for one in Opportunity.objects.all()}}
            if favorite.listing_id in offers:
                add(offers[favorite.listing_id].field, favorites=1)
    for one in placements:
        _count_placement(one, add, counts, pool)
    return {
        key: nonzero
        for key, numbers in counts.items()
        if (nonzero := {name: number for name, number in numbers.items() if number})
    }


def _count_placement(one: Placement, add, counts, pool) -> None:  # type: ignore[no-untyped-def]
    began, over = (
        one.started_at is not None,
        one.started_at is not None and one.ended_at is not None,
    )
    numbers = {STAGE[one.state]: 1, "requested": 1, "started": int(began), "ended": int(over)}
    add(one.field, **numbers)
    if one.listing_id in pool:
        listing = pool[one.listing_id]
        counts["origin", listing.origin_schema or str(listing.partner_id)].update(numbers)
    for happened, moment in (
        ("requested", one.requested_at),
        ("started", one.started_at),
        ("ended", one.ended_at if began else None),
    ):
        if moment is not None:
            day = timezone.localdate(moment)
            monday = day - datetime.timedelta(days=day.weekday())
            half = 1 if day.month < 7 else 2
            counts["week", monday.isoformat()][happened] += 1
            counts["term", f"{day.year}-{half}"][happened] += 1
