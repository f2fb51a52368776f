"""The count Perkins V asks for (5S3): who of the graduating class took part in work-based
learning. What counts as taking part differs by state: settings say from which grade on and
from how many hours.

Portico does not know who is a concentrator (two courses in one programme); a state report
takes the students named in the export and keeps its concentrators. So this is a count of
all students of the graduating grade, said as such wherever it is shown.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.hours import counts, minutes
from portico.attendance.models import Attendance
from portico.reports.small_groups import Group, hide_small


@dataclass(frozen=True)
class TookPart:
    """*took_part* of *students* in *grade* have *hours* or more; None: too few to show."""

    grade: int
    hours: int
    took_part: int | None
    students: int | None


def graduates_who_took_part() -> TookPart:
    """The current school's count, of hours that count (attendance.hours)."""
    grade, hours = settings.WORK_BASED_LEARNING_GRADE, settings.WORK_BASED_LEARNING_HOURS
    students = Person.objects.filter(
        roles__contains=[Role.STUDENT], is_active=True, grade=grade
    ).count()
    by_student: dict[object, int] = defaultdict(int)
    days = Attendance.objects.filter(
        placement__student__grade=grade, placement__student__is_active=True
    ).select_related("placement")
    for day in days.iterator(1000):
        if counts(day):
            by_student[day.placement.student_id] += minutes(day)
    enough = sum(total >= hours * 60 for total in by_student.values())
    _groups, all_of_them = hide_small([Group(grade, enough, students)])
    return TookPart(grade, hours, all_of_them.count, all_of_them.total)
