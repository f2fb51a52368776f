"""The count Perkins V asks for (5S3): who of the graduating class took part in work-based
learning. What counts as taking part differs by state: settings say from which grade on and
from how many hours.

The indicator is about concentrators (two courses or more in one programme), whom the school
marks (documents.StudentRecord). Beside it stands the count of all students of the grade: a
school that marks nobody has that one.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.hours import counts, minutes
from portico.attendance.models import Attendance
from portico.documents.queries import marked_concentrators
from portico.reports.small_groups import Group, hide_small


@dataclass(frozen=True)
class TookPart:
    """*took_part* of *students* in *grade* have *hours* or more; None: too few to show.

    *concentrators*: the same of those among them, hidden too where the rest would be few.
    """

    grade: int
    hours: int
    took_part: int | None
    students: int | None
    concentrators: Group


def graduates_who_took_part() -> TookPart:
    """The current school's count, of hours that count (attendance.hours)."""
    grade, hours = settings.WORK_BASED_LEARNING_GRADE, settings.WORK_BASED_LEARNING_HOURS
    students = Person.objects.filter(roles__contains=[Role.STUDENT], is_active=True, grade=grade)
    ids = set(students.values_list("id", flat=True))
    concentrators = marked_concentrators() & ids
    by_student: dict[object, int] = defaultdict(int)
    days = Attendance.objects.filter(
        placement__student__grade=grade, placement__student__is_active=True
    ).select_related("placement")
    for day in days.iterator(1000):
        if counts(day):
            by_student[day.placement.student_id] += minutes(day)
    enough = {student for student, total in by_student.items() if total >= hours * 60}
    (shown, _others), all_of_them = hide_small(
        [
            Group("concentrators", len(enough & concentrators), len(concentrators)),
            Group("others", len(enough - concentrators), len(ids - concentrators)),
        ]
    )
    return TookPart(grade, hours, all_of_them.count, all_of_them.total, shown)
