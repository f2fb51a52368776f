"""Who may subscribe, see and change what; and what history keeps of it."""

import uuid

import pytest

from portico.audit.models import Entry
from portico.webhooks.actions import (
    MOST_SUBSCRIPTIONS,
    change_subscription,
    rotate_secret,
    subscribe,
    unsubscribe,
)
from portico.webhooks.log import send_again, send_test
from portico.webhooks.models import Subscription
from portico.webhooks.rules import subscriptions_of
from tenants.errors import Refused
from tests.portico.webhooks.conftest import subscribe_to

pytestmark = pytest.mark.django_db


def refused(code, act):
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code
    return refusal.value


@pytest.mark.parametrize("role", ["student", "teacher"])
def test_not_everybody(met, receiver, role):
    person = met.person(role)
    refused(
        "forbidden",
        lambda: subscribe_to(met, "slot.freed", person=person, url=receiver.url),
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"events": []}, "events"),
        ({"events": ["placement.requested", "listing.freed"]}, "events"),  # the region's
        ({"events": ["webhook.test"]}, "events"),
        ({"url": "x" * 501}, "url"),
        ({"url": "nowhere"}, "url"),
    ],
)
def test_what_is_asked_for_wrongly(met, receiver, facts, code):
    asked = {"name": "A", "url": receiver.url, "events": ["slot.freed"]} | facts
    with met:
        refusal = refused(code, lambda: subscribe(actor=met.coordinator(), **asked))
    assert refusal.field == code


def test_a_private_address_is_refused_when_it_is_typed(met, settings):
    alice = met.coordinator()
    with met:
        for url in ("https://127.0.0.1/", "https://169.254.169.254/latest/", "https://10.0.0.1/"):
            refused(
                "private",
                lambda url=url: subscribe(actor=alice, name="A", url=url, events=["slot.freed"]),
            )
        assert not Subscription.objects.exists()


def test_nor_changed_to_one(subscribed, met, settings):
    ours = subscribed("slot.freed")
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with met:
        refused(
            "private",
            lambda: change_subscription(
                actor=ours.person, subscription_id=ours.id, url="https://192.168.0.1/"
            ),
        )
        # the name alone is changed without a word about an address that is there already
        change_subscription(
            actor=ours.person, subscription_id=ours.id, name="Other", url=ours.now().url
        )
    assert ours.now().name == "Other"


def test_a_school_alone_decides_about_its_students_names(bronx, receiver):
    admin = bronx.person("district_admin")
    refused(
        "names_students",
        lambda: subscribe_to(
            bronx, "listing.freed", person=admin, url=receiver.url, names_students=True
        ),
    )


def test_history_tells_who_let_names_out(subscribed, met):
    ours = subscribed("placement.requested")
    with met:
        change_subscription(actor=ours.person, subscription_id=ours.id, names_students=True)
        added, changed = Entry.objects.filter(subject_id=str(ours.id)).order_by("id")
    assert (added.action, added.after["names_students"]) == ("webhook_added", False)
    assert (changed.action, changed.actor_id) == ("webhook_changed", ours.person.id)
    assert (changed.before, changed.after) == (
        {"names_students": False},
        {"names_students": True},
    )


def test_history_keeps_the_host_and_not_the_path(met, receiver):
    subscribe_to(met, "slot.freed", person=met.coordinator(), url=f"{receiver.url}&key=s3cret")
    with met:
        entry = Entry.objects.get(action="webhook_added")
    assert entry.after["host"] == f"127.0.0.1:{receiver.port}"
    assert "s3cret" not in str(entry.after)


def test_one_of_a_name(subscribed, met):
    first, second = subscribed("slot.freed", name="Sheet"), subscribed("slot.freed", name="Bus")
    refused("taken", lambda: subscribed("slot.freed", name=" Sheet "))
    with met:
        refused(
            "taken",
            lambda: change_subscription(
                actor=second.person, subscription_id=second.id, name="Sheet"
            ),
        )
        change_subscription(actor=first.person, subscription_id=first.id, name="Sheet")


def test_twenty_are_enough(subscribed):
    for number in range(MOST_SUBSCRIPTIONS):
        subscribed("slot.freed", name=f"Number {number}")
    refused("too_many", lambda: subscribed("slot.freed"))


class TestWhose:
    def test_a_partners_staff_see_their_own_partners(self, bronx, receiver):
        admin = bronx.person("district_admin")
        ours, colleague = bronx.partner_staff("Bridge Works"), bronx.partner_staff("Bridge Works")
        others = bronx.partner_staff("Harbor House")
        regions = subscribe_to(bronx, "listing.freed", person=admin, url=receiver.url)
        partners = subscribe_to(bronx, "listing.freed", person=ours, url=receiver.url)
        seen = {}
        with bronx:
            for name, person in {
                "admin": admin, "ours": ours, "colleague": colleague, "others": others,
            }.items():  # fmt: skip
                seen[name] = {one.id for one in subscriptions_of(person)}
        assert seen == {
            "admin": {regions.id},
            "ours": {partners.id},
            "colleague": {partners.id},
            "others": set(),
        }

    @pytest.mark.parametrize(
        "act",
        [
            lambda **who: change_subscription(name="Mine now", **who),
            rotate_secret,
            unsubscribe,
            send_test,
            lambda **who: send_again(delivery_id=uuid.uuid4(), **who),
        ],
    )
    def test_what_is_anothers_is_not_there(self, bronx, receiver, act):
        theirs = subscribe_to(
            bronx, "listing.freed", person=bronx.partner_staff("Bridge Works"), url=receiver.url
        )
        stranger = bronx.partner_staff("Harbor House")
        with bronx, pytest.raises(Subscription.DoesNotExist):
            act(actor=stranger, subscription_id=theirs.id)

    def test_staff_without_a_partner_have_none(self, bronx, receiver):
        subscribe_to(
            bronx, "listing.freed", person=bronx.person("district_admin"), url=receiver.url
        )
        nobody = bronx.person("partner_staff")
        with bronx:
            assert not subscriptions_of(nobody).exists()
        refused(
            "forbidden",
            lambda: subscribe_to(bronx, "listing.freed", person=nobody, url=receiver.url),
        )
