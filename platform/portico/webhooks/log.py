"""The log of what was sent: again, and a first try."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.due.actions import plan_work
from portico.webhooks.events import TEST
from portico.webhooks.models import Delivery, Subscription
from portico.webhooks.planning import SEND, plan_delivery
from portico.webhooks.rules import require_subscriber, subscriptions_of
from tenants.errors import Refused

MOST_TESTS_WAITING = 3


@transaction.atomic
def send_again(*, actor: Person, subscription_id: uuid.UUID, delivery_id: uuid.UUID) -> Delivery:
    """Send a delivery once more, with the webhook-id it had. DoesNotExist for somebody else's.

    Refused `off` while the subscription is switched off. One that waits is tried now.
    """
    require_subscriber(actor)
    subscription = subscriptions_of(actor).get(id=subscription_id)
    delivery = subscription.deliveries.select_for_update().get(id=delivery_id)
    if not subscription.is_on and delivery.event != TEST:
        raise Refused("off", _("Switch it on first."))
    delivery.state, delivery.attempts, delivery.next_attempt_at = Delivery.State.WAITING, 0, None
    delivery.save(update_fields=["state", "attempts", "next_attempt_at"])
    _forget_silence(subscription_id)
    plan_work(kind=SEND, subject_id=delivery.id, due_at=timezone.now())
    return delivery


@transaction.atomic
def send_test(*, actor: Person, subscription_id: uuid.UUID) -> Delivery:
    """Send an event of no meaning, also while it is switched off. Refused: `too_many`."""
    require_subscriber(actor)
    subscription = subscriptions_of(actor).get(id=subscription_id)
    waiting = subscription.deliveries.filter(event=TEST, state=Delivery.State.WAITING)
    if waiting.count() >= MOST_TESTS_WAITING:
        raise Refused("too_many", _("Three test events are on their way already."))
    _forget_silence(subscription_id)
    delivery = Delivery(
        subscription=subscription,
        event=TEST,
        data={"subscription": str(subscription.id), "name": subscription.name},
        happened_at=timezone.now(),
    )
    plan_delivery(delivery)
    return delivery


def _forget_silence(subscription_id: uuid.UUID) -> None:
    """Somebody waits for the outcome: try at once, even where there was no answer before."""
    Subscription.objects.filter(id=subscription_id).update(quiet_until=None)
