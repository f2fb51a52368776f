"""The student asks to start; the teacher decides, often from an e-mail."""

import uuid
from dataclasses import dataclass, field
from datetime import date, time

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portico.accounts.links import make_link
from portico.accounts.models import LinkToken, Person
from portico.accounts.roles import Role
from portico.accounts.substitutes import substitutes_of
from portico.audit.actions import record
from portico.due.actions import plan_work
from portico.internships.actions.moving import (
    facts,
    lock_placement,
    move,
    move_deadline,
    need_reason,
    tell_coordinators,
)
from portico.internships.models import Placement
from portico.internships.rules import require_act
from portico.notices.actions import tell
from tenants.errors import Refused

MOST_GOALS = 6


@dataclass(frozen=True, kw_only=True)
class StartRequest:
    """What a student proposes: dates in the school's calendar, local times, ISO weekdays."""

    starts_on: date
    ends_on: date
    days: list[int]
    start_time: time
    end_time: time
    goals: list[str] = field(default_factory=list)

    def checked(self) -> "StartRequest":
        """Itself with blank goals dropped; Refused with the field at fault."""
        goals = [" ".join(goal.split())[:300] for goal in self.goals if goal.strip()]
        if self.ends_on < self.starts_on:
            raise Refused("dates", _("The last day must not be before the first."), field="ends_on")
        if self.ends_on < timezone.localdate():
            raise Refused("dates", _("The last day has passed."), field="ends_on")
        if not self.days or not set(self.days) <= set(range(1, 8)):
            raise Refused("days", _("Choose at least one day of the week."), field="days")
        if self.end_time <= self.start_time:
            raise Refused("times", _("The end must be after the start."), field="end_time")
        if not 1 <= len(goals) <= MOST_GOALS:
            raise Refused("goals", _("Write one to six goals."), field="goals")
        return StartRequest(
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            days=sorted(set(self.days)),
            start_time=self.start_time,
            end_time=self.end_time,
            goals=goals,
        )


@transaction.atomic
def request_start(*, placement_id: uuid.UUID, actor: Person, start: StartRequest) -> Placement:
    """Ask to start. The clock stops; the teacher gets an e-mail with one button."""
    start = start.checked()
    placement = lock_placement(placement_id=placement_id)
    require_act(actor, placement, "request_start")
    now = timezone.now()
    assert placement.deadline is not None
    move(
        placement,
        "request_start",
        actor=actor,
        start_requested_at=now,
        time_left=placement.deadline - now,
        deadline=None,
        reason="",
        **vars(start),
    )
    move_deadline(placement, until=None)
    for person in deciders(placement):
        secret = make_link(
            purpose=LinkToken.Purpose.APPROVE_START, person=person, subject_id=placement.id
        )
        tell(kind="start_requested", person=person, data=facts(placement), secret=secret)
    return placement


def deciders(placement: Placement) -> list[Person]:
    """Who is asked: the student's teacher and who stands in for them, else the coordinators."""
    teacher = placement.student.teacher
    asked = [teacher] if teacher is not None and teacher.has_role(Role.TEACHER) else []
    asked += substitutes_of(teacher_id=placement.student.teacher_id)
    return asked or list(Person.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True))


@transaction.atomic
def approve_start(*, placement_id: uuid.UUID, actor: Person, despite: str = "") -> Placement:
    """The start is approved: active, the slot filled.

    Refused `missing` while something is missing that settings.START_CHECKS ask for. With a
    reason in *despite* a coordinator lets it start all the same; history keeps what was
    missing and why it did not matter.
    """
    placement = lock_placement(placement_id=placement_id)
    require_act(actor, placement, "approve_start")
    if missing := missing_before_start(placement):
        _require_despite(actor, placement, missing=missing, despite=despite)
    move(placement, "approve_start", actor=actor, started_at=timezone.now(), time_left=None)
    move_deadline(placement, until=None, filled=True)
    # from the first day on, the clock looks whether the student has come (attendance.jobs)
    plan_work(kind="expected", subject_id=placement.id, due_at=timezone.now())
    _use_up_links(placement)
    data = facts(placement, decider=actor.full_name)
    tell(kind="start_approved", person=placement.student, data=data)
    tell_coordinators(kind="start_approved_staff", placement=placement, decider=actor.full_name)
    return placement


def missing_before_start(placement: Placement) -> list[str]:
    """What *placement* may not start without and does not have, in words."""
    checks = [import_string(path) for path in settings.START_CHECKS]
    return [str(title) for check in checks for title in check(placement=placement)]


def _require_despite(
    actor: Person, placement: Placement, *, missing: list[str], despite: str
) -> None:
    if not despite.strip():
        words = {"missing": ", ".join(missing)}
        raise Refused("missing", _("Missing before the start: %(missing)s.") % words)
    if not actor.has_role(Role.COORDINATOR):
        raise Refused("forbidden", _("Only a coordinator lets it start with something missing."))
    record(
        action="placement_start_despite",
        subject=placement,
        actor=actor,
        after={"missing": ", ".join(missing), "reason": need_reason(despite)},
    )


@transaction.atomic
def decline_start(*, placement_id: uuid.UUID, actor: Person, reason: str) -> Placement:
    """Not yet, with a reason; the student's clock goes on with the time it had left."""
    reason = need_reason(reason)
    placement = lock_placement(placement_id=placement_id)
    require_act(actor, placement, "decline_start")
    assert placement.time_left is not None
    until = timezone.now() + placement.time_left
    move(placement, "decline_start", actor=actor, deadline=until, time_left=None, reason=reason)
    move_deadline(placement, until=until)
    _use_up_links(placement)
    data = facts(placement, decider=actor.full_name)
    tell(kind="start_declined", person=placement.student, data=data)
    return placement


def _use_up_links(placement: Placement) -> None:
    """A decision made anywhere closes every link that asked for it."""
    LinkToken.objects.filter(
        purpose=LinkToken.Purpose.APPROVE_START, subject_id=placement.id, used_at__isnull=True
    ).update(used_at=timezone.now())
