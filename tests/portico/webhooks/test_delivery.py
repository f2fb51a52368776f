"""At least once, backing off over three days, switched off when nothing gets through."""

from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from portico.audit.models import Entry
from portico.due.models import DueWork
from portico.notices.models import Notice
from portico.webhooks.actions import change_subscription, unsubscribe
from portico.webhooks.delivery import DELAYS, FAILS_FOR, JITTER, deliver_event
from portico.webhooks.log import send_again, send_test
from portico.webhooks.models import Delivery, Subscription
from portico.webhooks.planning import KEPT_FOR, SEND
from tenants.errors import Refused
from tests.portico.webhooks.conftest import run

pytestmark = pytest.mark.django_db
State, Off = Delivery.State, Subscription.Off


@pytest.fixture
def ours(subscribed):
    return subscribed("placement.requested")


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@contextmanager
def undone():
    """What the block writes is rolled back, as by a fault or a killed worker."""
    with suppress(ZeroDivisionError), transaction.atomic():
        yield
        raise ZeroDivisionError


def happen(met) -> None:
    met.placement(met.opportunity().id)


def next_attempt(ours):
    (delivery,) = ours.deliveries()
    return delivery.next_attempt_at


class TestAtLeastOnce:
    def test_it_goes_once_however_often_the_worker_looks(self, ours, receiver, met):
        happen(met)
        run()
        run()
        (delivery,) = ours.deliveries()
        assert [call.id for call in receiver.calls] == [str(delivery.id)]
        assert (delivery.state, delivery.status, delivery.attempts) == (State.DELIVERED, 204, 1)

    def test_what_is_undone_is_not_told(self, ours, receiver, met):
        with met, undone():
            happen(met)
        assert ours.deliveries() == []
        with met:
            assert not DueWork.objects.filter(kind=SEND).exists()

    def test_after_a_fault_the_same_thing_comes_again(self, ours, receiver, met, clock):
        receiver.status, receiver.text = 500, "out of order"
        happen(met)
        run()
        (delivery,) = ours.deliveries()
        assert (delivery.state, delivery.status, delivery.answer) == (
            State.WAITING,
            500,
            "out of order",
        )
        receiver.status = 200
        assert run() == 0  # not before its time
        clock.shift(timedelta(seconds=6))
        run()
        first, second = receiver.calls
        assert (first.id, first.body) == (second.id, second.body)
        assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
        assert ours.deliveries()[0].state == State.DELIVERED

    def test_a_worker_killed_before_it_noted_the_answer_sends_again(self, ours, receiver, met):
        happen(met)
        (delivery,) = ours.deliveries()
        with met, undone():
            deliver_event(subject_id=delivery.id)
        run()
        assert [call.id for call in receiver.calls] == [str(delivery.id)] * 2


class TestBackingOff:
    def test_ten_attempts_in_three_days(self, ours, receiver, met, clock):
        receiver.status = 500
        happen(met)
        began = timezone.now()
        run()
        for delay in DELAYS:
            wait = next_attempt(ours) - timezone.now()
            assert delay <= wait <= delay * (1 + JITTER)
            clock.move_to(next_attempt(ours))
            run()
        (delivery,) = ours.deliveries()
        assert (delivery.state, delivery.attempts, len(receiver.calls)) == (State.FAILED, 10, 10)
        assert timedelta(days=3) < timezone.now() - began < timedelta(days=3.5)
        assert len({call.id for call in receiver.calls}) == 1
        assert run() == 0

    def test_it_waits_as_long_as_it_is_asked_to(self, ours, receiver, met, clock):
        receiver.status, receiver.headers = 429, {"Retry-After": "3600"}
        happen(met)
        run()
        assert next_attempt(ours) - timezone.now() >= timedelta(hours=1)

    def test_one_silence_is_waited_for_once(self, ours, receiver, met, clock):
        """Five events for a server that does not answer: one attempt, not five."""
        receiver.fault = "drop"
        for _time in range(5):
            happen(met)
        run()
        assert len(receiver.calls) == 1
        assert ours.now().quiet_until > timezone.now()
        receiver.fault = ""
        clock.shift(timedelta(seconds=7))
        run()
        assert [one.state for one in ours.deliveries()] == [State.DELIVERED] * 5
        assert (ours.now().failing_since, ours.now().quiet_until) == (None, None)

    def test_a_name_that_has_become_private_is_not_called(
        self, ours, receiver, met, settings, clock
    ):
        settings.WEBHOOK_ALLOW_PRIVATE = False
        happen(met)
        run()
        (delivery,) = ours.deliveries()
        assert (delivery.state, delivery.status) == (State.WAITING, None)
        assert delivery.fault == "https"  # the first thing that is wrong with the receiver's
        with met:
            Subscription.objects.update(url="https://127.0.0.1/", quiet_until=None)
        clock.move_to(next_attempt(ours))
        run()
        assert ours.deliveries()[0].fault == "private"
        assert receiver.calls == []

    def test_a_secret_that_cannot_be_read_any_more(self, ours, receiver, met, settings, clock):
        """It waits as for a server that is down: the key may come back."""
        key, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
        happen(met)
        run()
        assert ours.deliveries()[0].fault == "secret"
        settings.SECRET_KEY_FALLBACKS = [key]
        clock.move_to(next_attempt(ours))
        run()
        assert receiver.calls[0].verify(ours.secret)

    def test_a_refused_event_does_not_hold_up_the_others(self, subscribed, receiver, met, clock):
        ours = subscribed("placement.requested")
        receiver.status = 400
        happen(met)
        run()
        receiver.status = 200
        clock.shift(timedelta(seconds=1))
        happen(met)
        run()
        assert [one.state for one in ours.deliveries()] == [State.WAITING, State.DELIVERED]


class TestSwitchedOff:
    def test_after_days_of_failure_and_its_maker_is_told(self, ours, receiver, met, clock):
        receiver.status = 500
        happen(met)
        run()
        clock.shift(FAILS_FOR + timedelta(minutes=1))
        run()
        assert ours.now().off == Off.FAILING
        with met:
            notice = Notice.objects.get(kind="webhook_failing")
            entry = Entry.objects.get(action="webhook_switched_off")
        assert (notice.person_id, notice.data["webhook"]) == (ours.person.id, str(ours.id))
        assert entry.actor is None
        calls = len(receiver.calls)
        happen(met)  # nothing is planned for it any more
        run()
        assert len(receiver.calls) == calls
        assert {one.state for one in ours.deliveries()} == {State.FAILED}

    def test_one_success_begins_the_count_anew(self, ours, receiver, met, clock):
        receiver.status = 500
        happen(met)
        run()
        receiver.status = 200
        clock.shift(timedelta(days=4))
        run()
        receiver.status = 500
        happen(met)
        run()
        clock.shift(timedelta(days=2))
        run()
        assert ours.now().off == Off.NO

    def test_gone_is_gone(self, ours, receiver, met):
        receiver.status = 410
        happen(met)
        run()
        assert ours.now().off == Off.GONE
        (delivery,) = ours.deliveries()
        assert (delivery.state, delivery.status) == (State.FAILED, 410)
        with met:
            assert Notice.objects.filter(kind="webhook_gone", person=ours.person).count() == 1

    def test_on_again_it_begins_afresh(self, ours, receiver, met):
        receiver.status = 410
        happen(met)
        run()
        receiver.status = 200
        with met:
            change_subscription(actor=ours.person, subscription_id=ours.id, is_on=True)
        happen(met)
        run()
        assert [one.state for one in ours.deliveries()] == [State.FAILED, State.DELIVERED]

    def test_by_hand_what_waits_is_given_up(self, ours, receiver, met):
        happen(met)
        with met:
            change_subscription(actor=ours.person, subscription_id=ours.id, is_on=False)
        run()
        assert receiver.calls == []
        (delivery,) = ours.deliveries()
        assert (delivery.state, delivery.fault) == (State.FAILED, "off")

    def test_removed_nothing_is_left(self, ours, receiver, met):
        happen(met)
        with met:
            unsubscribe(actor=ours.person, subscription_id=ours.id)
        run()
        assert receiver.calls == []
        with met:
            assert not Delivery.objects.exists()


class TestLog:
    def test_sent_again_with_the_id_it_had(self, ours, receiver, met):
        happen(met)
        run()
        (delivery,) = ours.deliveries()
        with met:
            send_again(actor=ours.person, subscription_id=ours.id, delivery_id=delivery.id)
        run()
        first, second = receiver.calls
        assert (first.id, first.body) == (second.id, second.body)

    def test_not_while_it_is_off(self, ours, receiver, met):
        happen(met)
        with met:
            change_subscription(actor=ours.person, subscription_id=ours.id, is_on=False)
            with pytest.raises(Refused) as refusal:
                send_again(
                    actor=ours.person,
                    subscription_id=ours.id,
                    delivery_id=ours.deliveries()[0].id,
                )
        assert refusal.value.code == "off"

    def test_a_test_event_goes_even_while_it_is_off(self, ours, receiver, met):
        with met:
            change_subscription(actor=ours.person, subscription_id=ours.id, is_on=False)
            send_test(actor=ours.person, subscription_id=ours.id)
        run()
        (call,) = receiver.calls
        assert call.verify(ours.secret)["type"] == "webhook.test"

    def test_a_test_that_fails_is_over_at_once(self, ours, receiver, met):
        receiver.status = 500
        with met:
            send_test(actor=ours.person, subscription_id=ours.id)
        run()
        (delivery,) = ours.deliveries()
        assert (delivery.state, delivery.status) == (State.FAILED, 500)
        assert ours.now().failing_since is None

    def test_it_is_kept_for_thirty_days(self, ours, receiver, met, clock):
        happen(met)
        run()
        clock.shift(KEPT_FOR - timedelta(hours=1))
        run()
        assert len(ours.deliveries()) == 1
        clock.shift(timedelta(days=1, hours=1))
        run()
        assert ours.deliveries() == []
        assert ours.now().off == Off.NO
