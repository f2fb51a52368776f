"""What a restored school has in the pool, brought in line with what it says it released.

Its word counts, except where other schools hold more slots than it remembers having
released: those stay, and the school's own offer says so.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from catalog.models import Opportunity
from portico.audit.actions import record
from portico.backups.holds import RESTORE
from portico.backups.locked_pool import LockedPool
from portico.backups.questions import plan_for
from sharing.actions import contact_in_pool, offer_in_pool
from sharing.models import MentorContact, OwnerQuestion, PoolListing
from tenants.ids import new_id


@dataclass(frozen=True)
class Offered:
    """An opportunity of the school, and how the pool would show it."""

    opportunity: Opportunity
    listing: dict[str, Any]
    contact: dict[str, str]


def offers_of_school() -> dict[uuid.UUID, Offered]:
    """In the school's context; by opportunity."""
    found = Opportunity.objects.select_related("site", "mentor").defer("doc")
    return {one.id: Offered(one, offer_in_pool(one), contact_in_pool(one)) for one in found}


def reconcile_releases(
    pool: LockedPool, offers: dict[uuid.UUID, Offered], *, terms: list[dict[str, Any]]
) -> None:
    """Slots, state and words of each listing of the school. In the region's context.

    *terms*: id, visible_from, ask_owner and schools of its listings when the backup was made.
    """
    known = {one.opportunity_id: one for one in _own(pool) if one.opportunity_id}
    for opportunity_id, listing in known.items():
        if opportunity_id not in offers:
            _forget(pool, listing)
    agreed_on = {one["opportunity_id"]: one for one in terms}
    for opportunity_id, offer in offers.items():
        found = known.get(opportunity_id)
        if found is None and offer.opportunity.released:
            found = _put_again(pool, offer, agreed_on.get(str(opportunity_id), {}))
        if found is not None:
            _match(pool, found, offer)


def write_offers(offers: dict[uuid.UUID, Offered], pool: LockedPool) -> None:
    """What the school's own ledger has to say now, with its history. In the school's context."""
    released = {one.opportunity_id: one.slots for one in _own(pool)}
    for offer in offers.values():
        one = offer.opportunity
        total = released.get(one.id, 0)
        if total == one.released:
            continue
        capacity = max(one.capacity, one.taken + total)
        Opportunity.objects.filter(id=one.id).update(released=total, capacity=capacity)
        record(
            action="slots_released" if total > one.released else "slots_recalled",
            subject=one,
            actor=None,
            label=RESTORE,
            before={"released": one.released, "capacity": one.capacity},
            after={"released": total, "capacity": capacity},
        )


def _own(pool: LockedPool) -> list[PoolListing]:
    return [one for one in pool.listings.values() if one.origin_schema == pool.school]


def _forget(pool: LockedPool, listing: PoolListing) -> None:
    """A listing of an opportunity the school does not know (any more, or yet)."""
    if taken := len(pool.holds[listing.id]):
        listing.slots, listing.state = taken, PoolListing.State.CLOSED
        pool.say(listing.id, f"not known to the school, but {taken} slots are in use: closed")
        return
    for question in OwnerQuestion.objects.filter(listing=listing, state="asked"):
        plan_for(question.school, kind="owner_answer", subject_id=question.placement_id)
    pool.say(listing.id, "not known to the school: taken out of the pool")
    del pool.listings[listing.id], pool.holds[listing.id]
    listing.delete()


def _put_again(pool: LockedPool, offer: Offered, terms: dict[str, Any]) -> PoolListing:
    listing = PoolListing(
        id=uuid.UUID(terms["id"]) if terms else new_id(),
        visible_from=PoolListing._meta.get_field("visible_from").to_python(
            terms.get("visible_from")
        ),
        ask_owner=terms.get("ask_owner", False),
        schools=terms.get("schools"),
        slots=offer.opportunity.released,
        state=PoolListing.State.CLOSED,
        origin_kind="school",
        origin_schema=pool.school,
        published_at=timezone.now(),
        **offer.listing,
    )
    listing.save()
    pool.listings[listing.id], pool.holds[listing.id] = listing, []
    return listing


def _match(pool: LockedPool, listing: PoolListing, offer: Offered) -> None:
    one = offer.opportunity
    taken = len(pool.holds[listing.id])
    slots = max(one.released, taken)
    published = one.state == Opportunity.State.PUBLISHED and slots > 0
    state = PoolListing.State.OPEN if published else PoolListing.State.CLOSED
    if (listing.slots, listing.state) != (slots, state):
        pool.say(listing.id, f"{slots} slots released, {taken} in use, {state}")
    if slots > one.released:
        pool.say(listing.id, f"other schools use {slots - one.released} more than was released")
    listing.slots, listing.state = slots, state
    PoolListing.objects.filter(id=listing.id).update(**offer.listing, updated_at=timezone.now())
    MentorContact.objects.update_or_create(listing_id=listing.id, defaults=offer.contact)
