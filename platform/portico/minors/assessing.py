"""A placement's schedule and its student's age, as far as they are known, against the rules."""

from dataclasses import dataclass, field
from datetime import date

from portico.attendance.queries import policy
from portico.documents.ages import age_on
from portico.documents.models import StudentRecord
from portico.internships.models import Placement
from portico.internships.queries import offer_of
from portico.minors.comparing import Code, Finding, compare
from portico.minors.schedule import Schedule, SchoolCalendar
from portico.minors.table import Rule, rule_book
from tenants.context import current_schema
from tenants.names import region_of

PRESUMED_AGE = 15  # of whom nobody knows: the stricter rules, said as such
OLDEST_UNKNOWN_GRADE = 10  # from grade 11 on one is 16 or more as a rule


@dataclass(frozen=True)
class Assessment:
    """*age*: on the first day; None: unknown, and then the rules of 14 and 15 are shown."""

    age: int | None
    pay: str
    findings: list[Finding] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)  # that fit on the first day

    @property
    def warnings(self) -> list[Finding]:
        return [one for one in self.findings if one.code != Code.HAZARDOUS]

    @property
    def says_something(self) -> bool:
        return bool(self.findings or self.rules)


def assess(
    placement: Placement, *, schedule: Schedule | None = None, today: date
) -> Assessment | None:
    """What the rules say of *placement* with *schedule* (default: the one it has).

    None for those of 18 and more, and for those of grade 11 and 12 whose age is unknown.
    """
    record = StudentRecord.objects.filter(student=placement.student_id).first()
    birth_date = record.birth_date if record else None
    schedule = schedule or schedule_of(placement)
    first_day = schedule.starts_on if schedule else today
    age = age_on(birth_date, first_day)
    if birth_date is None or age is None:
        if (placement.student.grade or 0) > OLDEST_UNKNOWN_GRADE:
            return None
        birth_date = _presumed(first_day)
    elif age >= 18:
        return None
    offer = offer_of(placement)
    pay = offer.pay if offer is not None else ""
    region = region_of(current_schema()) or ""
    book = rule_book()
    findings = (
        compare(
            schedule,
            birth_date=birth_date,
            pay=pay,
            region=region,
            calendar=SchoolCalendar(policy().holidays),
            book=book,
        )
        if schedule
        else []
    )
    presumed = PRESUMED_AGE if age is None else age
    rules = book.rules_for(age=presumed, pay=pay, region=region)
    return Assessment(age, pay, findings, rules)


def schedule_of(placement: Placement) -> Schedule | None:
    """The schedule a student proposed; None before that."""
    if placement.starts_on is None or placement.ends_on is None:
        return None
    if placement.start_time is None or placement.end_time is None:
        return None
    return Schedule(
        placement.starts_on,
        placement.ends_on,
        placement.days,
        placement.start_time,
        placement.end_time,
    )


def _presumed(first_day: date) -> date:
    """A birth date that makes one PRESUMED_AGE all through a schedule of a school year."""
    return date(first_day.year - PRESUMED_AGE, first_day.month, 1)
