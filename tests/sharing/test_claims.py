"""One slot, two hundred claimants, fifty… as many schools as there are: exactly one wins."""

import threading
import uuid
from collections import Counter

import pytest
from django.db import connections

from catalog.models import Opportunity
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.states import State
from sharing.models import Hold, PoolListing
from tenants.context import tenant_context
from tenants.errors import Refused

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
        from django.utils import timezone

        from sharing import pool

        with tenant_context(schools[i % 2].schema):
            won = pool.claim(
                listing_id=listing,
                placement_id=uuid.uuid4(),
                until=timezone.now() + timezone.timedelta(days=1),
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
