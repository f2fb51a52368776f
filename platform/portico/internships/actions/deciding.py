"""The coordinator decides on a request."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.audit.actions import record
from portico.due.actions import plan_work
from portico.internships.actions.moving import (
    EXPIRE,
    days_from_now,
    facts,
    lock_placement,
    move,
    need_reason,
    stop_asking,
    take_slot,
)
from portico.internships.models import Placement, Source
from portico.internships.rules import require_act
from portico.internships.states import UNDER_WAY, State
from portico.notices.actions import tell
from sharing import pool
from sharing.queries import visible_listing
from tenants.context import current_schema
from tenants.errors import Refused
from tenants.queries import tenant_by_schema


@transaction.atomic
def approve_request(*, placement_id: uuid.UUID, actor: Person) -> Placement:
    """Approve: hold a slot, start the clock, reveal the contact — or ask the owner first.

    Refused: `wrong_state`, `forbidden`, `under_way` (the student pursues another one),
    `no_slot`, `not_found` (the listing is no longer offered to this school).
    """
    placement = lock_placement(placement_id=placement_id)
    require_act(actor, placement, "approve")
    # Two approvals of one student's requests line up here; the second sees the first.
    Person.objects.select_for_update(no_key=True).get(id=placement.student_id)
    other = (
        Placement.objects.filter(student=placement.student, state__in=UNDER_WAY)
        .exclude(id=placement.id)
        .first()
    )
    # the clock, not the row, says whether the other one is still pursued
    if other is not None and lock_placement(placement_id=other.id).state in UNDER_WAY:
        raise Refused(
            "under_way",
            _("%(student)s is on the way with “%(title)s”; one at a time.")
            % {"student": placement.student.full_name, "title": other.title},
        )
    school = tenant_by_schema(current_schema())
    now = timezone.now()
    if placement.source == Source.POOL:
        listing = visible_listing(listing_id=placement.listing_id)  # type: ignore[arg-type]
        if listing is None:
            raise Refused("not_found", _("This internship is not offered any more."))
        if listing.ask_owner:
            return _ask_owner(
                placement, actor=actor, school_name=school.name, days=school.pursuit_days
            )
    deadline = days_from_now(school.pursuit_days)
    take_slot(placement, until=deadline)
    move(
        placement,
        "approve",
        actor=actor,
        decided_at=now,
        deadline=deadline,
        revealed_at=now,
        reason="",
    )
    begin_pursuit(placement, actor=actor)
    return placement


def begin_pursuit(placement: Placement, *, actor: Person | None, label: str = "clock") -> None:
    """What follows when a placement has come to be pursued: log, clock, notice."""
    assert placement.deadline is not None
    record(
        action="contact_revealed",
        subject=placement,
        actor=actor,
        label=label,
        after={"to": placement.student.full_name, "until": placement.deadline},
    )
    plan_work(kind=EXPIRE, subject_id=placement.id, due_at=placement.deadline)
    tell(kind="request_approved", person=placement.student, data=facts(placement))


def _ask_owner(placement: Placement, *, actor: Person, school_name: str, days: int) -> Placement:
    assert placement.listing_id is not None
    question = pool.ask_owner(
        listing_id=placement.listing_id,
        placement_id=placement.id,
        school_name=school_name,
        grade=placement.student.grade,
        interest=placement.field,
        days=days,
    )
    if question is None:
        raise Refused("not_found", _("This internship is not offered any more."))
    move(placement, "ask_owner", actor=actor, decided_at=timezone.now())
    tell(kind="awaiting_owner", person=placement.student, data=facts(placement))
    return placement


@transaction.atomic
def decline_request(*, placement_id: uuid.UUID, actor: Person, reason: str) -> Placement:
    """Decline with a reason the student reads. Refused: `reason_required`, `wrong_state`, …"""
    reason = need_reason(reason)
    placement = lock_placement(placement_id=placement_id)
    require_act(actor, placement, "decline")
    if placement.state == State.AWAITING_OWNER:
        stop_asking(placement)
    move(
        placement,
        "decline",
        actor=actor,
        reason=reason,
        decided_at=timezone.now(),
        ended_at=timezone.now(),
    )
    tell(kind="request_declined", person=placement.student, data=facts(placement))
    return placement
