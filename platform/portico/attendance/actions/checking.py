"""What a tap does to the day."""

import uuid
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance import words
from portico.attendance.location import Verdict, judge
from portico.attendance.mentors import reach_for
from portico.attendance.models import Attendance, AttendancePolicy, Flag, Source
from portico.attendance.queries import policy
from portico.attendance.schedule import Expected, expected_on, holiday_name, moment
from portico.attendance.tap_time import TapTime
from portico.due.actions import plan_work
from portico.internships.models import Placement
from portico.internships.states import State
from portico.notices.actions import tell
from tenants.errors import Refused

if TYPE_CHECKING:
    from portico.attendance.actions.taps import NewTap

MOST_GOALS = 3
EARLY_BY = timedelta(minutes=30)
LEFT_EARLY_BY = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(hours=1)  # past the scheduled end
LONGEST_SHIFT = timedelta(hours=16)
UNSCHEDULED_SHIFT = timedelta(hours=8)

_DAY = """
    SELECT * FROM attendance_attendance
    WHERE placement_id = %(placement)s AND (
        day = %(today)s
        OR %(leaving)s AND day = %(today)s - 1
            AND check_in_at >= %(since)s AND state IN ('open', 'estimated')
    )
    ORDER BY day DESC LIMIT 1
"""


def find_day(placement: Placement, *, at: datetime, leaving: bool) -> Attendance | None:
    """The day a tap at *at* belongs to: today's, or a shift that is still going past midnight."""
    asked = {
        "placement": placement.id,
        "today": timezone.localdate(at),
        "leaving": leaving,
        "since": at - LONGEST_SHIFT,
    }
    day = next(iter(Attendance.objects.raw(_DAY, asked)), None)
    if day is not None:
        day.placement = placement
    return day


def check_in(
    placement: Placement, tap: "NewTap", when: TapTime, day: Attendance | None
) -> tuple[Attendance, str]:
    """The student has come. A second time on one day changes nothing but is noted."""
    if day is not None and day.check_in_at is not None:
        _note(day, Flag.AGAIN)
        return day, words.checked_in_already(day)
    rules = policy()
    fresh = day or new_day(placement, at=when.at, rules=rules)
    verdict = _where(placement, tap, rules)
    fresh.check_in_at = when.at
    if fresh.check_out_at is not None:  # the way out came first, from another phone
        fresh.check_in_at = min(when.at, fresh.check_out_at)
        fresh.flags = [flag for flag in fresh.flags if flag != Flag.NO_CHECK_IN]
    fresh.check_in_source = _source(when)
    fresh.where_in, fresh.distance_in = verdict.where, verdict.distance
    fresh.goals = [{"text": text, "done": False} for text in _goals(tap.goals)]
    asked = {question["id"] for question in rules.questions}
    fresh.answers = {k: str(v)[:500] for k, v in tap.answers.items() if k in asked}
    for flag in _flags_in(fresh, placement, when, rules):
        fresh.flags.append(flag)
    fresh.save(force_insert=day is None)
    if fresh.check_out_at is None:
        plan_work(kind="close_forgotten", subject_id=fresh.id, due_at=_forgotten_at(fresh))
    return fresh, words.checked_in(fresh)


def check_out(
    placement: Placement, tap: "NewTap", when: TapTime, day: Attendance | None
) -> tuple[Attendance, str]:
    """The student leaves. Without a check-in the day is recorded all the same."""
    again = day is not None and day.state == Attendance.State.CLOSED and day.check_out_at
    is_new = day is None
    if day is None:
        day = new_day(placement, at=when.at, rules=policy())
        day.flags.append(Flag.NO_CHECK_IN)
    _fill_in(day, tap)
    if again:
        _note(day, Flag.AGAIN)
        return day, words.checked_out_already(day)
    day.check_out_at = max(when.at, day.check_in_at or when.at)
    day.check_out_source = _source(when)
    day.state = Attendance.State.CLOSED
    verdict = _where(placement, tap, None)
    day.where_out, day.distance_out = verdict.where, verdict.distance
    for flag in _flags_out(day, placement, when):
        if flag not in day.flags:
            day.flags.append(flag)
    ask_mentor(placement, day)
    day.save(force_insert=is_new)
    return day, words.checked_out(day)


def confirm_estimate(
    placement: Placement, *, attendance_id: uuid.UUID | None, end: time | None
) -> Attendance:
    """The student says when the day whose check-out was forgotten ended (None: as estimated)."""
    days = Attendance.objects.filter(placement=placement)
    day = days.filter(id=attendance_id).first() if attendance_id else None
    if day is None:
        raise Refused("unknown_day", _("There is no such day."), field="attendance")
    if day.state != Attendance.State.ESTIMATED:
        return day  # said before, perhaps on another phone
    assert day.check_in_at is not None and day.check_out_at is not None  # noqa: PT018
    if end is not None:
        zone = timezone.get_current_timezone()
        ended = moment(day.day, end, zone)
        if ended < day.check_in_at:  # a shift past midnight
            ended = moment(day.day + timedelta(days=1), end, zone)
        if ended - day.check_in_at > LONGEST_SHIFT or ended > timezone.now():
            raise Refused("end", _("That is not within the day."), field="end")
        day.check_out_at = ended
    day.state = Attendance.State.CLOSED
    ask_mentor(placement, day)
    day.save(update_fields=["check_out_at", "state", "reach"])
    return day


def new_day(placement: Placement, *, at: datetime, rules: AttendancePolicy) -> Attendance:
    """A day of *placement*, not saved, with the schedule as it is now."""
    zone = timezone.get_current_timezone()
    today = timezone.localdate(at)
    expected: Expected | None = expected_on(placement, today, zone=zone, holidays=rules.holidays)
    day = Attendance(placement=placement, day=today, created_at=timezone.now(), flags=[])
    if expected:
        day.scheduled_start, day.scheduled_end = expected.start, expected.end
    elif holiday_name(rules.holidays, today):
        day.flags.append(Flag.HOLIDAY)
    else:
        day.flags.append(Flag.UNSCHEDULED)
    return day


def ask_mentor(placement: Placement, day: Attendance) -> None:
    """Have the mentor asked about *day* (saved by the caller): with their next message."""
    day.reach = reach_for(placement) or day.reach
    if day.reach is not None:
        plan_work(kind="mentor_mail", subject_id=day.reach.id, due_at=timezone.now())


def _where(placement: Placement, tap: "NewTap", rules: AttendancePolicy | None) -> Verdict:
    if tap.fix is not None and placement.location_off:  # type: ignore[attr-defined]
        return judge(fix=None, status="off", site=None, radius_m=0)
    site = None
    if placement.latitude is not None and placement.longitude is not None:
        site = (placement.latitude, placement.longitude)
    radius = placement.radius_m
    if radius is None and tap.fix is not None:
        radius = (rules or policy()).radius_m
    return judge(fix=tap.fix, status=tap.location_status, site=site, radius_m=radius or 0)


def _source(when: TapTime) -> str:
    return Source.OFFLINE if when.was_offline else Source.PHONE


def _goals(texts: tuple[str, ...]) -> list[str]:
    wanted = [" ".join(text.split())[:200] for text in texts if text.strip()]
    return list(dict.fromkeys(wanted))[:MOST_GOALS]


def _flags_in(
    day: Attendance, placement: Placement, when: TapTime, rules: AttendancePolicy
) -> list[str]:
    flags: list[str] = []
    if day.scheduled_start is not None:
        if when.at > day.scheduled_start + timedelta(minutes=rules.late_minutes):
            flags.append(Flag.LATE)
        elif when.at < day.scheduled_start - EARLY_BY:
            flags.append(Flag.EARLY)
    if _is_after_end(placement, when.at):
        flags.append(Flag.AFTER_END)
    if when.clock_was_off:
        flags.append(Flag.CLOCK_OFF)
    return flags


def _flags_out(day: Attendance, placement: Placement, when: TapTime) -> list[str]:
    flags: list[str] = []
    if day.scheduled_end is not None and when.at < day.scheduled_end - LEFT_EARLY_BY:
        flags.append(Flag.LEFT_EARLY)
    if _is_after_end(placement, when.at):
        flags.append(Flag.AFTER_END)
    if when.clock_was_off or (day.check_in_at and when.at < day.check_in_at):
        flags.append(Flag.CLOCK_OFF)
    return flags


def _is_after_end(placement: Placement, at: datetime) -> bool:
    if placement.state == State.ACTIVE:
        return False
    return placement.ended_at is not None and at > placement.ended_at


def _forgotten_at(day: Attendance) -> datetime:
    assert day.check_in_at is not None
    if day.scheduled_end is not None:
        return max(day.scheduled_end, day.check_in_at) + FORGOTTEN_AFTER
    return day.check_in_at + UNSCHEDULED_SHIFT + FORGOTTEN_AFTER


def _fill_in(day: Attendance, tap: "NewTap") -> None:
    """What was said at the way out; what stands there already stays."""
    for index, goal in enumerate(day.goals):
        goal["done"] = goal["done"] or index in tap.done
    day.reflection = day.reflection or tap.reflection.strip()[:1000]
    day.pulse = day.pulse or tap.pulse
    worry = tap.worry.strip()[:1000]
    if worry and not day.worry:
        day.worry = worry
        _tell_worry(day.placement, day)


def _tell_worry(placement: Placement, day: Attendance) -> None:
    """To the coordinators alone, and without the words: those are read in the portal."""
    data: dict[str, Any] = {
        "student": placement.student.full_name,
        "site": placement.site_name,
        "placement": str(placement.id),
    }
    for person in Person.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True):
        tell(kind="attendance_worry", person=person, data=data)


def _note(day: Attendance, flag: str) -> None:
    if flag not in day.flags:
        day.flags.append(flag)
    day.save(update_fields=["flags", "goals", "reflection", "pulse", "worry"])
