"""The one worklist: what waits, in which order, and what is no case any more."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from portico.attendance.actions import log_visit, mark_worry_seen
from portico.attendance.models import Attendance, MentorReach
from portico.notices.models import Notice
from portico.reports.worklist import Case, Kind, cases_of, worklist
from tests.portico.attendance.days import TUESDAY, active, clock_at, worked
from tests.world import School

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def kinds(school: School) -> list[str]:
    with school:
        return [str(case.kind) for case in worklist()]


def of_kind(school: School, kind: Kind) -> list[Case]:
    with school:
        return cases_of(kind)


def test_requests_wait_the_oldest_first(met: School, academy: School) -> None:
    offer = met.opportunity(capacity=5)
    with time_machine.travel(timezone.now() - 3 * DAY, tick=False):
        old = met.placement(offer.id)
    new = met.placement(offer.id)
    academy.placement(academy.opportunity().id)  # not this school's
    assert [case.key for case in of_kind(met, Kind.REQUEST)] == [old.id, new.id]


def test_a_start_is_the_teachers_until_two_days_have_passed(met: School) -> None:
    offer = met.opportunity(capacity=5)
    nobodys = met.placement(offer.id, state="start_requested")
    theirs = met.placement(offer.id, state="start_requested", teacher=met.person("teacher"))
    assert [case.key for case in of_kind(met, Kind.START)] == [nobodys.id]
    with time_machine.travel(timezone.now() + 2 * DAY):
        found = of_kind(met, Kind.START)
    assert {case.key for case in found} == {nobodys.id, theirs.id}


def test_a_question_to_us_waits(met: School, academy: School) -> None:
    listing_id = met.release(met.opportunity(), ask_owner=True)
    academy.placement(listing_id, state="awaiting_owner")
    assert kinds(met) == ["question"]
    assert kinds(academy) == []


def test_a_pursuit_is_urgent_in_its_last_three_days(met: School) -> None:
    placement = met.placement(met.opportunity().id, state="pursuing")
    assert placement.deadline is not None
    for moment, waits in (
        (placement.deadline - 4 * DAY, []),
        (placement.deadline - 3 * DAY, ["expiring"]),
        (placement.deadline, []),  # over in that very second
    ):
        with time_machine.travel(moment, tick=False):
            assert kinds(met) == waits


def test_missing_and_worries_come_before_everything_that_may_wait(met: School) -> None:
    offer = met.opportunity()
    with clock_at("9:00", TUESDAY - 10 * DAY):
        met.placement(offer.id)  # overdue for a week
    missing, worried = active(met), active(met)
    worked(met, worried, worry="It is too loud.", pulse=1)
    with clock_at("15:00"):
        found = kinds(met)
        assert found == ["missing", "worry", "request"]  # the low pulse is the worry's
        day = of_kind(met, Kind.WORRY)[0].key
        assert of_kind(met, Kind.MISSING)[0].key == missing.id
        alice = met.coordinator()
        with met:
            mark_worry_seen(actor=alice, attendance_id=day)
        assert kinds(met) == ["missing", "request", "pulse"]


def test_a_low_pulse_waits_until_somebody_talked_or_it_rose(met: School) -> None:
    talked, rose, still = active(met), active(met), active(met)
    for placement in (talked, rose, still):
        worked(met, placement, pulse=2)
    worked(met, rose, TUESDAY + 2 * DAY, pulse=4)
    with clock_at("15:00", TUESDAY + 2 * DAY):
        with met:
            log_visit(
                actor=met.coordinator(),
                placement_id=talked.id,
                kind="call",
                day=timezone.localdate(),
                text="We talked.",
                next_step="",
                next_on=None,
            )
        found = of_kind(met, Kind.PULSE)
        assert [case.subject.placement_id for case in found] == [still.id]
    with clock_at("15:00", TUESDAY + 15 * DAY):
        assert of_kind(met, Kind.PULSE) == []


def test_disputed_estimated_quiet_and_undelivered(met: School) -> None:
    disputed = worked(met, active(met))
    estimate = worked(met, active(met))
    with met:
        Attendance.objects.filter(id=disputed.id).update(mentor_state="disputed")
        Attendance.objects.filter(id=estimate.id).update(state="estimated")
        Notice.objects.create(
            kind="request_declined",
            person=met.student(),
            email="gone@example.com",
            state=Notice.State.FAILED,
            data={"title": "T", "site": "S", "reason": "R"},
        )
    worked(met, active(met))
    with met:
        MentorReach.objects.update(quiet_since=timezone.now())
    with clock_at("16:00"):
        found = kinds(met)
    assert sorted(found) == ["disputed", "estimate", "mail", "mentor"]


def test_what_should_have_been_done_longest_ago_comes_first(met: School) -> None:
    """A disputed day may wait as long as a request; an estimate may wait longer."""
    offer = met.opportunity(capacity=3)
    with clock_at("9:00", TUESDAY + 1 * DAY):
        met.placement(offer.id)
    days = [worked(met, active(met)), worked(met, active(met))]
    with met:
        Attendance.objects.filter(id=days[0].id).update(mentor_state="disputed")
        Attendance.objects.filter(id=days[1].id).update(state="estimated")
    with clock_at("16:00", TUESDAY + 1 * DAY):
        assert kinds(met) == ["disputed", "request", "estimate"]
