"""The demo's past: every placement walked to its state on the days it says, in order."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from catalog.models import Opportunity
from portico.accounts.links import make_link
from portico.accounts.models import LinkToken, Person
from portico.accounts.roles import Role
from portico.demo import content
from portico.demo.clock import clock_at
from portico.due.models import DueWork
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.states import State
from portico.notices.models import Notice
from sharing.actions import answer_owner_question
from sharing.models import Hold, PoolListing
from sharing.queries import question_about
from tenants.context import OWNER, tenant_context
from tenants.names import school_schema

if TYPE_CHECKING:
    from portico.demo.seed import Seeded

DAY = timedelta(days=1)


@dataclass
class Walk:
    """One placement of the content on its way."""

    row: content.Placement
    school: str
    schema: str
    student: Person
    coordinator: Person
    seeded: "Seeded"
    placement_id: uuid.UUID | None = None

    @property
    def listing_id(self) -> uuid.UUID:
        """Where this student finds the offer: at the own school, or in the pool once released."""
        return self.seeded.listing_for(self.row.opportunity, school=self.school)

    @property
    def id(self) -> uuid.UUID:
        assert self.placement_id is not None
        return self.placement_id


def play(seeded: "Seeded", release_offer: Callable[[content.Opportunity, "Seeded"], None]) -> None:
    """Do all releases and all steps of all placements in the order of their days."""
    steps: list[tuple[datetime, int, Callable[[], None]]] = []
    now = timezone.now()
    for offer in content.opportunities():
        if offer.release:
            moment = now - offer.release.released_days_ago * DAY - timedelta(hours=3)
            steps.append((moment, len(steps), partial(release_offer, offer, seeded)))
    for row in content.placements():
        walk = _walk(row, seeded)
        for order, (days, step) in enumerate(_steps(walk, seeded)):
            # requests of one day in the content's order; a step a minute after the one before
            moment = now - days * DAY - timedelta(hours=2) + order * timedelta(minutes=7)
            steps.append((moment, len(steps), step))
    for moment, _number, step in sorted(steps, key=lambda item: item[:2]):
        with clock_at(moment):
            step()
    for schema in {school_schema(region="bronx", school=s.code) for s in content.schools()}:
        _settle(schema)


def _walk(row: content.Placement, seeded: "Seeded") -> Walk:
    school = next(p.tenant for p in content.people() if p.email == row.student)
    coordinator = next(
        p for p in content.people() if p.tenant == school and Role.COORDINATOR in p.roles
    )
    return Walk(
        row=row,
        school=school,
        schema=school_schema(region=content.region().code, school=school),
        student=seeded.people[row.student],
        coordinator=seeded.people[coordinator.email],
        seeded=seeded,
    )


def _steps(walk: Walk, seeded: "Seeded") -> list[tuple[int, Callable[[], None]]]:
    row = walk.row
    steps: list[tuple[int, Callable[[], None]]] = [(row.requested_days_ago, lambda: _request(walk))]
    if row.approved_days_ago is not None:
        steps.append((row.approved_days_ago, lambda: _approve(walk, seeded)))
    if row.start_requested_days_ago is not None:
        steps.append((row.start_requested_days_ago, lambda: _request_start(walk)))
    if row.started_days_ago is not None:
        steps.append((row.started_days_ago, lambda: _approve_start(walk)))
    if row.closed_days_ago is not None:
        steps.append((row.closed_days_ago, lambda: _close(walk)))
    return steps


def _request(walk: Walk) -> None:
    with tenant_context(walk.schema):
        placement = actions.request_placement(
            student=walk.student, listing_id=walk.listing_id, message=walk.row.message
        )
    walk.placement_id = placement.id


def _approve(walk: Walk, seeded: "Seeded") -> None:
    with tenant_context(walk.schema):
        placement = actions.approve_request(placement_id=walk.id, actor=walk.coordinator)
        question = question_about(placement_id=walk.id)
    if placement.state == State.AWAITING_OWNER and walk.row.state != State.AWAITING_OWNER:
        owner = walk.row.opportunity.split("/")[0]
        asked = next(
            p for p in content.people() if p.tenant == owner and Role.COORDINATOR in p.roles
        )
        assert question is not None
        with tenant_context(question.owner):
            answer_owner_question(
                actor=seeded.people[asked.email], question_id=question.id, agreed=True
            )
        with tenant_context(walk.schema):
            actions.apply_owner_answer(placement_id=walk.id)
    if walk.row.start_requested_days_ago is not None:
        _stop_clock_of_hold(walk)


def _stop_clock_of_hold(walk: Walk) -> None:
    """Keep a past pursuit's slot: PostgreSQL's clock, unlike ours, stands at today."""
    with tenant_context(content.region().code, using=OWNER):
        Hold.objects.using(OWNER).filter(placement_id=walk.id).update(until=None)
        PoolListing.objects.using(OWNER).filter(id=walk.listing_id).update(frees_at=None)


def _request_start(walk: Walk) -> None:
    now, row = timezone.now(), walk.row
    assert row.first_day_in is not None and row.last_day_in is not None  # noqa: PT018
    offer = next(o for o in content.opportunities() if o.key == row.opportunity)
    assert row.start_requested_days_ago is not None
    today = (now + row.start_requested_days_ago * DAY).date()
    with tenant_context(walk.schema):
        actions.request_start(
            placement_id=walk.id,
            actor=walk.student,
            start=actions.StartRequest(
                starts_on=today + row.first_day_in * DAY,
                ends_on=today + row.last_day_in * DAY,
                days=list(offer.days),
                start_time=offer.starts,
                end_time=offer.ends,
                goals=list(row.goals),
            ),
        )


def _approve_start(walk: Walk) -> None:
    with tenant_context(walk.schema):
        teacher = walk.student.teacher or walk.coordinator
        actions.approve_start(placement_id=walk.id, actor=teacher)


def _close(walk: Walk) -> None:
    row = walk.row
    with tenant_context(walk.schema):
        if row.state == State.DECLINED:
            actions.decline_request(placement_id=walk.id, actor=walk.coordinator, reason=row.reason)
        elif row.state == State.WITHDRAWN:
            actions.withdraw_placement(placement_id=walk.id, actor=walk.student, reason=row.reason)
        elif row.state == State.EXPIRED:
            deadline = Placement.objects.get(id=walk.id).deadline
            assert deadline is not None
            with clock_at(max(timezone.now(), deadline)):
                actions.expire_pursuit(placement_id=walk.id)
        else:
            actions.end_placement(
                placement_id=walk.id,
                actor=walk.coordinator,
                completed=row.state == State.COMPLETED,
                reason=row.reason,
            )


def _settle(schema: str) -> None:
    """Old mail was sent long ago; what still waits for an answer gets a link that works today."""
    now = timezone.now()
    with tenant_context(schema):
        waiting = Placement.objects.filter(state=State.START_REQUESTED).select_related("student")
        asked = {str(placement.id): placement for placement in waiting}
        for notice in Notice.objects.filter(state=Notice.State.WAITING).select_related("person"):
            placement = asked.get(notice.data.get("placement", ""))
            if notice.kind == "start_requested" and placement and notice.person:
                notice.secret = make_link(
                    purpose=LinkToken.Purpose.APPROVE_START,
                    person=notice.person,
                    subject_id=placement.id,
                )
                notice.save(update_fields=["secret"])
                continue
            notice.state, notice.sent_at, notice.secret = Notice.State.SENT, notice.created_at, ""
            notice.save(update_fields=["state", "sent_at", "secret"])
            DueWork.objects.filter(kind="deliver", subject_id=notice.id).delete()
        Notice.objects.filter(created_at__lt=now - 3 * DAY).update(read_at=now)
        # `updated_at` must not say that everything was edited the day the demo was made
        Opportunity.objects.filter(published_at__isnull=False).update(updated_at=now - 30 * DAY)
