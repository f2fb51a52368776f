"""Every event a subscription can ask for: one table, docs/webhooks.md is compared with it.

A school hears of what is its own. The region and its partners hear of the pool, and never
anything about a student: those events are made by the region's own function `pool_tell`,
which is given a listing and nothing else.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Event:
    """*of*: the kind of tenant that can subscribe to it. *about*: when it is sent."""

    kind: str
    of: str
    label: str | Promise
    about: str | Promise


SCHOOL, REGION = "school", "region"
TEST = "webhook.test"  # sent by a button, whatever a subscription has chosen

EVENTS: tuple[Event, ...] = (
    Event(
        "opportunity.released",
        SCHOOL,
        _("Opportunity released"),
        _("The school released slots to the pool."),
    ),
    Event(
        "opportunity.recalled",
        SCHOOL,
        _("Opportunity recalled"),
        _("The school took released slots back."),
    ),
    Event(
        "opportunity.held",
        SCHOOL,
        _("Released slot held"),
        _("Another school's student took a released slot to pursue it."),
    ),
    Event(
        "opportunity.filled",
        SCHOOL,
        _("Released slot filled"),
        _("Another school's student began in a released slot."),
    ),
    Event(
        "opportunity.freed",
        SCHOOL,
        _("Released slot freed"),
        _("A released slot that another school's student had is free again."),
    ),
    Event(
        "placement.requested",
        SCHOOL,
        _("Placement: requested"),
        _("A student requested an internship."),
    ),
    Event(
        "placement.awaiting_owner",
        SCHOOL,
        _("Placement: awaiting the owner"),
        _("The coordinator approved; the owning school is asked."),
    ),
    Event(
        "placement.pursuing",
        SCHOOL,
        _("Placement: pursuing"),
        _("Approved, given more time, or back from a declined start."),
    ),
    Event(
        "placement.start_requested",
        SCHOOL,
        _("Placement: start requested"),
        _("The student asked to start."),
    ),
    Event("placement.active", SCHOOL, _("Placement: active"), _("The start was approved.")),
    Event(
        "placement.completed",
        SCHOOL,
        _("Placement: completed"),
        _("The internship ended as planned."),
    ),
    Event(
        "placement.ended_early",
        SCHOOL,
        _("Placement: ended early"),
        _("The internship ended before its time."),
    ),
    Event(
        "placement.declined",
        SCHOOL,
        _("Placement: declined"),
        _("The coordinator, or the owning school, said no."),
    ),
    Event("placement.expired", SCHOOL, _("Placement: expired"), _("The time to pursue ran out.")),
    Event("placement.withdrawn", SCHOOL, _("Placement: withdrawn"), _("The student stepped back.")),
    Event(
        "slot.freed",
        SCHOOL,
        _("Slot freed"),
        _("A slot that one of the school's placements held is free again."),
    ),
    Event(
        "listing.published",
        REGION,
        _("Listing published"),
        _("Slots were put into the pool: by a school's release or a partner's posting."),
    ),
    Event(
        "listing.recalled",
        REGION,
        _("Listing recalled"),
        _("Slots were taken back, or the listing was closed."),
    ),
    Event("listing.held", REGION, _("Slot held"), _("A slot was taken to be pursued.")),
    Event("listing.filled", REGION, _("Slot filled"), _("An internship began in a slot.")),
    Event("listing.freed", REGION, _("Slot freed"), _("A slot is free again.")),
)


def events_for(tenant_kind: str) -> list[Event]:
    """What tenants of *tenant_kind* (`school`, `region`) can subscribe to, in the table's order."""
    return [event for event in EVENTS if event.of == tenant_kind]


def label_of(kind: str) -> str:
    """*kind* in words, in the active language."""
    if kind == TEST:
        return str(_("Test event"))
    return next((str(event.label) for event in EVENTS if event.kind == kind), kind)
