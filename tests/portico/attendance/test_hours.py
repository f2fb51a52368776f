"""Hours: what counts, across daylight saving, and never an estimate."""

import datetime
import itertools
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.attendance.hours import (
    COUNTED,
    LONGEST_DAY,
    Standing,
    by_week,
    counts,
    minutes,
    minutes_between,
    standing,
    totals,
)
from portico.attendance.models import Attendance
from portico.attendance.schedule import expected_on, moment, next_expected
from portico.internships.models import Placement
from tests.portico.attendance.days import ZONE, at

SPRING, AUTUMN = datetime.date(2027, 3, 14), datetime.date(2027, 11, 7)  # clocks change at 2:00
State, Mentor = Attendance.State, Attendance.MentorState


def day(start="9:00", end="14:30", on=None, **facts):
    on = on or datetime.date(2027, 2, 2)
    facts.setdefault("state", State.CLOSED)
    return Attendance(
        day=on,
        check_in_at=at(start, on) if start else None,
        check_out_at=at(end, on) if end else None,
        **facts,
    )


@pytest.mark.parametrize(
    ("facts", "stands"),
    [
        ({}, Standing.UNCONFIRMED),
        ({"mentor_state": Mentor.CONFIRMED}, Standing.CONFIRMED),
        ({"mentor_state": Mentor.CORRECTED, "corrected_by": "mentor"}, Standing.CONFIRMED),
        ({"mentor_state": Mentor.DISPUTED}, Standing.DISPUTED),
        ({"mentor_state": Mentor.DISPUTED, "corrected_by": "staff"}, Standing.CORRECTED),
        ({"state": State.OPEN}, Standing.OPEN),
        ({"state": State.ESTIMATED}, Standing.ESTIMATED),
        ({"check_in_source": "staff"}, Standing.STAFF),
        ({"check_in_source": "staff", "mentor_state": Mentor.DISPUTED}, Standing.DISPUTED),
    ],
)
def test_standing(facts, stands):
    assert standing(day(**facts)) == stands
    assert counts(day(**facts)) == (stands in COUNTED)


def test_a_correction_stands_in_for_what_was_tapped():
    corrected = day(corrected_in_at=at("10:00"), corrected_out_at=at("11:30"))
    assert minutes(corrected) == 90


def test_a_day_without_an_end_has_no_minutes():
    assert minutes(day(end=None)) == minutes(day(start=None)) == 0


def test_the_night_the_clocks_change_counts_what_passed():
    """Six hours by the clock on the wall: five passed in spring, seven in autumn."""
    assert minutes(day("0:00", "6:00", on=SPRING)) == 5 * 60
    assert minutes(day("0:00", "6:00", on=AUTUMN)) == 7 * 60


def test_a_schedule_keeps_the_hour_on_the_wall():
    placement = Placement(
        starts_on=datetime.date(2027, 3, 1),
        ends_on=datetime.date(2027, 3, 31),
        days=[5, 1],
        start_time=datetime.time(9),
        end_time=datetime.time(14, 30),
    )
    friday, monday = datetime.date(2027, 3, 12), datetime.date(2027, 3, 15)
    before = expected_on(placement, friday, zone=ZONE, holidays=[])
    after = next_expected(placement, after=before.start, zone=ZONE, holidays=[])
    assert before.start == datetime.datetime(2027, 3, 12, 14, tzinfo=UTC)
    assert after.start == datetime.datetime(2027, 3, 15, 13, tzinfo=UTC)
    assert after.day == monday
    off = [{"from": "2027-03-13", "to": "2027-03-15", "name": "A long weekend"}]
    assert expected_on(placement, monday, zone=ZONE, holidays=off) is None


def test_an_hour_that_does_not_exist_is_the_one_after_it():
    skipped = moment(SPRING, datetime.time(2, 30), ZONE)
    assert skipped.astimezone(ZONE).time() == datetime.time(3, 30)


moments = st.datetimes(
    min_value=datetime.datetime(2026, 1, 1),
    max_value=datetime.datetime(2028, 1, 1),
    timezones=st.just(UTC),
)
some_days = st.lists(
    st.builds(
        Attendance,
        day=st.dates(datetime.date(2027, 1, 1), datetime.date(2027, 6, 30)),
        state=st.sampled_from(State.values),
        mentor_state=st.sampled_from(Mentor.values),
        corrected_by=st.sampled_from(["", "mentor", "staff"]),
        check_in_source=st.sampled_from(["phone", "staff"]),
        check_in_at=st.none() | moments,
        check_out_at=st.none() | moments,
    ),
    max_size=30,
)


@given(moments, moments)
def test_minutes_are_never_negative_nor_longer_than_a_day(start, end):
    found = minutes_between(start, end)
    assert 0 <= found <= LONGEST_DAY.total_seconds() // 60
    assert minutes_between(start, end) == 0 or minutes_between(end, start) == 0


@given(moments, st.timedeltas(timedelta(0), LONGEST_DAY), st.timedeltas(timedelta(0), LONGEST_DAY))
def test_a_longer_stay_is_never_shorter(start, one, other):
    shorter, longer = sorted([one, other])
    assert minutes_between(start, start + shorter) <= minutes_between(start, start + longer)


@given(some_days)
def test_every_minute_is_in_exactly_one_sum_and_weeks_add_up(days):
    sums = totals(days)
    under_way = sum(minutes(one) for one in days if standing(one) == Standing.OPEN)
    everything = sums.counted + sums.unconfirmed + sums.estimated + sums.disputed + under_way
    assert everything == sum(minutes(one) for one in days)
    assert sums.counted == sum(minutes(one) for one in days if counts(one))
    weeks = by_week(days)
    assert sum(week.totals.counted for week in weeks) == sums.counted
    if weeks:
        assert weeks[-1].counted_so_far == sums.counted
        gaps = {b.monday - a.monday for a, b in itertools.pairwise(weeks)}
        assert gaps <= {timedelta(days=7)}


@given(some_days)
def test_an_estimate_never_counts(days):
    for one in days:
        if one.state == State.ESTIMATED and one.mentor_state == Mentor.UNCONFIRMED:
            assert not counts(one) or one.corrected_by == "staff"
