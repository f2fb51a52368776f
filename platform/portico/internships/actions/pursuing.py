"""The timed part: more time, or time is up."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.audit.actions import record
from portico.internships.actions.moving import (
    days_after,
    facts,
    lock_placement,
    move,
    move_deadline,
)
from portico.internships.models import Placement
from portico.internships.rules import require_act
from portico.internships.states import State
from portico.notices.actions import tell
from portico.notices.queries import told_since
from tenants.errors import Refused

MOST_DAYS_MORE = 60
REMIND_AGAIN_AFTER = timedelta(hours=20)


@transaction.atomic
def extend_pursuit(*, placement_id: uuid.UUID, actor: Person, days: int) -> Placement:
    """Give *days* more (1 to 60). In the second the time ends, it has ended: Refused."""
    if not 1 <= days <= MOST_DAYS_MORE:
        raise Refused("days", _("Choose 1 to 60 days."), field="days")
    placement = lock_placement(placement_id=placement_id)
    require_act(actor, placement, "extend")
    assert placement.deadline is not None
    until = days_after(placement.deadline, days)
    move(placement, "extend", actor=actor, deadline=until)
    move_deadline(placement, until=until)
    tell(kind="pursuit_extended", person=placement.student, data=facts(placement))
    return placement


@transaction.atomic
def remind_of_pursuit(*, placement_id: uuid.UUID, actor: Person) -> Placement:
    """Write to the student that time is running out; once a day is enough: `reminded`."""
    placement = lock_placement(placement_id=placement_id)
    require_act(actor, placement, "extend")  # whoever may give more time may say how much is left
    since = timezone.now() - REMIND_AGAIN_AFTER
    if told_since(since, kind="pursuit_reminder", placement=str(placement.id)):
        raise Refused(
            "reminded",
            _("%(student)s has been reminded already.") % {"student": placement.student.full_name},
        )
    tell(kind="pursuit_reminder", person=placement.student, data=facts(placement))
    record(action="placement_reminded", subject=placement, actor=actor)
    return placement


@transaction.atomic
def expire_pursuit(*, placement_id: uuid.UUID) -> datetime | None:
    """The clock's visit: end the pursuit if its deadline has passed.

    Returns the deadline when it has been moved meanwhile, None when nothing is left to do.
    Running twice, late or at once with another worker does it once.
    """
    if not Placement.objects.filter(id=placement_id).exists():
        return None
    placement = lock_placement(placement_id=placement_id)  # expires what is overdue
    return placement.deadline if placement.state == State.PURSUING else None
