"""A teacher's week in a few lines: who was there, who was missing, who does not feel well."""

from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portico.accounts.models import Person
from portico.attendance.hours import in_hours, monday_of, totals
from portico.attendance.models import Attendance
from portico.attendance.queries import days_by_placement, policy
from portico.attendance.schedule import expected_days
from portico.internships.models import Placement
from portico.internships.states import State

LOW_PULSE = 2


@dataclass(frozen=True)
class StudentWeek:
    """One student's week at one internship."""

    name: str
    site: str
    days: int
    expected: int
    missed: int
    minutes: int
    unconfirmed: int
    lowest_pulse: int | None

    @property
    def needs_a_word(self) -> bool:
        low = self.lowest_pulse is not None and self.lowest_pulse <= LOW_PULSE
        return self.missed > 0 or low


@dataclass(frozen=True)
class Week:
    students: list[StudentWeek]

    def in_words(self, *, language: str) -> str:
        """The digest's text, those who need a word first."""
        with translation.override(language):
            ordered = sorted(self.students, key=lambda one: (not one.needs_a_word, one.name))
            return "\n".join(_line(one) for one in ordered)


def _line(one: StudentWeek) -> str:
    parts = [
        _("%(days)d of %(expected)d days") % {"days": one.days, "expected": one.expected},
        in_hours(one.minutes),
    ]
    if one.missed:
        parts.append(_("missing %(n)d times") % {"n": one.missed})
    if one.unconfirmed:
        parts.append(_("%(n)d not confirmed") % {"n": one.unconfirmed})
    if one.lowest_pulse is not None and one.lowest_pulse <= LOW_PULSE:
        parts.append(_("pulse %(pulse)d of 5") % {"pulse": one.lowest_pulse})
    head = _("%(student)s at %(site)s") % {"student": one.name, "site": one.site}
    return f"{head}: {', '.join(parts)}"


def week_of(*, teacher: Person) -> Week:
    """The week so far of *teacher*'s students, Monday to now."""
    now = timezone.now()
    today = timezone.localdate(now)
    monday = monday_of(today)
    zone, holidays = timezone.get_current_timezone(), policy().holidays
    placements = list(
        Placement.objects.filter(student__teacher=teacher, state=State.ACTIVE).select_related(
            "student"
        )
    )
    worked = days_by_placement(placements)
    students = []
    for placement in placements:
        days = [day for day in worked[placement.id] if day.day >= monday]
        came = {day.day for day in days}
        planned = list(
            expected_days(placement, first=monday, last=today, zone=zone, holidays=holidays)
        )
        pulses = [day.pulse for day in days if day.pulse is not None]
        sums = totals(days)
        students.append(
            StudentWeek(
                name=placement.student.full_name,
                site=placement.site_name,
                days=len(days),
                expected=len(planned),
                missed=sum(one.day not in came and one.end <= now for one in planned),
                minutes=sums.counted + sums.unconfirmed,
                unconfirmed=sum(
                    day.mentor_state == Attendance.MentorState.UNCONFIRMED for day in days
                ),
                lowest_pulse=min(pulses) if pulses else None,
            )
        )
    return Week(students)
