"""The clock beside workers: two at once, an hour late, none at all while somebody extends."""

import datetime
import threading
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from portico.due.models import DueWork
from portico.due.runner import run_due
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.recount import recount
from portico.internships.states import State
from portico.notices.models import Notice
from sharing import pool
from sharing.actions import answer_owner_question
from sharing.models import Hold, OwnerQuestion
from tenants.context import tenant_context
from tenants.errors import Refused
from tenants.ids import new_id

NEW_YORK = ZoneInfo("America/New_York")


def _overdue(school, listing_id, *, by: timedelta) -> Placement:
    """A pursuit whose time was up *by* ago, and nothing has run since."""
    with time_machine.travel(timezone.now() - timedelta(days=14) - by, tick=False):
        return school.placement(listing_id, state="pursuing")


def _together(*acts) -> list[str]:
    """What came of each act, all begun at once on connections of their own."""
    gate = threading.Barrier(len(acts))
    outcomes = [""] * len(acts)

    def run(number: int) -> None:
        gate.wait()
        try:
            outcomes[number] = str(acts[number]())
        except Refused as refusal:
            outcomes[number] = refusal.code
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_workers_at_once_expire_each_pursuit_once(committed_db, met, academy):
    own = [_overdue(met, met.opportunity().id, by=timedelta(minutes=1)) for _ in range(5)]
    listing = met.release(met.opportunity(capacity=5), slots=5)
    pooled = [_overdue(academy, listing, by=timedelta(minutes=1)) for _ in range(5)]
    _together(*[lambda: run_due(region="bronx")] * 3)
    for school, placements in ((met, own), (academy, pooled)):
        with school:
            states = Placement.objects.values_list("state", flat=True)
            assert set(states) == {State.EXPIRED}
            for placement in placements:
                told = Notice.objects.filter(kind="pursuit_expired", person=placement.student)
                assert told.count() == 1
    assert recount(region="bronx") == []


def test_an_hour_late_ends_at_its_time_and_not_at_the_workers(committed_db, met, academy):
    listing = met.release(met.opportunity())
    placement = _overdue(academy, listing, by=timedelta(hours=1))
    # meanwhile the slot is another's, contact and all, before any worker came
    second = met.placement(met.opportunity().id, state="pursuing")
    third = academy.placement(listing, state="pursuing")
    run_due(region="bronx")
    with academy:
        placement.refresh_from_db()
        third.refresh_from_db()
    assert (placement.state, placement.ended_at) == (State.EXPIRED, placement.deadline)
    assert third.state == State.PURSUING
    assert recount(region="bronx") == []
    with met:
        second.refresh_from_db()
    assert second.state == State.PURSUING


@pytest.mark.parametrize("pooled", [False, True])
def test_extending_while_the_worker_comes_is_one_or_the_other(committed_db, met, academy, pooled):
    """Around the second itself: either more time, or it has ended; never both, never half."""
    alice = academy.coordinator()
    for ends_in in (-0.2, 0.0, 0.15):
        offer = met.release(met.opportunity()) if pooled else academy.opportunity().id
        placement = _overdue(academy, offer, by=timedelta(seconds=-ends_in))

        def extend(placement=placement) -> str:
            with tenant_context(academy.schema):
                longer = actions.extend_pursuit(placement_id=placement.id, actor=alice, days=7)
            return str(longer.state)

        outcome, *_worked = _together(
            extend, lambda: run_due(region="bronx"), lambda: run_due(region="bronx")
        )
        with academy:
            placement.refresh_from_db()
            told = set(
                Notice.objects.filter(person=placement.student).values_list("kind", flat=True)
            )
        if outcome == "pursuing":
            assert placement.deadline > timezone.now() + timedelta(days=6)
            assert placement.state == State.PURSUING
            assert "pursuit_expired" not in told
        else:
            assert outcome in ("wrong_state", "expired")
            assert "pursuit_extended" not in told
            run_due(region="bronx")
        assert recount(region="bronx") == []


def test_work_that_is_done_twice_or_for_what_is_gone_does_nothing(committed_db, met, bronx):
    placement = _overdue(met, met.opportunity().id, by=timedelta(minutes=1))
    run_due(region="bronx")
    for subject_id in (placement.id, new_id()):
        with bronx:
            DueWork.objects.create(
                school=met.schema, kind="expire", subject_id=subject_id, due_at=timezone.now()
            )
        run_due(region="bronx")
    with met:
        assert Notice.objects.filter(kind="pursuit_expired").count() == 1
    with bronx:
        assert not DueWork.objects.filter(kind="expire").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("days", [60])
@pytest.mark.parametrize(
    "local", [datetime.datetime(2027, 2, 20, 9, 30), datetime.datetime(2027, 10, 20, 9, 30)]
)
def test_more_time_across_daylight_saving_ends_at_the_same_hour(met, local, days):
    moment = local.replace(tzinfo=NEW_YORK)
    with time_machine.travel(moment, tick=False), timezone.override(NEW_YORK):
        placement = met.placement(met.opportunity().id, state="pursuing")
        with met:
            placement = actions.extend_pursuit(
                placement_id=placement.id, actor=met.coordinator(), days=days
            )
    ends = placement.deadline.astimezone(NEW_YORK).replace(tzinfo=None)
    assert ends == local + timedelta(days=14 + days)


@pytest.mark.django_db
def test_an_owners_yes_across_daylight_saving_too(met, academy):
    """PostgreSQL counts those days; of 120 and 240 from any date one crosses a change."""
    listing = met.release(met.opportunity(capacity=2), slots=2, ask_owner=True)
    for days in (120, 240):
        with academy:
            question = pool.ask_owner(
                listing_id=listing,
                placement_id=new_id(),
                school_name="Academy",
                grade=11,
                interest="arts",
                days=days,
            )
        before = timezone.now()
        with met:
            answer_owner_question(actor=met.coordinator(), question_id=question, agreed=True)
        with academy:
            asked = OwnerQuestion.objects.get(id=question)
            until = Hold.objects.get(placement_id=asked.placement_id).until
        local = until.astimezone(NEW_YORK).replace(tzinfo=None)
        began = before.astimezone(NEW_YORK).replace(tzinfo=None)
        assert timedelta() <= local - began - timedelta(days=days) < timedelta(minutes=1)
