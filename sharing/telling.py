"""Telling those who subscribe to the pool's events: the region, and a listing's own partner.
Of a slot held, filled or freed its owning school hears too, in its own time (release_news.py)."""

import uuid

from portico.due.waking import wake_after_commit
from sharing import pool
from tenants.ids import new_id

PUBLISHED, RECALLED = "listing.published", "listing.recalled"
HELD, FILLED, FREED = "listing.held", "listing.filled", "listing.freed"


def tell_subscribers(*, kind: str, listing_id: uuid.UUID) -> None:
    """Plan the event *kind* about a listing; called by schools and by the region alike.

    What it says is read from the listing by the region's own function: nothing about a
    student, or about who holds a slot, can get into it.
    """
    if pool.tell(kind=kind, listing_id=listing_id, event_id=new_id()):
        wake_after_commit("webhook")
