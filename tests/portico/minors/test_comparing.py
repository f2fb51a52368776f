"""Schedules at the edge of the federal rules for 14 and 15: the edge is allowed, more is not."""

import datetime
from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portico.minors.comparing import Code, Finding, compare
from portico.minors.schedule import Schedule, SchoolCalendar, is_summer
from portico.minors.table import RuleBook, rule_book

BORN = date(2012, 3, 10)  # 14 from March 10, 2026 on, 16 from March 10, 2028 on
MONDAY = date(2027, 2, 1)  # a school week
CALENDAR = SchoolCalendar([{"from": "2027-02-15", "to": "2027-02-19", "name": "Winter recess"}])
AFTERNOON = Schedule(MONDAY, MONDAY + timedelta(days=4), [1, 2, 3, 4, 5], time(15), time(18))


def after(start: time, minutes: int) -> time:
    return (datetime.datetime.combine(MONDAY, start) + timedelta(minutes=minutes)).time()


def found(
    schedule: Schedule, *, pay: str = "paid", born: date = BORN, book: RuleBook | None = None
) -> list[Finding]:
    return compare(
        schedule,
        birth_date=born,
        pay=pay,
        region="bronx",
        calendar=CALENDAR,
        book=book or rule_book(),
    )


def codes(schedule: Schedule, **who: object) -> list[Code]:
    return [one.code for one in found(schedule, **who)]  # type: ignore[arg-type]


@given(st.integers(1, 239))
def test_three_hours_on_a_school_day(minutes: int) -> None:
    one_day = replace(AFTERNOON, days=[3], end_time=after(time(15), minutes))
    assert codes(one_day) == ([Code.SCHOOL_DAY] if minutes > 180 else [])


@given(st.integers(1, 180), st.integers(1, 7))
def test_eighteen_hours_in_a_school_week(minutes: int, days: int) -> None:
    week = replace(
        AFTERNOON,
        ends_on=MONDAY + timedelta(days=6),
        days=list(range(1, days + 1)),
        end_time=after(time(15), minutes),
    )
    assert codes(week) == ([Code.SCHOOL_WEEK] if minutes * days > 18 * 60 else [])


@given(st.integers(1, 719))
def test_eight_hours_on_a_day_without_school(minutes: int) -> None:
    saturday = replace(
        AFTERNOON,
        days=[6],
        ends_on=MONDAY + timedelta(days=6),
        start_time=time(7),
        end_time=after(time(7), minutes),
    )
    assert codes(saturday) == ([Code.FREE_DAY] if minutes > 480 else [])


@given(st.integers(1, 480), st.integers(1, 7))
def test_forty_hours_in_a_week_without_school(minutes: int, days: int) -> None:
    recess = Schedule(
        date(2027, 7, 5),
        date(2027, 7, 11),
        list(range(1, days + 1)),
        time(9),
        after(time(9), minutes),
    )
    assert codes(recess) == ([Code.FREE_WEEK] if minutes * days > 40 * 60 else [])


@given(st.times(), st.sampled_from([MONDAY + timedelta(days=5), date(2027, 7, 3)]))
def test_seven_to_seven_and_to_nine_in_summer(start: time, saturday: date) -> None:
    start = start.replace(second=0, microsecond=0, tzinfo=None)
    end = after(start, 30)
    if end <= start:
        return  # past midnight: no schedule is so
    latest = time(21) if is_summer(saturday) else time(19)
    wanted = [Code.TOO_EARLY] if start < time(7) else []
    wanted += [Code.TOO_LATE] if end > latest else []
    assert codes(Schedule(saturday, saturday, [6], start, end)) == wanted


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_summer_ends_with_labor_day(day: date) -> None:
    labor_day = next(
        date(day.year, 9, number)
        for number in range(1, 8)
        if date(day.year, 9, number).isoweekday() == 1
    )
    assert is_summer(day) == (date(day.year, 6, 1) <= day <= labor_day)


@given(st.integers(-400, 800))
def test_the_rule_ends_the_day_before_the_sixteenth_birthday(days: int) -> None:
    day = date(2028, 3, 10) + timedelta(days=days)
    late = Schedule(day, day, [1, 2, 3, 4, 5, 6, 7], time(19), time(22))
    is_late = Code.TOO_LATE in codes(late)
    assert is_late == (date(2026, 3, 10) <= day < date(2028, 3, 10))
    if day < date(2026, 3, 10):
        assert codes(late) == [Code.TOO_YOUNG]


def test_usual_school_hours_are_outside_on_days_off_only() -> None:
    morning = replace(AFTERNOON, days=[2], start_time=time(9), end_time=time(11))
    assert codes(morning) == [Code.SCHOOL_HOURS]
    recess = date(2027, 2, 16)
    assert codes(replace(morning, starts_on=recess, ends_on=recess)) == []
    before_three = replace(AFTERNOON, days=[2], start_time=time(14, 59), end_time=time(16))
    assert codes(before_three) == [Code.SCHOOL_HOURS]


def test_who_is_not_paid_or_older_is_not_measured() -> None:
    long_day = replace(AFTERNOON, start_time=time(9), end_time=time(20))
    assert codes(long_day, pay="unpaid") == []
    assert codes(long_day, born=date(2010, 3, 10)) == [Code.HAZARDOUS]
    assert codes(long_day, born=date(2009, 1, 1)) == []
    assert Code.SCHOOL_DAY in codes(long_day, pay="stipend")


def test_the_first_day_it_goes_wrong_is_named() -> None:
    """Right in the week of recess, too long from the Monday after."""
    schedule = Schedule(date(2027, 2, 15), date(2027, 3, 5), [1], time(15), time(19))
    finding = found(schedule)[0]
    assert (finding.code, finding.day) == (Code.SCHOOL_DAY, date(2027, 2, 22))
    assert (finding.minutes, finding.allowed, finding.age) == (240, 3, 14)
    assert finding.rule.source == "29 CFR 570.35"
