"""A term: which placements belong to it, and what happens when it is over."""

import datetime
import uuid

import pytest
import time_machine

from catalog.models import Opportunity, Term
from catalog.terms import save_term
from portico.internships.actions import end_placement, roll_over_term
from portico.internships.models import Placement
from portico.internships.states import State
from portico.reports.term import COLUMNS, leftovers_of, term_at_a_glance
from sharing.queries import visible_listing
from tenants.errors import Refused
from tests.portico.attendance.days import active, clock_at, worked
from tests.world import School

pytestmark = pytest.mark.django_db
JUNE = datetime.date(2027, 6, 20)


@pytest.fixture
def spring(met: School) -> Term:
    with met:
        return save_term(
            actor=met.coordinator(),
            term=Term(
                name="Spring 2027",
                starts_on=datetime.date(2027, 2, 1),
                ends_on=datetime.date(2027, 6, 30),
            ),
        )


@pytest.fixture
def fall(met: School) -> Term:
    with met:
        return save_term(
            actor=met.coordinator(),
            term=Term(
                name="Fall 2027",
                starts_on=datetime.date(2027, 9, 1),
                ends_on=datetime.date(2027, 12, 20),
            ),
        )


def in_term(school: School, term: Term, **narrowed: object) -> set[uuid.UUID]:
    with school:
        glance = term_at_a_glance(term=term, **narrowed)  # type: ignore[arg-type]
    return {row.placement.id for row in glance.rows}


def test_a_placement_belongs_to_the_terms_its_days_touch(
    met: School, spring: Term, fall: Term
) -> None:
    ended, goes_on = active(met), active(met)
    with clock_at("12:00", JUNE), met:
        end_placement(placement_id=ended.id, actor=met.coordinator(), completed=True)
        asked_later = met.placement(met.opportunity().id)
    with clock_at("12:00", datetime.date(2027, 9, 2)):
        assert in_term(met, spring) == {ended.id, goes_on.id, asked_later.id}
        assert in_term(met, fall) == {goes_on.id, asked_later.id}


def test_health_narrows_to_those_who_need_somebody(met: School, spring: Term) -> None:
    fine, low = active(met), active(met)
    worked(met, fine, pulse=5)
    worked(met, low, pulse=1)
    with clock_at("8:00", datetime.date(2027, 2, 3)):
        assert in_term(met, spring, health="bad") == {low.id}
        assert in_term(met, spring, health="good") == {fine.id}
        with met:
            assert term_at_a_glance(term=spring).levels == {"bad": 1, "good": 1}


def test_every_state_stands_in_one_column() -> None:
    placed = [state for _key, states in COLUMNS for state in states]
    assert sorted(placed) == sorted(State)


def test_rolling_over_ends_carries_and_archives(met: School, spring: Term, fall: Term) -> None:
    alice = met.coordinator()
    over, goes_on = active(met, term=spring), active(met, term=spring)
    again = met.opportunity(
        title="Again", term=spring, starts_on=spring.starts_on, ends_on=spring.ends_on
    )
    past = met.opportunity(title="Past", term=spring)
    released = met.opportunity(title="Released", term=spring)
    met.release(released)
    with clock_at("12:00", JUNE), met:
        outcome = roll_over_term(
            actor=alice,
            term_id=spring.id,
            next_term_id=fall.id,
            complete={over.id},
            carry={again.id},
        )
        states = dict(Placement.objects.values_list("id", "state"))
        offers = {one.id: one for one in Opportunity.objects.defer("doc")}
        left = leftovers_of(term=spring)
        spring.refresh_from_db()
    assert states == {over.id: "completed", goes_on.id: "active"}
    assert (outcome.completed, outcome.carried) == (1, 1)
    assert offers[again.id].term_id == fall.id
    assert offers[again.id].starts_on == fall.starts_on
    assert offers[past.id].state == "archived"
    assert offers[over.opportunity_id].state == "archived"  # free since it was completed
    assert offers[goes_on.opportunity_id].state == "published"
    assert sorted(name for name, _why in outcome.refused) == ["Released", "Urban Farm Apprentice"]
    assert spring.archived_at is not None
    assert [one.id for one in left.active] == [goes_on.id]


def test_a_second_click_changes_nothing(met: School, spring: Term) -> None:
    placement = active(met)
    with clock_at("12:00", JUNE), met:
        arguments = {"actor": met.coordinator(), "term_id": spring.id, "next_term_id": None}
        roll_over_term(**arguments, complete=set(), carry=set())
        with pytest.raises(Refused, match="archived"):
            roll_over_term(**arguments, complete={placement.id}, carry=set())
        assert Placement.objects.get(id=placement.id).state == "active"


def test_carrying_needs_somewhere_to_go(met: School, spring: Term) -> None:
    offer = met.opportunity(term=spring)
    with met, pytest.raises(Refused) as refusal:
        roll_over_term(
            actor=met.coordinator(),
            term_id=spring.id,
            next_term_id=spring.id,
            complete=set(),
            carry={offer.id},
        )
    assert refusal.value.field == "next_term"
    with met:
        assert Term.objects.get().archived_at is None


def test_a_carried_release_tells_the_pool_its_new_dates(
    met: School, academy: School, spring: Term, fall: Term
) -> None:
    offer = met.opportunity(term=spring, starts_on=spring.starts_on, ends_on=spring.ends_on)
    listing_id = met.release(offer)
    with time_machine.travel("2027-06-20T15:00Z"), met:
        roll_over_term(
            actor=met.coordinator(),
            term_id=spring.id,
            next_term_id=fall.id,
            complete=set(),
            carry={offer.id},
        )
    with academy:
        listing = visible_listing(listing_id=listing_id)
    assert listing is not None
    assert listing.starts_on == fall.starts_on
