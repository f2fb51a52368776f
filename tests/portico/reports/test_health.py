"""The health signal: each threshold from both sides, the gravest reason first."""

import datetime

import pytest

from portico.attendance.models import Attendance
from portico.internships.models import Placement
from portico.reports.health import Level, Signs, assess, health_of
from tests.portico.attendance.days import active, clock_at, worked
from tests.world import School

FINE = Signs(expected=10, attended=10, pulses=(5, 4, 4), mentor_silent=0)


@pytest.mark.parametrize(
    ("signs", "level", "said"),
    [
        (Signs(), Level.NEW, ""),
        (FINE, Level.GOOD, ""),
        (Signs(expected=10, attended=9), Level.GOOD, ""),
        (Signs(expected=10, attended=8), Level.WATCH, "came on 8 of 10 days"),
        (Signs(expected=4, attended=3), Level.WATCH, "came on 3 of 4 days"),
        (Signs(expected=10, attended=7), Level.BAD, "came on 7 of 10 days"),
        (Signs(expected=2, attended=0), Level.NEW, ""),
        (Signs(attended=5, to_confirm=10, confirmed=7), Level.GOOD, ""),
        (Signs(attended=5, to_confirm=10, confirmed=6), Level.WATCH, "6 of 10 days confirmed"),
        (Signs(attended=5, to_confirm=10, confirmed=3), Level.BAD, "3 of 10 days confirmed"),
        (Signs(attended=5, to_confirm=2, confirmed=0), Level.GOOD, ""),
        (Signs(pulses=(4, 3, 4)), Level.GOOD, ""),
        (Signs(pulses=(3, 3, 4)), Level.WATCH, "pulse 3, 3, 4 of 5"),
        (Signs(pulses=(2, 5, 5)), Level.BAD, "pulse 2, 5, 5 of 5"),
        (Signs(pulses=(3, 2, 2, 5)), Level.BAD, "pulse 3, 2, 2 of 5"),
        (Signs(attended=5, goals=10, goals_done=5), Level.GOOD, ""),
        (Signs(attended=5, goals=10, goals_done=4), Level.WATCH, "4 of 10 goals done"),
        (Signs(attended=5, goals=4, goals_done=0), Level.GOOD, ""),
        (Signs(attended=5, mentor_silent=14), Level.GOOD, ""),
        (Signs(attended=5, mentor_silent=15), Level.WATCH, "mentor not heard for 15 days"),
        (Signs(attended=5, mentor_silent=29), Level.BAD, "mentor not heard for 29 days"),
    ],
)
def test_thresholds(signs: Signs, level: Level, said: str) -> None:
    health = assess(signs)
    assert health.level == level
    assert [reason.text for reason in health.reasons] == ([said] if said else [])


def test_the_gravest_reason_comes_first_and_is_the_signal() -> None:
    health = assess(Signs(expected=10, attended=8, pulses=(1,), mentor_silent=20))
    assert health.level == Level.BAD
    assert [reason.level for reason in health.reasons] == [Level.BAD, Level.WATCH, Level.WATCH]


@pytest.mark.django_db
def test_signs_are_read_from_days_and_answers(met: School) -> None:
    """Tuesdays and Thursdays from 2 February on: three days came, then two stayed away."""
    one, other = active(met), active(met)
    for day in (2, 4, 9):
        worked(met, one, datetime.date(2027, 2, day), pulse=4)
    with met:
        Attendance.objects.filter(placement=one).update(
            mentor_state="confirmed",
            mentor_answered_at=datetime.datetime(2027, 2, 9, 18, tzinfo=datetime.UTC),
        )
    with clock_at("8:00", datetime.date(2027, 2, 17)), met:
        found = health_of(list(Placement.objects.filter(id__in=[one.id, other.id])))
    assert [reason.text for reason in found[one.id].reasons] == ["came on 3 of 5 days"]
    # nobody came at all: no pulse, no mentor to hear of
    assert [reason.text for reason in found[other.id].reasons] == ["came on 0 of 5 days"]


@pytest.mark.django_db
def test_one_that_ended_or_has_not_begun_is_not_asked_for_more(
    met: School, django_assert_max_num_queries: object
) -> None:
    for _ in range(4):
        worked(met, active(met))
    offer = met.opportunity()
    met.placement(offer.id)
    with clock_at("8:00", datetime.date(2027, 2, 17)), met:
        everything = list(Placement.objects.all())
        with django_assert_max_num_queries(4):  # type: ignore[operator]
            found = health_of(everything)
    assert len(found) == 4
