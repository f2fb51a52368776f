"""What a school's own subscriptions hear of placements: ids, the offer, the state.

No student's name is among it, and no message or reason, for people write names into them;
the name goes apart, to subscriptions the school has allowed it.
"""

from typing import Any

from portico.internships.models import Placement, Source
from portico.webhooks.planning import plan_event
from sharing.telling import tell_subscribers


def tell_of_step(placement: Placement, *, action: str, before: str | None) -> None:
    """Plan `placement.<state>`: *action* has led here from the state *before* (None: new)."""
    plan_event(
        kind=f"placement.{placement.state}",
        data={
            **_about(placement),
            "action": action,
            "state": str(placement.state),
            "before": before,
            "deadline": placement.deadline.isoformat() if placement.deadline else None,
            "starts_on": placement.starts_on.isoformat() if placement.starts_on else None,
            "ends_on": placement.ends_on.isoformat() if placement.ends_on else None,
        },
        names={"student_name": placement.student.full_name},
    )


def tell_of_slot(placement: Placement, *, kind: str) -> None:
    """Tell the pool's subscribers what became of the slot *placement* has or had, if it is a
    slot of the pool; *kind* is one of sharing.telling's."""
    if placement.source == Source.POOL and placement.listing_id is not None:
        tell_subscribers(kind=kind, listing_id=placement.listing_id)


def tell_of_freed_slot(placement: Placement) -> None:
    """The slot *placement* held is free again, for the school's and the pool's subscribers."""
    plan_event(kind="slot.freed", data=_about(placement))
    tell_of_slot(placement, kind="listing.freed")


def _about(placement: Placement) -> dict[str, Any]:
    return {
        "placement": str(placement.id),
        "student": str(placement.student_id),
        "source": str(placement.source),
        "opportunity": str(placement.opportunity_id) if placement.opportunity_id else None,
        "listing": str(placement.listing_id) if placement.listing_id else None,
        "title": placement.title,
        "site_name": placement.site_name,
        "field": placement.field,
        "origin_name": placement.origin_name,
    }
