"""The student asks."""

import uuid

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.ledger import has_expired_hold, own_slots_open
from catalog.models import Opportunity
from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from portico.internships.actions.moving import tell_coordinators
from portico.internships.events import tell_of_step
from portico.internships.models import Placement, Source
from portico.internships.rules import MOST_OPEN_REQUESTS
from portico.internships.states import State
from sharing.models import VisibleListing
from sharing.queries import visible_listing
from tenants.context import current_schema
from tenants.errors import Refused
from tenants.queries import tenant_by_schema


@transaction.atomic
def request_placement(*, student: Person, listing_id: uuid.UUID, message: str = "") -> Placement:
    """Request an own opportunity or a pool listing by its id.

    Refused: `not_found` (not offered to this student's school), `full`, `grade`,
    `already_requested`, `too_many`.
    """
    require_role(student, Role.STUDENT)
    offer, source = _find_offer(listing_id)
    if offer.grades and student.grade not in offer.grades:
        raise Refused("grade", _("This internship is for other grades."))
    asked = Placement.objects.filter(student=student, state=State.REQUESTED).count()
    if asked >= MOST_OPEN_REQUESTS:
        raise Refused(
            "too_many", _("Three requests may wait at a time; withdraw one to ask for another.")
        )
    placement = Placement(
        student=student,
        source=source,
        title=offer.title,
        site_name=offer.site_name,
        field=offer.field,
        latitude=offer.latitude,
        longitude=offer.longitude,
        message=message.strip()[:1000],
        requested_at=timezone.now(),
    )
    if isinstance(offer, Opportunity):
        placement.opportunity = offer
        placement.origin_kind = "own"
        placement.origin_name = tenant_by_schema(current_schema()).name
    else:
        placement.listing_id = offer.id
        placement.origin_kind = offer.origin_kind
        placement.origin_name = offer.origin_name
    placement.radius_m = _radius_known(listing_id)
    try:
        with transaction.atomic():
            placement.save()
    except IntegrityError:
        raise Refused("already_requested", _("You have requested this internship.")) from None
    record(
        action="placement_request",
        subject=placement,
        actor=student,
        after={"state": placement.state, "listing": str(listing_id)},
    )
    tell_coordinators(kind="request_new", placement=placement)
    tell_of_step(placement, action="request", before=None)
    return placement


def _radius_known(listing_id: uuid.UUID) -> int | None:
    """The radius staff have set for this site with an earlier placement."""
    same = Placement.objects.filter(Q(opportunity_id=listing_id) | Q(listing_id=listing_id))
    known = same.filter(radius_m__isnull=False).order_by("-requested_at")
    return known.values_list("radius_m", flat=True).first()


def _find_offer(listing_id: uuid.UUID) -> tuple[Opportunity | VisibleListing, str]:
    opportunity = Opportunity.objects.filter(
        id=listing_id, state=Opportunity.State.PUBLISHED
    ).first()
    if opportunity is not None:
        if own_slots_open(opportunity) == 0 and not has_expired_hold(opportunity):
            raise Refused("full", _("No slot is open now. Save it to find it again later."))
        return opportunity, Source.OWN
    listing = visible_listing(listing_id=listing_id)
    if listing is None:
        raise Refused("not_found", _("This internship is not offered any more."))
    freed = listing.frees_at is not None and listing.frees_at <= timezone.now()
    if listing.taken >= listing.slots and not freed:
        raise Refused("full", _("No slot is open now. Save it to find it again later."))
    return listing, Source.POOL
