"""A coordinator reminds a student: to check in today, to say when a day really ended."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.attendance.models import Attendance
from portico.attendance.queries import policy
from portico.attendance.rules import require_staff
from portico.attendance.schedule import expected_on
from portico.attendance.words import clock
from portico.audit.actions import record
from portico.internships.models import Placement
from portico.internships.states import State
from portico.notices.actions import tell
from portico.notices.queries import told_since
from tenants.errors import Refused

CHECK_IN_AGAIN_AFTER = timedelta(hours=1)  # a second word within the hour is nagging
ESTIMATE_AGAIN_AFTER = timedelta(hours=20)


@transaction.atomic
def remind_to_check_in(*, placement_id: uuid.UUID, actor: Person) -> None:
    """Ask a student who is expected now where they are.

    Refused: `forbidden`, `here` (checked in meanwhile, or not expected), `reminded`.
    """
    placement = Placement.objects.select_related("student__teacher").get(
        id=placement_id, state=State.ACTIVE
    )
    require_staff(actor, placement)
    now = timezone.now()
    today = timezone.localdate(now)
    expected = expected_on(
        placement, today, zone=timezone.get_current_timezone(), holidays=policy().holidays
    )
    if expected is None or Attendance.objects.filter(placement=placement, day=today).exists():
        raise Refused("here", _("%(student)s is not missing any more.") % _name(placement))
    kind, said = "check_in_reminder", {"placement": str(placement.id)}
    if told_since(now - CHECK_IN_AGAIN_AFTER, kind=kind, **said):
        raise Refused("reminded", _("%(student)s has been reminded already.") % _name(placement))
    tell(
        kind=kind,
        person=placement.student,
        data={
            **said,
            "student": placement.student.full_name,
            "site": placement.site_name,
            "title": placement.title,
            "time": clock(expected.start),
        },
    )
    record(action="attendance_reminded", subject=placement, actor=actor)


@transaction.atomic
def remind_of_estimate(*, attendance_id: uuid.UUID, actor: Person) -> None:
    """Ask a student again when a day ended that nobody checked out of.

    Refused: `forbidden`, `answered`, `reminded`.
    """
    day = Attendance.objects.select_related("placement__student__teacher").get(id=attendance_id)
    require_staff(actor, day.placement)
    name = _name(day.placement)
    if day.state != Attendance.State.ESTIMATED:
        raise Refused("answered", _("%(student)s has answered meanwhile.") % name)
    kind, said = "check_out_forgotten", {"attendance": str(day.id)}
    if told_since(timezone.now() - ESTIMATE_AGAIN_AFTER, kind=kind, **said):
        raise Refused("reminded", _("%(student)s has been reminded already.") % name)
    tell(
        kind=kind,
        person=day.placement.student,
        data={
            **said,
            "title": day.placement.title,
            "site": day.placement.site_name,
            "day": day.day.isoformat(),
        },
    )
    record(action="attendance_reminded", subject=day, actor=actor)


def _name(placement: Placement) -> dict[str, str]:
    return {"student": placement.student.full_name}
