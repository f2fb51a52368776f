"""What pages read: the steps, the time left, and whom a student may call."""

import datetime
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portico.internships import actions, queries
from portico.internships.models import Placement
from portico.internships.states import FINAL, OPEN, REVEALING, STEPS, State

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2027, 1, 12, 15, 0, tzinfo=datetime.UTC)

# Every state, and how its five steps look: done, now, next, stopped.
TRACKS = {
    "requested": "now next next next next",
    "awaiting_owner": "done now next next next",
    "pursuing": "done done now next next",
    "start_requested": "done done done now next",
    "active": "done done done done now",
    "completed": "done done done done done",
    "ended_early": "done done done done stopped",
    "declined": "done stopped next next next",
    "expired": "done done stopped next next",
    "withdrawn": "stopped next next next next",
}


def placed(school, owner, state: str) -> Placement:
    """A placement in *state*, walked there by the real actions."""
    if state == "awaiting_owner":
        listing = owner.release(owner.opportunity(), ask_owner=True)
        return school.placement(listing, state=state)
    if state == "expired":
        with time_machine.travel(timezone.now() - timedelta(days=15), tick=False):
            return school.placement(school.opportunity().id, state="pursuing")
    if state == "withdrawn":
        placement = school.placement(school.opportunity().id)
        with school:
            return actions.withdraw_placement(placement_id=placement.id, actor=placement.student)
    return school.placement(school.opportunity().id, state=state)


def test_the_table_of_tracks_has_every_state():
    assert set(TRACKS) == set(State)


@pytest.mark.parametrize("state", TRACKS)
def test_steps_of_every_state(met, academy, state):
    placement = placed(met, academy, state)
    with met:
        steps = queries.tracker(placement)
    assert [step.key for step in steps] == [key for key, _name, _states in STEPS]
    assert " ".join(step.state for step in steps) == TRACKS[state]


@pytest.mark.parametrize("state", TRACKS)
def test_contact_is_there_exactly_while_it_is_revealed(met, academy, state):
    placement = placed(met, academy, state)
    with met:
        contact = queries.contact_of(placement)
    assert (contact is not None) == (state in REVEALING)
    if contact:
        assert (contact.name, contact.phone) == ("Rosa Mentor", "718-555-0101")


def test_own_contact_goes_with_the_second_of_the_deadline(met):
    with time_machine.travel(NOW, tick=False):
        placement = met.placement(met.opportunity().id, state="pursuing")
    for moment, is_shown in ((-1, True), (0, False), (1, False)):
        with time_machine.travel(placement.deadline + timedelta(seconds=moment), tick=False), met:
            fresh = Placement.objects.get(id=placement.id)
            assert (queries.contact_of(fresh) is not None) == is_shown


def test_the_pool_contact_is_the_placements_own_not_the_schools(met, academy):
    """Another student of the school holds a slot of the same listing: that is not enough."""
    listing = academy.release(academy.opportunity(capacity=2), slots=2)
    holder, asker = met.placement(listing, state="pursuing"), met.placement(listing)
    with met:
        assert queries.contact_of(holder).email == "rosa@example.com"
        assert queries.contact_of(asker) is None


def test_days_left_count_the_schools_calendar_days(met):
    with time_machine.travel(NOW, tick=False):
        placement = met.placement(met.opportunity().id, state="pursuing")
    local = datetime.timezone(timedelta(hours=-5))
    for days_before, words in ((14, "14 days left"), (1, "1 day left")):
        with (
            time_machine.travel(placement.deadline - timedelta(days=days_before), tick=False),
            timezone.override(local),
        ):
            assert queries.days_left_in_words(placement) == words
    with (
        time_machine.travel(placement.deadline - timedelta(minutes=1), tick=False),
        timezone.override(local),
    ):
        assert queries.days_left(placement) == 0
        assert queries.days_left_in_words(placement) == "until 10 a.m. today"


def test_the_most_urgent_comes_first_and_the_closed_ones_apart(met):
    student = met.student()
    for state in ("active", "declined", "pursuing", "requested"):
        met.placement(met.opportunity().id, state=state, student=student)
    with met:
        placements = queries.placements_of(student=student)
    assert [one.state for one in queries.open_ones(placements)] == [
        "pursuing",
        "requested",
        "active",
    ]
    assert [one.state for one in queries.closed_ones(placements)] == ["declined"]
    assert {one.state for one in placements} <= OPEN | FINAL


def test_an_overdue_pursuit_reads_as_expired(met):
    student = met.student()
    with time_machine.travel(timezone.now() - timedelta(days=15), tick=False):
        placement = met.placement(met.opportunity().id, state="pursuing", student=student)
    with met:
        assert Placement.objects.get(id=placement.id).state == State.PURSUING  # nobody tidied up
        [read] = queries.placements_of(student=student)
        assert read.state == State.EXPIRED
        assert queries.placement_of(student=student, placement_id=placement.id).ended_at == (
            placement.deadline
        )


def test_nobody_reads_another_students_placement(met):
    placement = met.placement(met.opportunity().id)
    with met, pytest.raises(Placement.DoesNotExist):
        queries.placement_of(student=met.student(), placement_id=placement.id)
