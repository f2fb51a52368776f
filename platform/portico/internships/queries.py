"""Reading placements, as the clock has them: a deadline counts the second it passes.

`placement.state` may still say `pursuing` when no worker has tidied up; every function
here that returns placements returns them with the state they are really in.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.models import Opportunity
from portico.accounts.models import Person
from portico.internships.actions.moving import is_past_deadline
from portico.internships.models import Placement, Source
from portico.internships.states import FINAL, OPEN, REVEALING, STEPS, UNDER_WAY, State
from sharing.models import VisibleListing
from sharing.queries import contact_for, visible_listing

# Which placement a student cares about first.
URGENCY = (
    State.PURSUING,
    State.START_REQUESTED,
    State.AWAITING_OWNER,
    State.REQUESTED,
    State.ACTIVE,
)


def by_the_clock(placement: Placement) -> Placement:
    """*placement* as it is now: a pursuit whose deadline has passed has expired.

    In memory only; the row is put right by the next act or the clock's job.
    """
    if is_past_deadline(placement):
        placement.state = State.EXPIRED
        placement.ended_at = placement.deadline
    return placement


def placements_of(*, student: Person) -> list[Placement]:
    """All placements of *student*, newest request first."""
    found = _placements().filter(student=student).order_by("-requested_at", "-id")
    return [by_the_clock(placement) for placement in found]


def placement_of(*, student: Person, placement_id: uuid.UUID) -> Placement:
    """One of *student*'s own placements; Placement.DoesNotExist for anybody else's."""
    return by_the_clock(_placements().get(student=student, id=placement_id))


def _placements() -> QuerySet[Placement]:
    """With everything a student's page says of them, in one query."""
    return Placement.objects.select_related(
        "student__teacher", "opportunity__mentor", "opportunity__site"
    ).defer("opportunity__doc")


def open_ones(placements: Iterable[Placement]) -> list[Placement]:
    """Those under way, most urgent first."""
    still_open = [placement for placement in placements if placement.state in OPEN]
    return sorted(still_open, key=lambda placement: URGENCY.index(State(placement.state)))


def closed_ones(placements: Iterable[Placement]) -> list[Placement]:
    """Those that are over, in the order given."""
    return [placement for placement in placements if placement.state in FINAL]


def open_by_offer(placements: Iterable[Placement]) -> dict[uuid.UUID, Placement]:
    """The student's open placement by the id of what was requested (its listing)."""
    return {placement.offer_id: placement for placement in placements if placement.state in OPEN}


def is_under_way(placement: Placement) -> bool:
    """True while the student can pursue no other internship."""
    return placement.state in UNDER_WAY


def offer_of(placement: Placement) -> Opportunity | VisibleListing | None:
    """What the placement is of, as it is offered now; None when it has left the pool."""
    if placement.source == Source.OWN:
        return placement.opportunity
    assert placement.listing_id is not None
    return visible_listing(listing_id=placement.listing_id)


# --- the mentor -----------------------------------------------------------------------


@dataclass(frozen=True)
class Contact:
    """Whom a student may write to or call, while they may."""

    name: str
    title: str
    email: str
    phone: str
    address: str
    language: str


def contact_of(placement: Placement) -> Contact | None:
    """The mentor's contact; None unless this placement lets the student see it now.

    For a pool listing PostgreSQL looks once more: it shows the contact only while the
    school holds a slot.
    """
    if by_the_clock(placement).state not in REVEALING:
        return None
    if placement.source == Source.POOL:
        assert placement.listing_id is not None
        shared = contact_for(listing_id=placement.listing_id)
        if shared is None:
            return None
        return Contact(
            shared.name,
            shared.title,
            shared.email,
            shared.phone,
            shared.site_address,
            shared.language,
        )
    assert placement.opportunity is not None
    mentor, site = placement.opportunity.mentor, placement.opportunity.site
    address = ", ".join(part for part in (site.address, site.city, site.zip_code) if part)
    if mentor is None:
        return Contact("", "", "", "", address, "en")
    return Contact(mentor.name, mentor.title, mentor.email, mentor.phone, address, mentor.language)


# --- time -----------------------------------------------------------------------------


def days_left(placement: Placement) -> int | None:
    """Days until the deadline in the school's calendar: 0 on its day; None without a clock."""
    if placement.state != State.PURSUING or placement.deadline is None:
        return None
    return (timezone.localdate(placement.deadline) - timezone.localdate()).days


def days_left_in_words(placement: Placement) -> str:
    """“9 days left”, “until 3:15 p.m. today”; empty without a clock."""
    days = days_left(placement)
    if days is None or placement.deadline is None:
        return ""
    if days == 0:
        local = timezone.localtime(placement.deadline)
        return _("until %(time)s today") % {"time": date_format(local, "TIME_FORMAT")}
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def short_date(moment: datetime) -> str:
    """“Mar 3”, in the school's time."""
    # Translators: letters of Django's date formats; "j M" makes "3 Mar".
    letters = pgettext("format of a short date", "M j")
    return date_format(timezone.localtime(moment), letters)


# --- the steps ------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step of a placement's way; `state` is done, now, next or stopped."""

    key: str
    name: str
    state: str
    when: str = ""


def tracker(placement: Placement) -> list[Step]:
    """The steps of *placement*, from the states' table, with dates and the days left."""
    state = State(by_the_clock(placement).state)
    reached = _step_reached(placement, state)
    done_at = {
        "requested": placement.requested_at,
        "approved": placement.decided_at,
        "start_requested": placement.start_requested_at,
        "active": placement.started_at,
    }
    steps = []
    for index, (key, name, _states) in enumerate(STEPS):
        moment = done_at.get(key)
        when = short_date(moment) if moment and index <= reached else ""
        stands = "done" if index < reached else "now" if index == reached else "next"
        if index == reached and state in FINAL:
            stands = "done" if state == State.COMPLETED else "stopped"
            if placement.ended_at:
                when = short_date(placement.ended_at)
        elif index == reached and state == State.PURSUING:
            when = days_left_in_words(placement)
        elif index == reached and state == State.AWAITING_OWNER:
            when = _("one more yes")
        steps.append(Step(key=key, name=str(name), state=stands, when=when))
    return steps


def _step_reached(placement: Placement, state: State) -> int:
    """The index of the step *placement* stands on, or stood on when it ended."""
    for index, (_key, _name, states) in enumerate(STEPS):
        if state in states:
            return index
    keys = [key for key, _name, _states in STEPS]
    if placement.started_at:
        return keys.index("active")
    if state == State.DECLINED:
        return keys.index("approved")
    if state == State.EXPIRED:
        return keys.index("pursuing")
    if placement.start_requested_at:
        return keys.index("start_requested")
    if placement.revealed_at:
        return keys.index("pursuing")
    return keys.index("approved" if placement.decided_at else "requested")
