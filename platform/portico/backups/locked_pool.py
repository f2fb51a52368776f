"""The part of a region's pool that one school has to do with, locked and in memory."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connections
from django.db.models import Q

from sharing.models import Hold, OwnerQuestion, PoolListing
from tenants.context import OWNER


@dataclass
class LockedPool:
    """What the region keeps of *school*; `lines` is what was done to it, for people."""

    school: str
    listings: dict[uuid.UUID, PoolListing]
    holds: dict[uuid.UUID, list[Hold]]  # by listing, everybody's
    questions: dict[uuid.UUID, OwnerQuestion]  # the school's own, by placement
    lines: list[str] = field(default_factory=list)

    def own_holds(self) -> list[Hold]:
        return [
            hold for holds in self.holds.values() for hold in holds if hold.school == self.school
        ]

    def say(self, listing_id: uuid.UUID | None, text: str) -> None:
        listing = self.listings.get(listing_id) if listing_id else None
        self.lines.append(f"{listing.title if listing else f'listing {listing_id}'}: {text}")


def lock_pool(*, school: str, listing_ids: Iterable[uuid.UUID | None]) -> LockedPool:
    """Listings *school* released, holds slots of, or has placements of; in the region's context.

    Locked in the order of their ids, as everywhere; holds that ran out are tidied away.
    """
    found = PoolListing.objects.filter(
        Q(origin_schema=school) | Q(holds__school=school) | Q(id__in=set(listing_ids) - {None})
    )
    ids = sorted(set(found.values_list("id", flat=True)))
    locked = PoolListing.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id")
    listings = {one.id: one for one in locked.defer("doc", "facts")}
    with connections[OWNER].cursor() as cursor:
        for listing_id in listings:
            cursor.execute("SELECT pool_tidy(%s)", [listing_id])
    holds: dict[uuid.UUID, list[Hold]] = {listing_id: [] for listing_id in listings}
    for hold in Hold.objects.filter(listing__in=ids).order_by("id"):
        holds[hold.listing_id].append(hold)
    questions = {one.placement_id: one for one in OwnerQuestion.objects.filter(school=school)}
    return LockedPool(school, listings, holds, questions)


def write_totals(pool: LockedPool) -> None:
    """Slots, use and the next free moment of each listing, from its holds."""
    for listing in pool.listings.values():
        holds = pool.holds[listing.id]
        running = [hold.until for hold in holds if hold.state == Hold.State.HELD and hold.until]
        PoolListing.objects.filter(id=listing.id).update(
            slots=listing.slots,
            state=listing.state,
            taken=len(holds),
            frees_at=min(running, default=None),
        )
