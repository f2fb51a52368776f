"""The coordinator curates: opportunities, their states, release, recall, bulk release."""

import datetime
import uuid
from typing import Any

import pytest
from django.utils import timezone

from catalog.actions import set_favorite
from catalog.models import Mentor, Opportunity
from sharing.models import MentorContact, OwnListing, PoolListing, VisibleListing
from tests.portico.web.test_coordinator_pages import address
from tests.world import Region, School

pytestmark = pytest.mark.django_db


def offer_form(offer: Opportunity, **changes: Any) -> dict[str, Any]:
    """What the form posts for a simple opportunity at the site of *offer*."""
    return {
        "site": str(offer.site_id),
        "mentor": str(offer.mentor_id),
        "title": "Beekeeper",
        "description": "Look after hives on a roof.",
        "field": "agriculture",
        "skills": "calm,  Calm hands, calm,",
        "capacity": "3",
        "days": ["2", "4"],
        "start_time": "09:00",
        "end_time": "14:30",
        "pay": "paid",
        "hourly_rate": "16.50",
        "grades": ["11", "12"],
        **changes,
    }


def reread(school: School, opportunity_id: uuid.UUID) -> Opportunity:
    with school:
        return Opportunity.objects.defer("doc").get(id=opportunity_id)


def test_add_a_draft_then_publish(met: School) -> None:
    offer = met.opportunity()
    alice = met.client(met.coordinator())
    answer = alice.post(address("opportunity-add"), offer_form(offer))
    with met:
        made = Opportunity.objects.defer("doc").get(title="Beekeeper")
    assert answer.headers["Location"] == address("opportunity", made.id)
    assert (made.state, made.skills, made.days) == ("draft", ["calm", "Calm hands"], [2, 4])
    assert made.site_name == offer.site_name
    for wanted in ("publish", "pause", "publish", "archive"):
        alice.post(address("opportunity-state", made.id), {"action": wanted})
    assert reread(met, made.id).state == "archived"
    assert alice.post(address("opportunity-state", made.id), {"action": "burn"}).status_code == 404


def test_add_and_publish_with_a_new_mentor(met: School) -> None:
    offer = met.opportunity()
    form = offer_form(
        offer,
        mentor="",
        new_mentor_name="Bea Hive",
        new_mentor_email="bea@example.com",
        publish="1",
    )
    met.client(met.coordinator()).post(address("opportunity-add"), form)
    with met:
        made = Opportunity.objects.defer("doc").select_related("mentor").get(title="Beekeeper")
        assert made.state == "published"
        assert made.mentor is not None
        assert (made.mentor.name, made.mentor.site_id) == ("Bea Hive", offer.site_id)


def test_errors_keep_the_input_and_make_no_mentor(met: School) -> None:
    offer = met.opportunity()
    form = offer_form(offer, mentor="", new_mentor_name="Bea Hive", end_time="08:00")
    answer = met.client(met.coordinator()).post(address("opportunity-add"), form)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "The end must be after the start." in body
    assert 'value="Bea Hive"' in body
    assert "calm,  Calm hands, calm," in body
    with met:
        assert not Mentor.objects.filter(name="Bea Hive").exists()


def test_a_mentor_of_another_site_is_refused(met: School) -> None:
    here, there = met.opportunity(), met.opportunity()
    form = offer_form(here, mentor=str(there.mentor_id))
    answer = met.client(met.coordinator()).post(address("opportunity-add"), form)
    assert "works at another site" in answer.content.decode()


def test_another_schools_site_is_no_choice(met: School, academy: School) -> None:
    theirs = academy.opportunity()
    answer = met.client(met.coordinator()).post(address("opportunity-add"), offer_form(theirs))
    assert answer.status_code == 422
    with met:
        assert not Opportunity.objects.filter(title="Beekeeper").exists()


def test_capacity_cannot_fall_below_what_is_used(met: School) -> None:
    offer = met.opportunity(capacity=3)
    met.placement(offer.id, state="active")
    met.release(offer, slots=2)
    answer = met.client(met.coordinator()).post(
        address("opportunity-edit", offer.id), offer_form(offer, capacity="2")
    )
    assert answer.status_code == 422
    assert "3 slots are taken or released" in answer.content.decode()


def test_an_edit_reaches_the_pool(met: School, academy: School) -> None:
    offer = met.opportunity(capacity=3)
    listing = met.release(offer, slots=2)
    alice = met.client(met.coordinator())
    alice.post(address("opportunity-edit", offer.id), offer_form(offer))
    with academy:
        assert VisibleListing.objects.get(id=listing).title == "Beekeeper"
    alice.post(address("opportunity-state", offer.id), {"action": "pause"})
    with academy:
        assert not VisibleListing.objects.filter(id=listing).exists()
    alice.post(address("opportunity-state", offer.id), {"action": "publish"})
    with academy:
        assert VisibleListing.objects.filter(id=listing).exists()


def test_release_with_terms_shows_it_when_it_is_time(met: School, academy: School) -> None:
    offer = met.opportunity(capacity=3)
    alice = met.client(met.coordinator())
    path = address("release", offer.id)
    soon = timezone.now() + datetime.timedelta(days=1)
    with met:
        # what a browser sends: the school's own clock, New York's
        local = soon.astimezone(datetime.timezone(datetime.timedelta(hours=-5)))
    answer = alice.post(path, {"slots": "2", "visible_from": "2026-01-05T08:00", "ask_owner": "on"})
    assert answer.headers["Location"] == address("opportunity", offer.id)
    with met:
        mine = OwnListing.objects.get(opportunity_id=offer.id)
    assert (mine.slots, mine.ask_owner) == (2, True)
    assert mine.visible_from == datetime.datetime(2026, 1, 5, 13, 0, tzinfo=datetime.UTC)
    with academy:
        assert VisibleListing.objects.filter(id=mine.id).exists()
        assert not MentorContact.objects.filter(listing_id=mine.id).exists()
    later = f"{local:%Y-%m-%dT%H:%M}"
    alice.post(path, {"slots": "1", "visible_from": later})
    with academy:
        assert not VisibleListing.objects.filter(id=mine.id).exists()
    refused = alice.post(path, {"slots": "1"})
    assert refused.status_code == 422
    assert "0 slots are free to release" in refused.content.decode()


def test_recall_says_what_came_back_and_what_is_held(met: School, academy: School) -> None:
    offer = met.opportunity(capacity=3)
    listing = met.release(offer, slots=3)
    academy.placement(listing, state="pursuing")
    alice = met.client(met.coordinator())
    body = alice.post(address("recall", offer.id), follow=True).content.decode()
    assert "2 slots came back." in body
    assert "1 is in use at another school" in body
    assert "Bronx Academy" not in body  # in use, not by whom
    assert reread(met, offer.id).released == 1
    again = alice.post(address("recall", offer.id), follow=True).content.decode()
    assert "0 slots came back." in again


def test_release_from_the_list_comes_back_to_it(met: School) -> None:
    offer = met.opportunity(capacity=2)
    here = address("opportunities") + "?state=published"
    answer = met.client(met.coordinator()).post(
        address("release", offer.id), {"slots": "1", "next": here}
    )
    assert answer.headers["Location"] == here
    assert reread(met, offer.id).released == 1


def test_bulk_release_takes_only_what_nobody_wants(
    met: School, bronx: Region, academy: School
) -> None:
    wanted, saved = met.opportunity(capacity=2), met.opportunity(capacity=2)
    lonely = met.opportunity(capacity=3, title="Lonely One")
    quiet = met.opportunity(capacity=1, title="Quiet One")
    met.placement(wanted.id)
    with met:
        set_favorite(student=met.student(), listing_id=saved.id, saved=True)
    alice = met.client(met.coordinator())
    path = address("release-unwanted")
    assert alice.post(path, {}).status_code == 422  # nothing chosen
    chosen = [str(one.id) for one in (wanted, saved, lonely)]
    body = alice.post(path, {"opportunity": chosen}).content.decode()
    assert "3 slots are in the pool." in body
    assert [reread(met, one.id).released for one in (wanted, saved, lonely, quiet)] == [0, 0, 3, 0]
    with bronx:
        assert PoolListing.objects.get().title == "Lonely One"
    again = alice.post(path, {"opportunity": [str(lonely.id)]}).content.decode()
    assert "nothing was released" in again
    assert reread(met, lonely.id).released == 3


def test_the_pool_page_shows_use_but_not_by_whom(met: School, academy: School) -> None:
    listing = met.release(met.opportunity(capacity=2, title="Shared Bench"), slots=2)
    academy.placement(listing, state="active")
    theirs = academy.release(academy.opportunity(title="From Afar"))
    body = met.client(met.coordinator()).get(address("pool")).content.decode()
    assert "Shared Bench" in body
    assert "From Afar" in body
    assert "Released by Bronx Academy" in body
    mine = body.split("From Afar")[0]
    assert "Academy" not in mine
    assert str(theirs) not in mine


def test_tabs_and_words_narrow_the_list(met: School) -> None:
    met.opportunity(title="Baker")
    met.opportunity(title="Welder", publish=False)
    alice = met.client(met.coordinator())

    def listed(query: str) -> set[str]:
        body = alice.get(address("opportunities") + query).content.decode()
        return {title for title in ("Baker", "Welder") if title in body}

    assert listed("") == {"Baker", "Welder"}
    assert listed("?state=draft") == {"Welder"}
    assert listed("?q=bak") == {"Baker"}
    assert listed("?state=nonsense") == {"Baker", "Welder"}
