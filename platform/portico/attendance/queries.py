"""Reading days, the school's expectations and a student's choices."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from portico.accounts.models import Person
from portico.attendance.models import Attendance, AttendancePolicy, StudentChoice
from portico.attendance.schedule import expected_on
from portico.internships.models import Placement
from portico.internships.rules import seen_by
from portico.internships.states import State

LOOK_BACK = timedelta(days=60)  # for goals left over and estimates to confirm


def policy() -> AttendancePolicy:
    """What this school expects; the defaults where it never chose."""
    found = AttendancePolicy.objects.raw("SELECT * FROM attendance_attendancepolicy WHERE id = 1")
    return next(iter(found), None) or AttendancePolicy()


def evaluation_form(form_id: str) -> dict[str, Any] | None:
    """The school's form of that id; None when there is none (any more)."""
    return next((one for one in policy().evaluation_forms if one["id"] == form_id), None)


def shares_location(*, student: Person) -> bool:
    """False once the student has switched the position off for good."""
    return not StudentChoice.objects.filter(student=student, share_location=False).exists()


def required_minutes(placement: Placement, rules: AttendancePolicy) -> int:
    hours = placement.required_hours
    return 60 * (rules.required_hours if hours is None else hours)


def seen_placement(*, person: Person, placement_id: uuid.UUID) -> Placement:
    """A placement that has begun and *person* may see; DoesNotExist for anybody else's."""
    return (
        Placement.objects.select_related("student__teacher")
        .filter(seen_by(person), started_at__isnull=False)
        .get(id=placement_id)
    )


def seen_days(*, person: Person) -> QuerySet[Attendance]:
    """The days *person* may see, with their placements and students."""
    seen = Placement.objects.filter(seen_by(person))
    return Attendance.objects.select_related("placement__student").filter(placement__in=seen)


def active_placements(*, student: Person) -> list[Placement]:
    """Where *student* interns now."""
    return list(
        Placement.objects.filter(student=student, state=State.ACTIVE).order_by("started_at", "id")
    )


def days_of(*, placement: Placement) -> list[Attendance]:
    """All days of *placement*, oldest first."""
    return list(Attendance.objects.filter(placement=placement).order_by("day"))


def days_by_placement(placements: Iterable[Placement]) -> dict[uuid.UUID, list[Attendance]]:
    """All days of each of *placements*, oldest first, in one query."""
    found: dict[uuid.UUID, list[Attendance]] = defaultdict(list)
    for day in Attendance.objects.filter(placement__in=placements).order_by("day"):
        found[day.placement_id].append(day)
    return found


def get_day(*, attendance_id: uuid.UUID) -> Attendance:
    """One day with its placement and student; DoesNotExist if not this school's."""
    return Attendance.objects.select_related("placement__student__teacher").get(id=attendance_id)


def days_on(*, day: date) -> QuerySet[Attendance]:
    return Attendance.objects.filter(day=day).select_related("placement__student")


def last_unfinished_goals(days: Sequence[Attendance], *, before: date) -> list[str]:
    """What was left undone the last time, for today; *days* oldest first."""
    earlier = [day for day in days if day.day < before and day.goals]
    return [goal["text"] for goal in earlier[-1].goals if not goal["done"]] if earlier else []


def estimates_of(*, student: Person) -> list[Attendance]:
    """Days whose end nobody tapped: the student says whether the estimate is right."""
    return list(
        Attendance.objects.filter(
            placement__student=student,
            state=Attendance.State.ESTIMATED,
            day__gte=timezone.localdate() - LOOK_BACK,
        )
        .select_related("placement")
        .order_by("day")
    )


# --- what the phone knows ---------------------------------------------------------------


def phone_state(*, student: Person) -> list[dict[str, Any]]:
    """The student's internships as the check-in page needs them, JSON-plain."""
    placements = active_placements(student=student)
    if not placements:
        return []
    rules = policy()
    today = timezone.localdate()
    days: dict[uuid.UUID, list[Attendance]] = defaultdict(list)
    recent = Attendance.objects.filter(placement__in=placements, day__gte=today - LOOK_BACK)
    for day in recent.order_by("day"):
        days[day.placement_id].append(day)
    return [_for_phone(one, rules, days[one.id], today) for one in placements]


def _for_phone(
    placement: Placement, rules: AttendancePolicy, days: list[Attendance], today: date
) -> dict[str, Any]:
    expected = expected_on(
        placement, today, zone=timezone.get_current_timezone(), holidays=rules.holidays
    )
    mine_today = next((day for day in days if day.day == today), None)
    return {
        "id": str(placement.id),
        "title": placement.title,
        "site": placement.site_name,
        "today": {
            "expected": expected is not None,
            "start": f"{placement.start_time:%H:%M}" if expected else None,
            "end": f"{placement.end_time:%H:%M}" if expected else None,
        },
        "attendance": as_json(mine_today or _open_overnight(days)),
        "unfinished_goals": last_unfinished_goals(days, before=today),
        "questions": [{"id": one["id"], "text": one["text"]} for one in rules.questions],
        "to_confirm": [
            {
                "attendance": str(day.id),
                "day": day.day.isoformat(),
                "start": _clock(day.check_in_at),
                "end": _clock(day.check_out_at),
            }
            for day in days
            if day.state == Attendance.State.ESTIMATED
        ],
    }


def _open_overnight(days: list[Attendance]) -> Attendance | None:
    """A shift that began before midnight and is not over."""
    yesterday = timezone.localdate() - timedelta(days=1)
    still_open = (d for d in days if d.day == yesterday and d.state == Attendance.State.OPEN)
    return next(still_open, None)


def _clock(moment: Any) -> str | None:
    return f"{timezone.localtime(moment):%H:%M}" if moment else None


def as_json(day: Attendance | None) -> dict[str, Any] | None:
    """A day as phones and programs get it."""
    if day is None:
        return None
    return {
        "id": str(day.id),
        "day": day.day.isoformat(),
        "state": day.state,
        "checked_in_at": day.check_in_at.isoformat() if day.check_in_at else None,
        "checked_out_at": day.check_out_at.isoformat() if day.check_out_at else None,
        "goals": day.goals,
        "flags": day.flags,
        "where": day.where_in,
    }
