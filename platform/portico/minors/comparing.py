"""A schedule against the rules of an age: what is more than a rule allows, once a rule.

Pure functions; assessing.py finds the age, the pay and the calendar.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from portico.documents.ages import age_on
from portico.minors.schedule import (
    USUAL_SCHOOL_HOURS,
    Schedule,
    SchoolCalendar,
    is_summer,
    monday_of,
)
from portico.minors.table import Rule, RuleBook


class Code(StrEnum):
    """What may be wrong, and what is only to be known."""

    TOO_YOUNG = "too_young"
    SCHOOL_DAY = "school_day"
    SCHOOL_WEEK = "school_week"
    FREE_DAY = "free_day"
    FREE_WEEK = "free_week"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    SCHOOL_HOURS = "school_hours"
    HAZARDOUS = "hazardous"  # nothing is wrong; a reminder


@dataclass(frozen=True)
class Finding:
    """More than *rule* allows, on *day* for the first time. Minutes; or a time of day."""

    code: Code
    rule: Rule
    age: int
    day: date
    minutes: int = 0
    allowed: float | None = None  # hours
    at: time | None = None


def compare(
    schedule: Schedule,
    *,
    birth_date: date,
    pay: str,
    region: str,
    calendar: SchoolCalendar,
    book: RuleBook,
) -> list[Finding]:
    """What of *schedule* each rule that fits the age of the day does not allow.

    A rule ends with the day before the birthday that leads out of its ages, so a schedule
    may be too long at first and right later on. The first finding of each kind and rule.
    """
    found: dict[tuple[Code, Rule], Finding] = {}
    by_week: dict[tuple[Rule, date], list[date]] = defaultdict(list)
    for day in schedule.dates():
        age = age_on(birth_date, day)
        assert age is not None
        for rule in book.rules_for(age=age, pay=pay, region=region):
            for finding in _of_a_day(schedule, rule, age, day, calendar):
                found.setdefault((finding.code, rule), finding)
            week = by_week[rule, monday_of(day)]
            week.append(day)
            if over := _of_a_week(schedule, rule, age, week, calendar):
                found.setdefault((over.code, rule), over)
    return sorted(found.values(), key=lambda one: (one.day, list(Code).index(one.code)))


def _of_a_day(
    schedule: Schedule, rule: Rule, age: int, day: date, calendar: SchoolCalendar
) -> Iterator[Finding]:
    if rule.not_employed:
        yield Finding(Code.TOO_YOUNG, rule, age, day)
        return
    if rule.hazardous_orders:
        yield Finding(Code.HAZARDOUS, rule, age, day)
    is_school = calendar.is_school_day(day)
    code = Code.SCHOOL_DAY if is_school else Code.FREE_DAY
    most = rule.school_day_hours if is_school else rule.free_day_hours
    if most is not None and schedule.minutes > 60 * most:
        yield Finding(code, rule, age, day, schedule.minutes, most)
    if rule.earliest is not None and schedule.start_time < rule.earliest:
        yield Finding(Code.TOO_EARLY, rule, age, day, at=rule.earliest)
    latest = rule.summer_latest if is_summer(day) and rule.summer_latest else rule.latest
    if latest is not None and schedule.end_time > latest:
        yield Finding(Code.TOO_LATE, rule, age, day, at=latest)
    begin, end = USUAL_SCHOOL_HOURS
    if (
        rule.outside_school_hours
        and is_school
        and schedule.start_time < end
        and schedule.end_time > begin
    ):
        yield Finding(Code.SCHOOL_HOURS, rule, age, day)


def _of_a_week(
    schedule: Schedule, rule: Rule, age: int, week: list[date], calendar: SchoolCalendar
) -> Finding | None:
    """The week's days so far (*week*) against the week's limit."""
    is_school = calendar.is_school_week(monday_of(week[0]))
    most = rule.school_week_hours if is_school else rule.free_week_hours
    minutes = schedule.minutes * len(week)
    if most is None or minutes <= 60 * most:
        return None
    code = Code.SCHOOL_WEEK if is_school else Code.FREE_WEEK
    whole = schedule.minutes * len(set(schedule.days))
    return Finding(code, rule, age, week[0], whole, most)
