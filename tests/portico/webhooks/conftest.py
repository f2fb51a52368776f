"""A receiver of events, and subscriptions made through the real rules."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from portico.due.runner import run_due
from portico.webhooks.actions import subscribe
from portico.webhooks.models import Delivery, Subscription
from tests.receiver import Receiver

_numbers = itertools.count(1)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as receiver:
        yield receiver


@dataclass
class Subscribed:
    world: Any
    person: Any
    subscription: Subscription
    secret: str

    @property
    def id(self) -> Any:
        return self.subscription.id

    def now(self) -> Subscription:
        with self.world:
            return Subscription.objects.get(id=self.id)

    def deliveries(self) -> list[Delivery]:
        """Oldest first."""
        with self.world:
            return list(Delivery.objects.filter(subscription=self.id).order_by("id"))


def subscribe_to(world: Any, *events: str, person: Any, url: str, **facts: Any) -> Subscribed:
    with world:
        made, secret = subscribe(
            actor=person,
            name=facts.pop("name", f"System {next(_numbers)}"),
            url=url,
            events=events,
            **facts,
        )
    return Subscribed(world, person, made, secret)


@pytest.fixture
def subscribed(met: Any, receiver: Receiver) -> Any:
    """The Met's coordinator subscribes: `subscribed("placement.requested")`."""

    def make(*events: str, **facts: Any) -> Subscribed:
        return subscribe_to(met, *events, person=met.coordinator(), url=receiver.url, **facts)

    return make


def run() -> int:
    """One visit of the worker."""
    return run_due(region="bronx")
