"""The board: its numbers are the school's own, small groups stay hidden, the map has its pins."""

import datetime
import json

import pytest
import time_machine
from django.utils import timezone

from portico.reports import board, fairness
from tests.portico.web.budgets import query_budget
from tests.portico.web.test_coordinator_pages import address, objects_of
from tests.world import Region, School

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_key_numbers_follow_the_clock(met: School, academy: School) -> None:
    offer = met.opportunity(capacity=9)
    met.release(offer, slots=2)
    met.placement(offer.id, state="active")
    met.placement(offer.id, state="pursuing")
    with time_machine.travel(timezone.now() - 13 * DAY, tick=False):
        met.placement(offer.id, state="pursuing")  # a day left
    with time_machine.travel(timezone.now() - 20 * DAY, tick=False):
        met.placement(offer.id, state="pursuing")  # over, nobody tidied up
    with time_machine.travel(timezone.now() - 3 * DAY, tick=False):
        met.placement(offer.id)
    met.placement(offer.id, state="start_requested")  # no teacher: the coordinator is asked
    met.placement(offer.id, state="start_requested", teacher=met.person("teacher"))
    academy.placement(academy.opportunity().id)  # not this school's
    with met:
        numbers = board.key_numbers()
    assert (numbers.interning, numbers.pursuing, numbers.expiring) == (1, 4, 1)
    assert (numbers.requests, numbers.starts, numbers.questions, numbers.waiting) == (1, 1, 0, 2)
    assert numbers.oldest is not None
    assert (timezone.now() - numbers.oldest).days == 3
    assert numbers.slots_free == 9 - 2 - 5  # the one past its deadline is free
    assert (numbers.slots_released, numbers.released_in_use) == (2, 0)


def test_weeks_tell_where_each_placement_stood(met: School) -> None:
    offer = met.opportunity(capacity=5)
    now = timezone.now()
    with time_machine.travel(now - 21 * DAY, tick=False):
        met.placement(offer.id, state="active")
        met.placement(offer.id, state="pursuing")  # its fortnight is over
    with time_machine.travel(now - 22 * DAY, tick=False):
        met.placement(offer.id)
    with met:
        weeks = board.placements_by_week(weeks=6)
    assert [week.interning for week in weeks[-3:]] == [1, 1, 1]
    assert [week.waiting for week in weeks[-3:]] == [1, 1, 1]
    assert [week.waiting for week in weeks[:2]] == [0, 0]
    assert weeks[-1].pursuing == 0
    assert weeks[-3].pursuing == 1


def test_small_grades_are_hidden_on_the_page(met: School) -> None:
    for _ in range(12):
        met.student(grade=11)
    for _ in range(3):
        met.student(grade=12)
    met.placement(met.opportunity().id, state="active", student=met.student(grade=11))
    body = met.client(met.coordinator()).get(address("board")).content.decode()
    assert "1 of 16" in body
    assert "of 13" not in body  # or grade 12 is a subtraction
    assert "of 3" not in body


def test_students_of_last_year_do_not_count(met: School) -> None:
    with time_machine.travel(timezone.now() - 500 * DAY, tick=False):
        old = met.opportunity()
        met.placement(old.id, state="completed", student=met.student(grade=11))
    for _ in range(10):
        met.student(grade=11)
    with met:
        everyone = fairness.placed_shares().everyone
    assert (everyone.count, everyone.total) == (0, 11)


@pytest.mark.parametrize(
    ("day", "start"), [("2027-06-30", "2026-07-01"), ("2027-07-01", "2027-07-01")]
)
def test_the_school_year_begins_in_july(day: str, start: str) -> None:
    assert fairness.school_year_start(datetime.date.fromisoformat(day)).isoformat() == start


def test_the_map_shows_open_slots_and_schools(met: School, academy: School, bronx: Region) -> None:
    own = met.opportunity(title="Own One", capacity=2)
    full = met.opportunity(title="Full One", capacity=1)
    met.placement(full.id, state="active")
    academy.release(academy.opportunity(title="Released One"))
    bronx.posting(title="Posted One", latitude=40.85, longitude=-73.9)
    bronx.posting(title="Nowhere One")
    data = json.loads(met.client(met.coordinator()).get(address("board-map")).content)
    assert {one["title"]: one["origin"] for one in data["listings"]} == {
        "Own One": "own",
        "Released One": "released",
        "Posted One": "partner",
    }
    assert next(one for one in data["listings"] if one["origin"] == "own")["url"] == address(
        "opportunity", own.id
    )
    assert [one["name"] for one in data["schools"] if one["mine"]] == ["The Met High School"]
    assert len(data["schools"]) == 3


@pytest.mark.parametrize(
    "page",
    [
        "board",
        "board-map",
        "requests",
        "questions",
        "placements",
        "opportunities",
        "sites",
        "suggestions-staff",
        "pool",
        "term",
        "terms",
        "fairness",
        "groups",
        "demand",
        "leads",
        "asset-map",
    ],
)
def test_pages_cost_the_same_however_long_the_list(met: School, page: str) -> None:
    objects_of(met)
    offer = met.opportunity(capacity=20)
    for state in ("requested", "pursuing", "active", "start_requested") * 3:
        met.placement(offer.id, state=state)
    client = met.client(met.coordinator())
    client.get(address(page))  # the first visit of a session may do more
    with query_budget(f"coordinator-{page}"):
        client.get(address(page))


@pytest.mark.parametrize(
    ("page", "thing"),
    [("request", "requested"), ("placement-staff", "active"), ("opportunity", "opportunity")],
)
def test_pages_of_one_thing_keep_their_budget(met: School, page: str, thing: str) -> None:
    things = objects_of(met)
    client = met.client(met.coordinator())
    client.get(address(page, things[thing]))
    with query_budget(f"coordinator-{page}"):
        client.get(address(page, things[thing]))
