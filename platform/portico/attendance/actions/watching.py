"""The clock's eye on a day: a reminder to the student, an alert to the school, a weekly digest.

One piece of due work a placement, planned when its start is approved and moved on from
expected day to expected day until the placement ends.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.accounts.substitutes import stands_in_for
from portico.attendance.digest import week_of
from portico.attendance.models import Attendance, AttendancePolicy
from portico.attendance.queries import policy
from portico.attendance.schedule import Expected, expected_on, next_expected
from portico.attendance.school_time import end_of_week
from portico.attendance.words import clock
from portico.due.actions import plan_work
from portico.internships.models import Placement
from portico.internships.states import State
from portico.notices.actions import tell

REMIND_AFTER = timedelta(minutes=5)
WATCHED = timedelta(hours=2)  # past the grace: an alert later than that helps nobody


@transaction.atomic
def watch_day(*, placement_id: uuid.UUID) -> datetime | None:
    """Remind the student, then alert the school, when an expected student is not checked in.

    Returns when to look again: the next step of today, or the next expected day.
    """
    placement = (
        Placement.objects.select_related("student__teacher")
        .filter(id=placement_id, state=State.ACTIVE)
        .first()
    )
    if placement is None:
        return None
    rules, now = policy(), timezone.now()
    zone = timezone.get_current_timezone()
    if placement.student.teacher_id:
        plan_work(
            kind="week_digest", subject_id=placement.student.teacher_id, due_at=end_of_week(now)
        )
    today = expected_on(placement, timezone.localdate(now), zone=zone, holidays=rules.holidays)
    if today is not None and today.start <= now:
        again = _look(placement, today, rules, now)
        if again is not None:
            return again
    following = next_expected(placement, after=now, zone=zone, holidays=rules.holidays)
    return following.start + REMIND_AFTER if following else None


def _look(
    placement: Placement, today: Expected, rules: AttendancePolicy, now: datetime
) -> datetime | None:
    """Today's step; None when nothing more is to be done today."""
    missing_at = today.start + timedelta(minutes=rules.grace_minutes)
    if now > missing_at + WATCHED:
        return None
    if Attendance.objects.filter(placement=placement, day=today.day).exists():
        return None
    data = {
        "student": placement.student.full_name,
        "site": placement.site_name,
        "title": placement.title,
        "time": clock(today.start),
        "placement": str(placement.id),
    }
    if now < today.start + REMIND_AFTER:
        return today.start + REMIND_AFTER
    if now < missing_at:
        tell(kind="check_in_reminder", person=placement.student, data=data)
        return missing_at
    teacher = placement.student.teacher_id
    staff = Person.objects.filter(
        Q(roles__contains=[Role.COORDINATOR]) | Q(id=teacher) | stands_in_for(teacher),
        is_active=True,
    )
    for person in staff:
        page = "teacher" if teacher in person.teaches_for else "coordinator"
        tell(kind="student_missing", person=person, data={**data, "page": page})
    return None


@transaction.atomic
def send_week_digest(*, teacher_id: uuid.UUID) -> datetime | None:
    """Tell a teacher how the week of their students was; returns when the next one is due."""
    teacher = Person.objects.filter(id=teacher_id, is_active=True).first()
    if teacher is None or not teacher.has_role(Role.TEACHER):
        return None
    week = week_of(teacher=teacher)
    if not week.students:
        return None
    tell(
        kind="week_digest",
        person=teacher,
        data={"summary": week.in_words(language=teacher.language or "en")},
    )
    return end_of_week(timezone.now())
