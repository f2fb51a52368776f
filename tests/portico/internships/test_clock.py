"""The clock: a deadline holds to the second, whether or not a worker runs."""

import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from portico.due.models import DueWork
from portico.due.runner import run_due
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.states import State
from portico.notices.models import Notice
from sharing.models import OwnListing
from sharing.queries import contact_for
from tenants.errors import Refused
from tests.world import START

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2027, 1, 12, 15, 0, tzinfo=datetime.UTC)
SECOND = timedelta(seconds=1)


def test_own_slot_is_free_to_the_second_without_a_worker(met):
    offer = met.opportunity(capacity=1)
    with time_machine.travel(NOW, tick=False):
        first = met.placement(offer.id, state="pursuing")
        assert first.deadline == NOW + timedelta(days=14)
    late = met.student()
    with (
        time_machine.travel(first.deadline - SECOND, tick=False),
        met,
        pytest.raises(Refused, match="full"),
    ):
        actions.request_placement(student=late, listing_id=offer.id)
    with time_machine.travel(first.deadline, tick=False):
        second = met.placement(offer.id, state="pursuing")
        assert second.state == State.PURSUING
        with met:
            first.refresh_from_db()
        assert first.state == State.EXPIRED


def test_in_the_second_it_ends_it_has_ended(met):
    with time_machine.travel(NOW, tick=False):
        placement = met.placement(met.opportunity().id, state="pursuing")
    alice = met.coordinator()
    with time_machine.travel(placement.deadline, tick=False), met:
        with pytest.raises(Refused, match="wrong_state"):
            actions.extend_pursuit(placement_id=placement.id, actor=alice, days=7)
        with pytest.raises(Refused, match="wrong_state"):
            actions.request_start(placement_id=placement.id, actor=placement.student, start=START)
    with time_machine.travel(placement.deadline - SECOND, tick=False), met:
        longer = actions.extend_pursuit(placement_id=placement.id, actor=alice, days=7)
    assert longer.deadline == placement.deadline + timedelta(days=7)


def test_a_pool_slot_and_its_contact_go_by_the_clock_of_the_database(met, academy, riverdale):
    """PostgreSQL's clock cannot be frozen: the approval lies in the past instead."""
    listing = met.release(met.opportunity())
    moment = timezone.now() - timedelta(days=14) + timedelta(seconds=30)
    with time_machine.travel(moment, tick=False):
        placement = academy.placement(listing, state="pursuing")
    with academy:
        assert contact_for(listing_id=listing).name == "Rosa Mentor"
    with time_machine.travel(moment - timedelta(seconds=60), tick=False):
        other = riverdale.placement(met.release(met.opportunity()), state="pursuing")
    with riverdale:  # its deadline passed half a minute ago; nothing has run since
        assert contact_for(listing_id=other.listing_id) is None
    again = academy.placement(other.listing_id, state="pursuing")
    assert again.state == State.PURSUING
    with riverdale:
        assert actions.expire_pursuit(placement_id=other.id) is None
        other.refresh_from_db()
        assert other.state == State.EXPIRED
    with met:
        assert OwnListing.objects.get(id=other.listing_id).taken == 1
    del placement


def test_the_worker_tidies_up_once_however_late_or_often(met, bronx):
    offer = met.opportunity(capacity=1)
    with time_machine.travel(timezone.now() - timedelta(days=15), tick=False):
        placement = met.placement(offer.id, state="pursuing")
    assert run_due(region="bronx") > 0
    run_due(region="bronx")
    with met:
        placement.refresh_from_db()
        offer.refresh_from_db()
        told = Notice.objects.filter(kind="pursuit_expired", person=placement.student)
        assert told.count() == 1
    assert placement.state == State.EXPIRED
    assert placement.ended_at == placement.deadline
    assert (offer.taken, offer.frees_at) == (0, None)
    with bronx:
        assert not DueWork.objects.filter(kind="expire", subject_id=placement.id).exists()


def test_work_for_a_moved_deadline_waits_for_the_new_one(met, bronx):
    offer = met.opportunity()
    with time_machine.travel(timezone.now() - timedelta(days=13), tick=False):
        placement = met.placement(offer.id, state="pursuing")
    with met:
        actions.extend_pursuit(placement_id=placement.id, actor=met.coordinator(), days=10)
    with bronx:
        DueWork.objects.filter(kind="expire").update(due_at=timezone.now())  # an early bird
    run_due(region="bronx")
    with met:
        placement.refresh_from_db()
    assert placement.state == State.PURSUING
    with bronx:
        assert DueWork.objects.get(kind="expire").due_at == placement.deadline


def test_the_clock_stands_still_while_a_start_is_asked_for(met):
    teacher = met.person("teacher")
    with time_machine.travel(NOW, tick=False):
        placement = met.placement(met.opportunity().id, state="pursuing", teacher=teacher)
    with time_machine.travel(NOW + timedelta(days=10), tick=False), met:
        actions.request_start(placement_id=placement.id, actor=placement.student, start=START)
    with time_machine.travel(NOW + timedelta(days=30), tick=False), met:
        placement = actions.decline_start(
            placement_id=placement.id, actor=teacher, reason="Add a goal."
        )
    assert placement.state == State.PURSUING
    assert placement.deadline == NOW + timedelta(days=34)


@pytest.mark.parametrize(
    "local", [datetime.datetime(2027, 3, 10, 9, 30), datetime.datetime(2027, 10, 29, 9, 30)]
)
def test_a_fortnight_across_daylight_saving_ends_at_the_hour_it_began(met, local):
    zone = ZoneInfo("America/New_York")
    with (
        time_machine.travel(local.replace(tzinfo=zone), tick=False),
        timezone.override(zone),
    ):
        placement = met.placement(met.opportunity().id, state="pursuing")
    assert placement.deadline.astimezone(zone).replace(tzinfo=None) == local + timedelta(days=14)


def test_an_expired_pursuit_does_not_keep_a_student_from_the_next(met):
    student = met.student()
    with time_machine.travel(NOW, tick=False):
        first = met.placement(met.opportunity().id, state="pursuing", student=student)
        waiting = met.placement(met.opportunity().id, student=student)
        with met, pytest.raises(Refused, match="under_way"):
            actions.approve_request(placement_id=waiting.id, actor=met.coordinator())
    with time_machine.travel(NOW + timedelta(days=14), tick=False):
        second = met.placement(met.opportunity().id, state="pursuing", student=student)
    with met:
        assert Placement.objects.get(id=first.id).state == State.EXPIRED
    assert second.state == State.PURSUING
