"""A slot whose pursuit is over by the clock can be released, though no worker has run."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portico.internships.actions.releasing import release_slots, release_unwanted
from portico.internships.models import Placement
from portico.internships.recount import recount
from tenants.errors import Refused

pytestmark = pytest.mark.django_db


def _overdue(school, offer) -> Placement:
    with time_machine.travel(timezone.now() - timedelta(days=15), tick=False):
        return school.placement(offer.id, state="pursuing")


def test_an_expired_pursuit_stands_in_nobodys_way(met):
    offer = met.opportunity(capacity=1)
    placement = _overdue(met, offer)
    with met:
        release_slots(actor=met.coordinator(), opportunity_id=offer.id, slots=1)
        offer.refresh_from_db()
        placement.refresh_from_db()
    assert (offer.released, offer.taken, placement.state) == (1, 0, "expired")
    assert recount(region="bronx") == []


def test_a_running_one_does(met):
    offer = met.opportunity(capacity=1)
    met.placement(offer.id, state="pursuing")
    with met, pytest.raises(Refused, match="no_free_slots"):
        release_slots(actor=met.coordinator(), opportunity_id=offer.id, slots=1)


def test_many_at_once_too(met):
    offers = [met.opportunity(capacity=2) for _ in range(2)]
    _overdue(met, offers[0])
    with met:
        done = release_unwanted(actor=met.coordinator(), opportunity_ids=[o.id for o in offers])
    assert [release.slots for release in done] == [2, 2]
    assert recount(region="bronx") == []


def test_the_page_and_the_api_do_it(met):
    client = met.client(met.coordinator())
    first, second = met.opportunity(), met.opportunity()
    for offer in (first, second):
        _overdue(met, offer)
    client.post(f"/coordinator/opportunities/{first.id}/release/", {"slots": 1})
    client.post(f"/api/v1/opportunities/{second.id}/release/", {"slots": 1}, "application/json")
    with met:
        for offer in (first, second):
            offer.refresh_from_db()
            assert offer.released == 1
