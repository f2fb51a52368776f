"""One slot, two hundred claimants, fifty… as many schools as there are: exactly one wins."""

import threading
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from catalog.models import Opportunity
from portico.due.models import DueWork
from portico.due.runner import run_due
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.states import State
from sharing.models import Hold, PoolListing
from tenants.context import tenant_context
from tenants.errors import Refused
from tenants.retry import MOST_TRIES, again_on_deadlock

CLAIMANTS = 200


def _all_at_once(number: int, act) -> Counter:
    """Run act(i) in *number* threads that start together; outcomes counted."""
    outcomes: Counter = Counter()
    counting = threading.Lock()
    gate = threading.Barrier(number)

    def run(i: int) -> None:
        try:
            gate.wait()
            outcome = act(i)
        except Refused as refusal:
            outcome = refusal.code
        except Exception as error:
            outcome = type(error).__name__
        finally:
            connections["default"].close()
        with counting:
            outcomes[outcome] += 1

    threads = [threading.Thread(target=run, args=(i,)) for i in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_hundred_claimants_of_one_pool_slot(committed_db, met, academy, riverdale, bronx):
    """Straight at the ledger: 200 connections, two schools, one slot."""
    listing = met.release(met.opportunity())
    schools = (academy, riverdale)

    def claim(i: int) -> str:
        from sharing import pool

        with tenant_context(schools[i % 2].schema):
            won = pool.claim(
                listing_id=listing,
                placement_id=uuid.uuid4(),
                until=timezone.now() + timedelta(days=1),
            )
        return "won" if won else "lost"

    for outcomes in [_all_at_once(100, claim), _all_at_once(100, claim)]:
        assert set(outcomes) <= {"won", "lost"}
    with bronx:
        row = PoolListing.objects.get(id=listing)
        assert (row.taken, row.slots, Hold.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("pool_slot", [True, False])
def test_coordinators_approving_at_once_hold_one_slot(committed_db, met, academy, bronx, pool_slot):
    """The whole action, as the coordinator's button does it."""
    offer = academy.opportunity() if pool_slot else met.opportunity()
    listing = academy.release(offer) if pool_slot else offer.id
    alice = met.coordinator()
    waiting = [met.placement(listing) for _ in range(12)]

    def approve(i: int) -> str:
        with tenant_context(met.schema):
            return str(actions.approve_request(placement_id=waiting[i].id, actor=alice).state)

    outcomes = _all_at_once(len(waiting), approve)
    assert outcomes == {"pursuing": 1, "no_slot": len(waiting) - 1}
    with met:
        assert Placement.objects.filter(state=State.PURSUING).count() == 1
        if not pool_slot:
            assert Opportunity.objects.get(id=offer.id).taken == 1


def test_two_decisions_on_one_request_have_one_effect(committed_db, met):
    placement = met.placement(met.opportunity().id)
    alice = met.coordinator()

    def decide(i: int) -> str:
        with tenant_context(met.schema):
            if i % 2:
                return str(actions.approve_request(placement_id=placement.id, actor=alice).state)
            return str(
                actions.decline_request(placement_id=placement.id, actor=alice, reason="No.").state
            )

    outcomes = _all_at_once(8, decide)
    assert outcomes["wrong_state"] >= 6
    assert outcomes["pursuing"] + outcomes["declined"] <= 2
    with met:
        placement.refresh_from_db()
        taken = Opportunity.objects.get(id=placement.opportunity_id).taken
    assert taken == (1 if placement.state == State.PURSUING else 0)


def test_release_and_own_claims_never_exceed_the_capacity(committed_db, met):
    from sharing.actions import release_slots

    offer = met.opportunity(capacity=3)
    alice = met.coordinator()
    waiting = [met.placement(offer.id) for _ in range(6)]

    def act(i: int) -> str:
        with tenant_context(met.schema):
            if i < len(waiting):
                return str(actions.approve_request(placement_id=waiting[i].id, actor=alice).state)
            release_slots(actor=alice, opportunity_id=offer.id, slots=1)
            return "released"

    outcomes = _all_at_once(12, act)
    with met:
        offer.refresh_from_db()
    assert offer.taken == outcomes["pursuing"]
    assert offer.released == outcomes["released"]
    assert offer.taken + offer.released == 3
    assert set(outcomes) <= {"pursuing", "released", "no_slot", "no_free_slots"}


def test_two_approvals_of_one_student_leave_one_under_way(committed_db, met):
    alice, student = met.coordinator(), met.student()
    waiting = [met.placement(met.opportunity().id, student=student) for _ in range(3)]

    def approve(i: int) -> str:
        with tenant_context(met.schema):
            return str(actions.approve_request(placement_id=waiting[i].id, actor=alice).state)

    assert _all_at_once(3, approve) == {"pursuing": 1, "under_way": 2}


def test_people_and_workers_on_one_deadline_do_not_block_each_other(committed_db, met):
    """A person locks the placement and then its due work; the worker must not turn it round."""
    alice = met.coordinator()
    placements = [met.placement(met.opportunity().id, state="pursuing") for _ in range(4)]

    def act(i: int) -> str:
        if i % 3 == 2:
            run_due(region="bronx")
            return "worked"
        with tenant_context(met.schema):
            placement = placements[i % len(placements)]
            actions.extend_pursuit(placement_id=placement.id, actor=alice, days=1)
        return "extended"

    with tenant_context("bronx"):
        DueWork.objects.filter(kind="expire").update(due_at=timezone.now())
    outcomes = _all_at_once(24, act)
    assert outcomes == {"worked": 8, "extended": 16}
    with tenant_context("bronx"):
        assert not DueWork.objects.filter(attempts__gt=0).exists()


def test_a_deadlock_is_tried_again_and_nothing_else_is(committed_db, met):
    offers = [met.opportunity(capacity=1).id for _ in range(2)]
    both_hold_one = threading.Barrier(2)
    tries: Counter = Counter()

    def cross(i: int) -> str:
        first, second = offers if i else reversed(offers)

        def lock_both() -> None:
            tries[i] += 1
            Opportunity.objects.select_for_update().get(id=first)
            if tries[i] == 1:
                both_hold_one.wait()
            Opportunity.objects.select_for_update().get(id=second)

        with tenant_context(met.schema):
            again_on_deadlock(lock_both)
        return "done"

    assert _all_at_once(2, cross) == {"done": 2}
    # One of them was broken off; whoever comes back first may block the other once more.
    assert 3 <= sum(tries.values()) <= 2 * MOST_TRIES

    def fail() -> None:
        tries["fail"] += 1
        raise OperationalError("the server is gone")

    with tenant_context(met.schema), pytest.raises(OperationalError):
        again_on_deadlock(fail)
    assert tries["fail"] == 1
