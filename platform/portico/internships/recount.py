"""Counting a region's slots again, from the placements and from history.

The ledger keeps running totals (`taken`, `released`, `slots`, `frees_at`) so that a claim
is one statement. Here the totals are made anew from the rows they stand for; `portico
ledger verify` shows where the two differ, and tests ask after every step.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from catalog.models import Opportunity
from portico.audit.models import Entry
from portico.due.models import DueWork
from portico.internships.actions.moving import EXPIRE
from portico.internships.models import Placement, Source
from portico.internships.states import HOLDING, State
from sharing.models import Hold, OwnerQuestion, PoolListing
from tenants.context import tenant_context
from tenants.queries import schools_of


@dataclass(frozen=True)
class Difference:
    """What the ledger says of something, and what its rows say."""

    schema: str
    about: str
    ledger: Any
    counted: Any

    def __str__(self) -> str:
        return f"{self.schema}: {self.about}: {self.ledger} in the ledger, {self.counted} counted"


_TOTALS = ("slots", "taken", "frees_at", "origin_schema", "opportunity_id")
_TIMES = ("state", "deadline")


@dataclass(frozen=True)
class _Pool:
    """What the region keeps, read at once."""

    listings: dict[uuid.UUID, PoolListing]
    holds: dict[uuid.UUID, Hold]  # by placement
    agreed: set[uuid.UUID]  # placements whose owner said yes
    expiring: dict[tuple[str, uuid.UUID], datetime]  # (school, placement) -> planned


def recount(*, region: str, using: str = "default") -> list[Difference]:
    """Every difference between the ledger of *region* with its schools and a recount.

    For one moment of a region that is in use, call it inside `tenants.context.snapshot`.
    """
    with tenant_context(region, using=using):
        pool = _Pool(
            listings=PoolListing.objects.only(*_TOTALS).in_bulk(),
            holds={hold.placement_id: hold for hold in Hold.objects.all()},
            agreed=set(
                OwnerQuestion.objects.filter(state=OwnerQuestion.State.AGREED).values_list(
                    "placement_id", flat=True
                )
            ),
            expiring={
                (work.school, work.subject_id): work.due_at
                for work in DueWork.objects.filter(kind=EXPIRE)
            },
        )
    differences = list(_recount_pool(region, pool))
    schools = [school.schema_name for school in schools_of(region=region)]
    for schema in schools:
        with tenant_context(schema, using=using):
            differences += _recount_school(schema, pool)
    for hold in pool.holds.values():
        if hold.school not in schools:
            differences.append(Difference(region, f"hold {hold.id}", hold.school, "no such school"))
    return differences


def _recount_pool(region: str, pool: _Pool) -> Iterator[Difference]:
    counted: Counter[uuid.UUID] = Counter()
    deadlines: dict[uuid.UUID, list[datetime]] = defaultdict(list)
    for hold in pool.holds.values():
        counted[hold.listing_id] += 1
        if hold.state == Hold.State.HELD and hold.until is not None:
            deadlines[hold.listing_id].append(hold.until)
    for one in pool.listings.values():
        about = f"listing {one.id}"
        if one.taken != counted[one.id]:
            yield Difference(region, f"{about}, taken", one.taken, counted[one.id])
        if one.taken > one.slots:
            yield Difference(region, f"{about}, taken of {one.slots} slots", one.taken, one.slots)
        frees_at = min(deadlines[one.id], default=None)
        if one.frees_at != frees_at:
            yield Difference(region, f"{about}, frees at", one.frees_at, frees_at)


def _recount_school(schema: str, pool: _Pool) -> Iterator[Difference]:
    placements = list(Placement.objects.only("source", "opportunity", "listing_id", *_TIMES))
    yield from _recount_offers(schema, pool, placements)
    for one in placements:
        if one.source == Source.POOL:
            yield from _check_hold(schema, pool, one)
        planned = pool.expiring.get((schema, one.id))
        wanted = one.deadline if one.state == State.PURSUING else None
        if planned != wanted:
            yield Difference(schema, f"placement {one.id}, planned to expire", planned, wanted)
    yield from _compare_with_history(schema, placements)


def _recount_offers(schema: str, pool: _Pool, placements: list[Placement]) -> Iterator[Difference]:
    counted: Counter[uuid.UUID] = Counter()
    deadlines: dict[uuid.UUID, list[datetime]] = defaultdict(list)
    for one in placements:
        if one.opportunity_id and one.state in HOLDING:
            counted[one.opportunity_id] += 1
            if one.state == State.PURSUING and one.deadline:
                deadlines[one.opportunity_id].append(one.deadline)
    released = {
        listing.opportunity_id: listing.slots
        for listing in pool.listings.values()
        if listing.origin_schema == schema
    }
    said = _released_by_history()
    for offer in Opportunity.objects.only("capacity", "released", "taken", "frees_at"):
        about = f"opportunity {offer.id}"
        if offer.taken != counted[offer.id]:
            yield Difference(schema, f"{about}, taken", offer.taken, counted[offer.id])
        if offer.released != released.get(offer.id, 0):
            yield Difference(
                schema, f"{about}, released", offer.released, released.get(offer.id, 0)
            )
        if offer.released != said.get(offer.id, 0):
            yield Difference(
                schema, f"{about}, released by history", offer.released, said.get(offer.id, 0)
            )
        if offer.taken + offer.released > offer.capacity:
            used = offer.taken + offer.released
            yield Difference(schema, f"{about}, used of capacity", used, offer.capacity)
        frees_at = min(deadlines[offer.id], default=None)
        if offer.frees_at != frees_at:
            yield Difference(schema, f"{about}, frees at", offer.frees_at, frees_at)


def _check_hold(schema: str, pool: _Pool, placement: Placement) -> Iterator[Difference]:
    """A placement that keeps a slot has its hold, with its deadline; others have none."""
    about = f"placement {placement.id}, hold"
    hold = pool.holds.get(placement.id)
    overdue = (
        placement.state == State.PURSUING
        and placement.deadline is not None
        and placement.deadline <= timezone.now()
    )
    if hold is None:
        # Once its time is up, whoever wants the slot may have it before the clock comes by.
        if placement.state in HOLDING and not overdue:
            yield Difference(schema, about, None, placement.state)
        return
    if placement.state == State.AWAITING_OWNER and placement.id in pool.agreed:
        return  # the owner's yes is on its way to this school
    if placement.state not in HOLDING:
        yield Difference(schema, about, hold.state, placement.state)
        return
    wanted = Hold.State.FILLED if placement.state == State.ACTIVE else Hold.State.HELD
    until = placement.deadline if placement.state == State.PURSUING else None
    there = (hold.school, hold.listing_id, hold.state, hold.until)
    if there != (schema, placement.listing_id, wanted, until):
        counted = (schema, placement.listing_id, wanted, until)
        yield Difference(schema, about, there, counted)


def _compare_with_history(schema: str, placements: list[Placement]) -> Iterator[Difference]:
    """The last state history knows of each placement is the one it is in."""
    entries = (
        Entry.objects.filter(subject_type=Placement._meta.label_lower, after__has_key="state")
        .order_by("subject_id", "-id")
        .distinct("subject_id")
        .values_list("subject_id", "after__state")
    )
    said = dict(entries)
    for one in placements:
        if one.state != said.get(str(one.id)):
            about = f"placement {one.id}, state by history"
            yield Difference(schema, about, one.state, said.get(str(one.id)))
    there = {str(one.id) for one in placements}
    for subject_id in said.keys() - there:
        yield Difference(schema, f"placement {subject_id}", None, "history knows it")


def _released_by_history() -> dict[uuid.UUID, int]:
    entries = (
        Entry.objects.filter(
            subject_type=Opportunity._meta.label_lower,
            action__in=["slots_released", "slots_recalled"],
        )
        .order_by("subject_id", "-id")
        .distinct("subject_id")
        .values_list("subject_id", "after__released")
    )
    return {uuid.UUID(subject_id): released for subject_id, released in entries}
