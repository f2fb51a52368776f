"""What became of a slot that this school released, told to its own subscriptions.

Another school's student takes it, begins in it, gives it back: the region plans this school's
due work (`pool_tell`), and here it is told, in this school's own transaction. A listing says how
many slots are in use, never by whom.
"""

import uuid

from portico.webhooks.planning import plan_event
from sharing.models import OwnListing


def tell_held(*, subject_id: uuid.UUID) -> None:
    """Due work: a slot of the release *subject_id* was taken to be pursued."""
    _tell("opportunity.held", listing_id=subject_id)


def tell_filled(*, subject_id: uuid.UUID) -> None:
    """Due work: an internship began in a slot of the release *subject_id*."""
    _tell("opportunity.filled", listing_id=subject_id)


def tell_freed(*, subject_id: uuid.UUID) -> None:
    """Due work: a slot of the release *subject_id* is free again."""
    _tell("opportunity.freed", listing_id=subject_id)


def _tell(kind: str, *, listing_id: uuid.UUID) -> None:
    """Nothing happens when the release is gone meanwhile."""
    listing = OwnListing.objects.filter(id=listing_id).first()
    if listing is None:
        return
    plan_event(
        kind=kind,
        data={
            "opportunity": str(listing.opportunity_id),
            "listing": str(listing.id),
            "title": listing.title,
            "site_name": listing.site_name,
            "field": listing.field,
            "slots": listing.slots,
            "taken": listing.taken,
        },
    )
