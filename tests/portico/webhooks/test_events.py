"""What is told to whom: every event of the table, and nothing about a student beyond the school."""

import json

import pytest
from django.db import connection

from catalog.actions import change_opportunity_state
from portico.due.models import DueWork
from portico.internships import actions
from portico.internships.states import State
from portico.webhooks.actions import change_subscription
from portico.webhooks.events import EVENTS, REGION, SCHOOL, events_for, label_of
from portico.webhooks.models import Delivery
from sharing.actions import answer_owner_question, recall_slots, refresh_release, save_posting
from sharing.models import OwnerQuestion, PoolListing
from tests.portico.webhooks.conftest import run, subscribe_to
from tests.world import START

pytestmark = pytest.mark.django_db
SCHOOLS = [event.kind for event in EVENTS if event.of == SCHOOL]
REGIONS = [event.kind for event in EVENTS if event.of == REGION]


@pytest.fixture
def told(subscribed):
    """The Met's subscription to everything of a school."""
    return subscribed(*SCHOOLS)


@pytest.fixture
def region(bronx, receiver):
    return subscribe_to(bronx, *REGIONS, person=bronx.person("district_admin"), url=receiver.url)


def kinds(subscription):
    return [delivery.event for delivery in subscription.deliveries()]


def test_the_table_is_whole():
    """Each state has its event; each event a name of its own and words."""
    states = {f"placement.{state}" for state in State}
    assert states == {kind for kind in SCHOOLS if kind.startswith("placement.")}
    assert len({event.kind for event in EVENTS}) == len(EVENTS)
    assert {event.of for event in EVENTS} == {SCHOOL, REGION}
    assert all(label_of(event.kind) != event.kind and str(event.about) for event in EVENTS)
    assert events_for("school") + events_for("region") == list(EVENTS)


class TestSchool:
    def test_a_placement_from_request_to_end(self, told, met):
        placement = met.placement(met.opportunity().id, state="completed")
        found = told.deliveries()
        assert [one.event for one in found] == [
            "placement.requested",
            "placement.pursuing",
            "placement.start_requested",
            "placement.active",
            "placement.completed",
            "slot.freed",
        ]
        steps = [(one.data["before"], one.data["action"], one.data["state"]) for one in found[:5]]
        assert steps == [
            (None, "request", "requested"),
            ("requested", "approve", "pursuing"),
            ("pursuing", "request_start", "start_requested"),
            ("start_requested", "approve_start", "active"),
            ("active", "complete", "completed"),
        ]
        assert {one.data["placement"] for one in found} == {str(placement.id)}
        assert found[1].data["deadline"] is not None
        assert found[3].data["starts_on"] == START.starts_on.isoformat()

    @pytest.mark.parametrize("state", ["declined", "withdrawn", "ended_early"])
    def test_other_ends(self, told, met, state):
        met.placement(met.opportunity().id, state=state)
        assert f"placement.{state}" in kinds(told)
        assert ("slot.freed" in kinds(told)) == (state != "declined")

    def test_time_runs_out(self, told, met, settings):
        placement = met.placement(met.opportunity().id, state="pursuing")
        with met:
            type(placement).objects.filter(id=placement.id).update(deadline=placement.requested_at)
            actions.expire_pursuit(placement_id=placement.id)
        assert kinds(told)[-2:] == ["placement.expired", "slot.freed"]

    def test_the_owner_is_asked(self, told, met, academy):
        listing = academy.release(academy.opportunity(), ask_owner=True)
        met.placement(listing, state="awaiting_owner")
        assert kinds(told) == ["placement.requested", "placement.awaiting_owner"]

    def test_release_and_recall(self, told, met):
        offer = met.opportunity(capacity=3)
        listing = met.release(offer, slots=2)
        with met:
            recall_slots(actor=met.coordinator(), opportunity_id=offer.id, slots=1)
        released, recalled = told.deliveries()
        assert (released.event, recalled.event) == ("opportunity.released", "opportunity.recalled")
        assert (released.data["slots"], released.data["released"]) == (2, 2)
        assert (recalled.data["slots"], recalled.data["released"]) == (1, 1)
        assert {one.data["listing"] for one in (released, recalled)} == {str(listing)}

    def test_nothing_came_back_nothing_is_told(self, told, met, academy):
        offer = met.opportunity()
        academy.placement(met.release(offer), state="pursuing")
        with met:
            recall_slots(actor=met.coordinator(), opportunity_id=offer.id)
        assert kinds(told) == ["opportunity.released"]

    def test_only_what_was_chosen(self, subscribed, met):
        ours = subscribed("placement.active")
        met.placement(met.opportunity().id, state="active")
        assert kinds(ours) == ["placement.active"]

    def test_only_what_is_ones_own(self, told, academy):
        academy.placement(academy.opportunity().id, state="active")
        assert kinds(told) == []


class TestReleased:
    """What another school does with a released slot: the owner hears it from its own clock."""

    def test_held_filled_freed(self, told, met, academy):
        offer = met.opportunity(capacity=3)
        listing = met.release(offer, slots=2)
        placement = academy.placement(listing, state="pursuing")
        run()
        alice, bob = academy.coordinator(), placement.student
        with academy:
            actions.request_start(placement_id=placement.id, actor=bob, start=START)
            actions.approve_start(placement_id=placement.id, actor=alice)
        run()
        with academy:
            actions.end_placement(placement_id=placement.id, actor=alice, completed=True)
        run()
        heard = told.deliveries()
        assert [one.event for one in heard] == [
            "opportunity.released",
            "opportunity.held",
            "opportunity.filled",
            "opportunity.freed",
        ]
        assert [(one.data["slots"], one.data["taken"]) for one in heard[1:]] == [
            (2, 1),
            (2, 1),
            (2, 0),
        ]
        assert {one.data["opportunity"] for one in heard} == {str(offer.id)}
        assert {one.data["listing"] for one in heard} == {str(listing)}

    def test_by_whom_is_not_told(self, told, receiver, met, academy):
        student = academy.student(given_name="Zuleika", family_name="Quillfeather")
        listing = met.release(met.opportunity())
        placement = academy.placement(listing, student=student, state="completed")
        run()
        sent = b"".join(call.body for call in receiver.calls).decode()
        assert {"opportunity.held", "opportunity.freed"} <= set(receiver.events)
        for said in ("Zuleika", "Quillfeather", str(student.id), str(placement.id), "cademy"):
            assert said not in sent

    def test_the_request_of_the_other_school_writes_nothing_here(self, told, met, academy):
        """Until its own clock strikes there is a line of due work in the region, no more."""
        listing = met.release(met.opportunity())
        academy.placement(listing, state="pursuing")
        assert kinds(told) == ["opportunity.released"]
        with met:
            assert DueWork.objects.filter(kind="release_held", subject_id=listing).count() == 1

    def test_of_its_own_students_it_hears_what_it_did(self, told, met):
        met.placement(met.opportunity().id, state="completed")
        run()
        assert not [kind for kind in kinds(told) if kind.startswith("opportunity.")]

    def test_a_posting_has_no_owning_school(self, told, bronx, met, academy):
        academy.placement(bronx.posting().id, state="completed")
        with bronx:
            assert not DueWork.objects.filter(kind__startswith="release_").exists()

    def test_recalled_meanwhile(self, told, met, academy):
        """Closed, it still is a release of theirs, and says what is so now."""
        offer = met.opportunity()
        academy.placement(met.release(offer), state="completed")
        with met:
            recall_slots(actor=met.coordinator(), opportunity_id=offer.id)
        run()
        freed = told.deliveries()[-1]
        assert (freed.data["slots"], freed.data["taken"]) == (0, 0)


class TestNames:
    def test_no_name_unless_the_school_allows_it(self, subscribed, receiver, met):
        shy = subscribed(*SCHOOLS)
        student = met.student(given_name="Zuleika", family_name="Quillfeather")
        met.placement(met.opportunity().id, student=student, state="completed")
        run()
        sent = b"".join(call.body for call in receiver.calls).decode()
        assert len(receiver.calls) == len(shy.deliveries()) == 6
        for said in ("Zuleika", "Quillfeather", student.email):
            assert said not in sent
        assert receiver.calls[0].data["student"] == str(student.id)

    def test_what_people_write_stays(self, told, receiver, met):
        """Messages and reasons have names in them more often than not."""
        student, alice = met.student(), met.coordinator()
        offer = met.opportunity()
        with met:
            placement = actions.request_placement(
                student=student, listing_id=offer.id, message="I am Zuleika"
            )
            actions.decline_request(
                placement_id=placement.id, actor=alice, reason="Zuleika is too young"
            )
        run()
        assert receiver.events == ["placement.requested", "placement.declined"]
        assert b"Zuleika" not in b"".join(call.body for call in receiver.calls)

    def test_with_the_name_where_it_does(self, subscribed, receiver, met):
        subscribed("placement.requested", names_students=True)
        student = met.student(given_name="Zuleika")
        met.placement(met.opportunity().id, student=student)
        run()
        assert receiver.calls[0].data["student_name"] == student.full_name

    def test_taken_back_it_is_not_sent_any_more(self, subscribed, receiver, met):
        ours = subscribed("placement.requested", names_students=True)
        met.placement(met.opportunity().id)
        with met:
            change_subscription(actor=ours.person, subscription_id=ours.id, names_students=False)
        run()
        assert "student_name" not in receiver.calls[0].data


class TestPool:
    def test_the_way_of_a_released_slot(self, region, met, academy):
        offer = met.opportunity(capacity=2)
        listing = met.release(offer)
        academy.placement(listing, state="completed")
        with met:
            recall_slots(actor=met.coordinator(), opportunity_id=offer.id)
        assert kinds(region) == [
            "listing.published",
            "listing.held",
            "listing.filled",
            "listing.freed",
            "listing.recalled",
        ]
        said = [(one.data["slots"], one.data["taken"]) for one in region.deliveries()]
        assert said == [(1, 0), (1, 1), (1, 1), (1, 0), (0, 0)]
        first = region.deliveries()[0].data
        assert (first["listing"], first["title"]) == (str(listing), offer.title)
        assert first["origin"] == {"kind": "school", "name": "The Met High School"}

    def test_an_owners_yes_holds_and_a_withdrawal_frees(self, region, met, academy):
        listing = met.release(met.opportunity(), ask_owner=True)
        placement = academy.placement(listing, state="awaiting_owner")
        with met:
            question = OwnerQuestion.objects.get()
            answer_owner_question(actor=met.coordinator(), question_id=question.id, agreed=True)
        with academy:  # before its own worker has heard of the yes
            actions.withdraw_placement(placement_id=placement.id, actor=placement.student)
        assert kinds(region) == ["listing.published", "listing.held", "listing.freed"]

    def test_a_partners_posting(self, region, bronx):
        staff = bronx.partner_staff()
        listing = bronx.posting(staff=staff, state="draft")
        assert kinds(region) == []
        for state in ("open", "open", "closed", "open"):
            with bronx:
                listing.state = state
                save_posting(actor=staff, listing=listing, contact=listing.contact)
        assert kinds(region) == ["listing.published", "listing.recalled", "listing.published"]
        assert region.deliveries()[0].data["origin"] == {"kind": "partner", "name": "Bridge Works"}

    def test_a_partner_hears_of_its_own_alone(self, bronx, met, academy, receiver):
        ours, others = bronx.partner_staff("Bridge Works"), bronx.partner_staff("Harbor House")
        subscription = subscribe_to(bronx, *REGIONS, person=ours, url=receiver.url)
        mine, theirs = bronx.posting(staff=ours), bronx.posting(staff=others)
        met.release(met.opportunity())
        for posting in (mine, theirs):
            academy.placement(posting.id, state="active")
        assert kinds(subscription) == ["listing.published", "listing.held", "listing.filled"]
        assert {one.data["listing"] for one in subscription.deliveries()} == {str(mine.id)}

    def test_nothing_about_a_student_leaves_a_school(self, region, bronx, academy, receiver):
        student = academy.student(given_name="Zuleika", family_name="Quillfeather")
        posting = bronx.posting()
        placement = academy.placement(posting.id, student=student, state="completed")
        run()
        sent = b"".join(call.body for call in receiver.calls).decode()
        assert receiver.events == kinds(region)
        assert len(receiver.calls) == 4
        for said in ("Zuleika", "Quillfeather", str(student.id), str(placement.id), "academy"):
            assert said not in sent.replace("Bronx Academy", "academy")
        assert all(one.names == {} for one in region.deliveries())
        fields = {key for call in receiver.calls for key in call.data}
        assert fields == {
            "listing", "title", "site_name", "field", "state", "slots", "taken", "origin",
        }  # fmt: skip

    def test_a_school_reads_neither_subscriptions_nor_deliveries(self, region, met):
        met.release(met.opportunity())
        assert len(region.deliveries()) == 1
        with met, connection.cursor() as cursor:
            for table in ("webhooks_subscription", "webhooks_delivery"):
                cursor.execute(
                    "SELECT has_table_privilege(%s, 'SELECT, INSERT')", [f"bronx.{table}"]
                )
                assert cursor.fetchone() == (False,)
            assert not Delivery.objects.exists()

    def test_an_event_there_is_not_reaches_nobody(self, region, met):
        listing = met.release(met.opportunity())
        with met, connection.cursor() as cursor:
            cursor.execute("SELECT pool_tell('placement.active', %s, gen_random_uuid())", [listing])
            assert cursor.fetchone() == (0,)

    def test_the_newest_is_first_by_its_id(self, region, met, academy):
        """Ids made in the database grow with time as the others do."""
        academy.placement(met.release(met.opportunity()), state="pursuing")
        with region.world:
            found = list(Delivery.objects.order_by("happened_at").values_list("id", flat=True))
        assert found == sorted(found)
        assert {one.version for one in found} == {7}


def test_a_pool_closed_and_opened_with_its_opportunity(region, met):
    offer = met.opportunity(capacity=2)
    met.release(offer)
    for action in ("pause", "publish"):
        with met:
            changed = change_opportunity_state(
                actor=met.coordinator(), opportunity_id=offer.id, action=action
            )
            refresh_release(opportunity=changed)
            refresh_release(opportunity=changed)
    assert kinds(region) == ["listing.published", "listing.recalled", "listing.published"]
    with region.world:
        assert PoolListing.objects.get().state == "open"


def test_the_body_is_what_the_specification_proposes(subscribed, receiver, met):
    subscribed("placement.requested")
    met.placement(met.opportunity().id)
    run()
    said = json.loads(receiver.calls[0].body)
    assert said.keys() == {"type", "timestamp", "data"}
    assert said["timestamp"].endswith("Z")
    assert receiver.calls[0].headers["content-type"] == "application/json"
