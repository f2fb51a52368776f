"""A student who interns, and the taps of their phone, for the tests of attendance.

The placement runs 1 February to 15 June 2027, Tuesdays and Thursdays 9:00 to 14:30 (see
tests.world.START); 2 February 2027 is a Tuesday.
"""

import datetime
import uuid
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.test import Client
from django.utils import timezone

from portico.accounts.models import Person
from portico.attendance.actions import NewTap, record_tap
from portico.attendance.models import Attendance
from portico.internships.models import Placement
from tests.world import School

ZONE = ZoneInfo("America/New_York")
TUESDAY = datetime.date(2027, 2, 2)


def at(clock: str, day: datetime.date = TUESDAY) -> datetime.datetime:
    """*clock* ("9:05") on *day* at the school."""
    hour, minute = map(int, clock.split(":"))
    return datetime.datetime.combine(day, datetime.time(hour, minute), ZONE)


def clock_at(clock: str, day: datetime.date = TUESDAY) -> AbstractContextManager[Any]:
    """The world's clock stands at that moment, and the school's zone is the active one."""
    return _clock(at(clock, day))


@contextmanager
def _clock(moment):
    with time_machine.travel(moment, tick=False), timezone.override(ZONE):
        yield


def phone(school: School, placement: Placement) -> Client:
    """The student's browser, signed in on the morning of the day (sessions end in a fortnight)."""
    with clock_at("6:00"):
        return school.client(placement.student)


def active(school: School, **facts: Any) -> Placement:
    """A placement that has begun, approved in January; *facts* are of its opportunity."""
    who = {name: facts.pop(name) for name in ("student", "teacher") if name in facts}
    with clock_at("12:00", datetime.date(2027, 1, 20)):
        return school.placement(school.opportunity(**facts).id, state="active", **who)


def tap(school: School, placement: Placement, kind: str = "in", **facts: Any) -> Attendance:
    """The student taps now; the day it made."""
    facts.setdefault("key", uuid.uuid4())
    with school:
        student = Person.objects.get(id=placement.student_id)
        answer = record_tap(
            student=student, tap=NewTap(placement_id=placement.id, kind=kind, **facts)
        )
        return Attendance.objects.get(id=answer.body["attendance"]["id"])


def worked(
    school: School,
    placement: Placement,
    day: datetime.date = TUESDAY,
    start: str = "9:00",
    end: str = "14:30",
    **facts: Any,
) -> Attendance:
    """A whole day, in and out."""
    with clock_at(start, day):
        tap(school, placement, "in", goals=("Water the beds",))
    with clock_at(end, day):
        return tap(school, placement, "out", **facts)
