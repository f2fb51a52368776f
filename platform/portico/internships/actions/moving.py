"""What every step shares: the lock, the edge, the history, the slot.

Locks are taken in one order everywhere: the placement, then the opportunity or the
listing. So two people acting at once line up, and the second meets the new state.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.ledger import claim_own_slot, free_own_slot, lock_opportunity, set_frees_at
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from portico.due.actions import drop_work, plan_work
from portico.internships.events import tell_of_freed_slot, tell_of_slot, tell_of_step
from portico.internships.models import Placement, Source
from portico.internships.states import State, edge_for
from portico.notices.actions import tell
from portico.telemetry.counters import POOL_CLAIMS, count_after_commit
from sharing import pool
from sharing.queries import live_hold
from sharing.telling import FILLED, HELD
from tenants.context import current_alias
from tenants.errors import Refused

EXPIRE = "expire"


def lock_placement(*, placement_id: uuid.UUID) -> Placement:
    """The placement, its row locked, as the clock has it: a passed deadline has expired it.

    Placement.DoesNotExist if this school has none with that id.
    """
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("student__teacher", "opportunity")
        .get(id=placement_id)
    )
    if is_past_deadline(placement):
        expire(placement)
    return placement


def is_past_deadline(placement: Placement) -> bool:
    """True from the very second of the deadline on, whether or not a job has run."""
    return (
        placement.state == State.PURSUING
        and placement.deadline is not None
        and placement.deadline <= timezone.now()
    )


def move(
    placement: Placement,
    action: str,
    *,
    actor: Person | None,
    label: str = "clock",
    **changes: Any,
) -> None:
    """Take *action*'s edge: new state, *changes* to the row, a line of history, an event."""
    edge = edge_for(placement.state, action)
    if edge is None:  # rules.require_act has spoken before; this is for the clock and owners
        raise Refused("wrong_state", _("This is no longer possible."))
    before = {"state": placement.state}
    placement.state = edge.target
    for name, value in changes.items():
        setattr(placement, name, value)
    placement.save(update_fields=["state", *changes])
    record(
        action=f"placement_{action}",
        subject=placement,
        actor=actor,
        label=label,
        before=before,
        after={"state": placement.state, **changes},
    )
    tell_of_step(placement, action=action, before=before["state"])


def need_reason(reason: str) -> str:
    """The reason, trimmed; Refused with the field when there is none."""
    reason = reason.strip()
    if not reason:
        raise Refused("reason_required", _("Give a reason; it will be read."), field="reason")
    return reason[:500]


# --- slots --------------------------------------------------------------------------


def take_slot(placement: Placement, *, until: datetime) -> None:
    """Hold a slot of the placement's offer until *until*; Refused when none is free."""
    if placement.source == Source.POOL:
        assert placement.listing_id is not None
        taken = pool.claim(listing_id=placement.listing_id, placement_id=placement.id, until=until)
        if taken:
            count_after_commit(POOL_CLAIMS, using=current_alias(), outcome="taken")
        else:
            POOL_CLAIMS.labels("none_free").inc()  # what follows is rolled back
    else:
        assert placement.opportunity_id is not None
        expire_overdue(opportunity_id=placement.opportunity_id)
        taken = claim_own_slot(opportunity_id=placement.opportunity_id, until=until)
    if not taken:
        raise Refused("no_slot", _("No slot is free any more."))
    tell_of_slot(placement, kind=HELD)


def give_slot_back(placement: Placement) -> None:
    """Free the slot of a placement that has just left a holding state (saved already)."""
    if placement.source == Source.POOL:
        assert placement.listing_id is not None
        pool.free(listing_id=placement.listing_id, placement_id=placement.id)
    else:
        assert placement.opportunity_id is not None
        free_own_slot(
            opportunity_id=placement.opportunity_id,
            frees_at=lock_earliest_deadline(placement.opportunity_id),
        )
    drop_work(kind=EXPIRE, subject_id=placement.id)
    tell_of_freed_slot(placement)


def stop_asking(placement: Placement) -> None:
    """Ask the owner no longer; a slot that their yes held already is free again."""
    assert placement.listing_id is not None
    held = live_hold(listing_id=placement.listing_id, placement_id=placement.id)
    pool.drop_question(placement_id=placement.id)
    if held is not None:
        tell_of_freed_slot(placement)


def move_deadline(placement: Placement, *, until: datetime | None, filled: bool = False) -> None:
    """Tell the slot's ledger and the clock about the placement's new deadline (saved already).

    None: the clock stands still, or the slot is filled. Refused when it has passed.
    """
    if placement.source == Source.POOL:
        assert placement.listing_id is not None
        live = pool.set_hold(
            listing_id=placement.listing_id,
            placement_id=placement.id,
            state="filled" if filled else "held",
            until=until,
        )
        if not live:
            raise Refused("expired", _("The time to pursue has passed."))
        if filled:
            tell_of_slot(placement, kind=FILLED)
    else:
        assert placement.opportunity_id is not None
        set_frees_at(
            opportunity_id=placement.opportunity_id,
            frees_at=lock_earliest_deadline(placement.opportunity_id),
        )
    if until is None:
        drop_work(kind=EXPIRE, subject_id=placement.id)
    else:
        plan_work(kind=EXPIRE, subject_id=placement.id, due_at=until)


def lock_earliest_deadline(opportunity_id: uuid.UUID) -> datetime | None:
    """When the next slot of an own opportunity may come free by the clock.

    The opportunity is locked first: read before, a claim that commits meanwhile would be
    missed, and its slot not offered when its time is up.
    """
    lock_opportunity(opportunity_id=opportunity_id)
    found = Placement.objects.filter(opportunity_id=opportunity_id, state=State.PURSUING)
    return found.aggregate(first=Min("deadline"))["first"]


# --- the clock ----------------------------------------------------------------------


def expire(placement: Placement) -> None:
    """End a pursuit whose deadline has passed (locked): slot back, contact hidden, both told."""
    move(placement, "expire", actor=None, ended_at=placement.deadline)
    give_slot_back(placement)
    tell(kind="pursuit_expired", person=placement.student, data=facts(placement))
    tell_coordinators(kind="pursuit_expired_staff", placement=placement)


def expire_overdue(*, opportunity_id: uuid.UUID) -> None:
    """Expire every overdue pursuit of an own opportunity, so that its slots are free."""
    overdue = (
        Placement.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("student__teacher", "opportunity")
        .filter(opportunity_id=opportunity_id, state=State.PURSUING, deadline__lte=timezone.now())
    )
    for placement in overdue:
        expire(placement)


def days_from_now(days: int) -> datetime:
    """The same time of day *days* from now: see days_after."""
    return days_after(timezone.now(), days)


def days_after(moment: datetime, days: int) -> datetime:
    """The same time of day *days* later in the school's zone (the active one).

    Counted in local time, so that a fortnight across daylight saving still ends at the
    hour it began.
    """
    local = timezone.localtime(moment)
    later = local.replace(tzinfo=None) + timedelta(days=days)
    return later.replace(tzinfo=local.tzinfo)


# --- words --------------------------------------------------------------------------


def facts(placement: Placement, **more: Any) -> dict[str, Any]:
    """What notices about *placement* may need, JSON-plain."""
    data: dict[str, Any] = {
        "placement": str(placement.id),
        "student": placement.student.full_name,
        "title": placement.title,
        "site": placement.site_name,
        "origin": placement.origin_name,
        "reason": placement.reason,
    }
    if placement.deadline:
        data["deadline"] = placement.deadline.isoformat()
    if placement.starts_on:
        data["starts_on"] = placement.starts_on.isoformat()
    return {**data, **more}


def tell_coordinators(*, kind: str, placement: Placement, **more: Any) -> None:
    """Tell every active coordinator of the school."""
    for person in Person.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True):
        tell(kind=kind, person=person, data=facts(placement, **more))
