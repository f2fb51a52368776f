"""Release, recall, and partners' postings."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.ledger import lock_opportunity, own_slots_open
from catalog.models import Opportunity
from catalog.offers import OFFER_COLUMNS
from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from portico.webhooks.planning import plan_event
from sharing import pool
from sharing.models import MentorContact, OwnerQuestion, OwnListing, Partner, PoolListing
from sharing.telling import HELD, PUBLISHED, RECALLED, tell_subscribers
from tenants.context import current_schema
from tenants.errors import Refused
from tenants.ids import new_id
from tenants.queries import tenant_by_schema


def release_slots(
    *,
    actor: Person,
    opportunity_id: uuid.UUID,
    slots: int,
    visible_from: datetime | None = None,
    ask_owner: bool = False,
) -> uuid.UUID:
    """Release *slots* more free slots of an own opportunity; returns the pool listing's id.

    *visible_from* (aware): "our students first until". *ask_owner*: ask us before another
    school's student is approved. Both apply to the whole release from now on.
    """
    require_role(actor, Role.COORDINATOR)
    opportunity = lock_opportunity(opportunity_id=opportunity_id)
    if opportunity.state != Opportunity.State.PUBLISHED:
        raise Refused("not_published", _("Publish the opportunity before releasing it."))
    free = own_slots_open(opportunity)
    if not 1 <= slots <= free:
        raise Refused(
            "no_free_slots",
            _("%(free)d slots are free to release.") % {"free": free},
            field="slots",
        )
    total = opportunity.released + slots
    listing_id = _put_into_pool(
        opportunity, slots=total, visible_from=visible_from, ask_owner=ask_owner
    )
    Opportunity.objects.filter(id=opportunity.id).update(released=total)
    record(
        action="slots_released",
        subject=opportunity,
        actor=actor,
        before={"released": opportunity.released},
        after={"released": total, "visible_from": visible_from, "ask_owner": ask_owner},
    )
    plan_event(
        kind="opportunity.released",
        data={**_told(opportunity, listing_id), "slots": slots, "released": total},
    )
    tell_subscribers(kind=PUBLISHED, listing_id=listing_id)
    return listing_id


@dataclass(frozen=True)
class Release:
    """How one opportunity of a bulk release fared: slots released, or why not."""

    opportunity: Opportunity
    slots: int
    refusal: Refused | None = None


def release_unwanted(
    *,
    actor: Person,
    opportunity_ids: Iterable[uuid.UUID],
    visible_from: datetime | None = None,
    ask_owner: bool = False,
) -> list[Release]:
    """Release all free slots of each opportunity; one that is refused does not stop the rest.

    In the order of the ids, so that two bulk releases at once never wait for each other.
    """
    require_role(actor, Role.COORDINATOR)
    results = []
    for opportunity_id in sorted(set(opportunity_ids)):
        opportunity = lock_opportunity(opportunity_id=opportunity_id)
        slots = own_slots_open(opportunity)
        try:
            with transaction.atomic():
                release_slots(
                    actor=actor,
                    opportunity_id=opportunity_id,
                    slots=slots,
                    visible_from=visible_from,
                    ask_owner=ask_owner,
                )
        except Refused as refusal:
            results.append(Release(opportunity, 0, refusal))
        else:
            results.append(Release(opportunity, slots))
    return results


def recall_slots(
    *, actor: Person, opportunity_id: uuid.UUID, slots: int | None = None
) -> tuple[int, int]:
    """Take back up to *slots* (default: all) that nobody holds: (came back, still held)."""
    require_role(actor, Role.COORDINATOR)
    opportunity = lock_opportunity(opportunity_id=opportunity_id)
    wanted = opportunity.released if slots is None else slots
    back = pool.recall(opportunity_id=opportunity.id, slots=wanted)
    Opportunity.objects.filter(id=opportunity.id).update(released=F("released") - back)
    record(
        action="slots_recalled",
        subject=opportunity,
        actor=actor,
        before={"released": opportunity.released},
        after={"released": opportunity.released - back},
    )
    if back:
        listing_id = OwnListing.objects.values_list("id", flat=True).get(
            opportunity_id=opportunity.id
        )
        left = opportunity.released - back
        plan_event(
            kind="opportunity.recalled",
            data={**_told(opportunity, listing_id), "slots": back, "released": left},
        )
        tell_subscribers(kind=RECALLED, listing_id=listing_id)
    return back, opportunity.released - back


def refresh_release(*, opportunity: Opportunity) -> None:
    """Bring the pool's snapshot of a released opportunity up to date after an edit.

    A paused opportunity is closed to new claims; slots in use stay in use.
    """
    if not opportunity.released:
        return
    current = OwnListing.objects.get(opportunity_id=opportunity.id)
    was_open = current.state == PoolListing.State.OPEN
    if opportunity.state != Opportunity.State.PUBLISHED:
        pool.close(opportunity_id=opportunity.id)
        if was_open:
            tell_subscribers(kind=RECALLED, listing_id=current.id)
        return
    _put_into_pool(
        opportunity,
        slots=opportunity.released,
        visible_from=current.visible_from,
        ask_owner=current.ask_owner,
    )
    if not was_open:
        tell_subscribers(kind=PUBLISHED, listing_id=current.id)


def _told(opportunity: Opportunity, listing_id: uuid.UUID) -> dict[str, Any]:
    """What the school's own subscriptions hear of a released opportunity."""
    return {
        "opportunity": str(opportunity.id),
        "listing": str(listing_id),
        "title": opportunity.title,
        "site_name": opportunity.site_name,
        "field": opportunity.field,
    }


def _put_into_pool(
    opportunity: Opportunity, *, slots: int, visible_from: datetime | None, ask_owner: bool
) -> uuid.UUID:
    offer = offer_in_pool(opportunity)
    offer.update(id=new_id(), slots=slots, visible_from=visible_from, ask_owner=ask_owner)
    contact = contact_in_pool(opportunity)
    listing_id = pool.release(offer=offer, contact=contact)
    if listing_id is None:
        raise Refused("slots_in_use", _("More slots are in use than you want to offer."))
    return listing_id


def offer_in_pool(opportunity: Opportunity) -> dict[str, Any]:
    """What the pool's listing of an own opportunity says of it, by column."""
    offer: dict[str, Any] = {name: getattr(opportunity, name) for name in OFFER_COLUMNS}
    offer.update(opportunity_id=opportunity.id, origin_name=tenant_by_schema(current_schema()).name)
    return offer


def contact_in_pool(opportunity: Opportunity) -> dict[str, str]:
    """Whom to call about an own opportunity, as the pool keeps it for who holds a slot."""
    mentor, site = opportunity.mentor, opportunity.site
    return {
        "site_address": ", ".join(filter(None, [site.address, site.city, site.zip_code])),
        "name": mentor.name if mentor else "",
        "title": mentor.title if mentor else "",
        "email": mentor.email if mentor else "",
        "phone": mentor.phone if mentor else "",
        "language": mentor.language if mentor else "en",
    }


def answer_owner_question(
    *, actor: Person, question_id: uuid.UUID, agreed: bool, reason: str = ""
) -> None:
    """The owning school's answer to another school; a no needs a reason."""
    require_role(actor, Role.COORDINATOR)
    if not agreed and not reason.strip():
        raise Refused("reason_required", _("Say why, they will read it."), field="reason")
    outcome = pool.answer(question_id=question_id, agreed=agreed, reason=reason.strip())
    if outcome == "gone":
        raise Refused("gone", _("They no longer ask, or this has been answered already."))
    if outcome == "full":
        raise Refused("full", _("No slot is free any more; decline, or release another."))
    question = OwnerQuestion.objects.get(id=question_id)
    record(
        action="owner_agreed" if agreed else "owner_declined",
        subject=question,
        actor=actor,
        after={"reason": reason.strip()},
    )
    if agreed:
        tell_subscribers(kind=HELD, listing_id=question.listing_id)


def save_posting(*, actor: Person, listing: PoolListing, contact: MentorContact) -> PoolListing:
    """Partner staff post to the pool or change a posting of their own partner.

    Refused when slots fall below what is in use; ValidationError with the fields at fault.
    """
    require_role(actor, Role.PARTNER_STAFF)
    is_new = listing._state.adding
    was_open = False
    if is_new:
        listing.partner = Partner.objects.get(id=actor.partner_id)  # type: ignore[misc]
        listing.taken, listing.frees_at = 0, None
    else:
        ledger = (
            PoolListing.objects.select_for_update()
            .values("taken", "frees_at", "partner_id", "state")
            .get(id=listing.id)
        )
        if ledger["partner_id"] != actor.partner_id:
            raise Refused("forbidden", _("This posting belongs to another partner."))
        listing.taken, listing.frees_at = ledger["taken"], ledger["frees_at"]
        was_open = ledger["state"] == PoolListing.State.OPEN
        if listing.slots < ledger["taken"]:
            raise Refused(
                "slots_in_use",
                _("%(taken)d slots are in use.") % {"taken": ledger["taken"]},
                field="slots",
            )
    listing.origin_kind, listing.origin_schema = "partner", ""
    listing.origin_name = listing.partner.name  # type: ignore[union-attr]
    if listing.state == PoolListing.State.OPEN and listing.published_at is None:
        listing.published_at = timezone.now()
    listing.full_clean(exclude=["doc"])
    listing.save()
    contact.listing = listing
    contact.full_clean(exclude=["listing"])
    contact.save()
    record(
        action="posting_added" if is_new else "posting_changed",
        subject=listing,
        actor=actor,
        after={"title": listing.title, "slots": listing.slots, "state": listing.state},
    )
    is_open = listing.state == PoolListing.State.OPEN
    if is_open != was_open:
        tell_subscribers(kind=PUBLISHED if is_open else RECALLED, listing_id=listing.id)
    return listing
