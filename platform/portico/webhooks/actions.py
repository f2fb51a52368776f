"""Subscribing, and everything that changes a subscription. History keeps the host of an
address, never all of it: some receivers are known by a secret in the path."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.audit.actions import record
from portico.due.actions import plan_work
from portico.webhooks.events import SCHOOL, events_for
from portico.webhooks.models import Delivery, Subscription
from portico.webhooks.planning import LOG, tidied_next
from portico.webhooks.rules import partner_of, require_subscriber, subscriptions_of
from portico.webhooks.sending import check_address
from portico.webhooks.signing import OLD_SIGNS_FOR, keep, new_secret
from tenants.context import current_schema, kind_of
from tenants.errors import Refused

MOST_SUBSCRIPTIONS = 20
_A_MOMENT = timedelta(minutes=1)
CHANGEABLE = frozenset({"name", "url", "events", "names_students", "is_on"})


@transaction.atomic
def subscribe(
    *,
    actor: Person,
    name: str,
    url: str,
    events: Collection[str],
    names_students: bool = False,
) -> tuple[Subscription, str]:
    """A new subscription and its secret, which is shown once.

    Refused: `forbidden`, `name`, `taken`, `events`, `names_students`, `too_many`, and what
    NotCallable says of *url*.
    """
    require_subscriber(actor)
    partner_id = partner_of(actor)
    others = Subscription.objects.filter(partner_id=partner_id)
    if others.count() >= MOST_SUBSCRIPTIONS:
        raise Refused("too_many", _("Twenty are enough; remove one first."))
    secret = new_secret()
    subscription = Subscription(
        name=_checked_name(name, others),
        url=_checked_url(url),
        events=_checked_events(events),
        names_students=_checked_names(names_students),
        partner_id=partner_id,
        secret=keep(secret),
        made_by=actor,
    )
    subscription.save()
    plan_work(kind=LOG, subject_id=subscription.id, due_at=tidied_next())
    record(action="webhook_added", subject=subscription, actor=actor, after=_told(subscription))
    return subscription, secret


@transaction.atomic
def change_subscription(*, actor: Person, subscription_id: uuid.UUID, **facts: Any) -> Subscription:
    """Change what is named in *facts*: name, url, events, names_students, is_on.

    Subscription.DoesNotExist for somebody else's. Switched on again, a subscription that had
    failed begins afresh; switched off, what waited for it is given up.
    """
    if unknown := facts.keys() - CHANGEABLE:
        raise TypeError(f"not changed here: {sorted(unknown)}")
    subscription = _locked(actor, subscription_id)
    before = _told(subscription)
    if "name" in facts:
        others = Subscription.objects.filter(partner_id=subscription.partner_id)
        subscription.name = _checked_name(facts["name"], others.exclude(id=subscription.id))
    if "url" in facts and facts["url"] != subscription.url:
        subscription.url = _checked_url(facts["url"])
        subscription.quiet_until = None
    if "events" in facts:
        subscription.events = _checked_events(facts["events"])
    if "names_students" in facts:
        subscription.names_students = _checked_names(facts["names_students"])
        if not subscription.names_students:
            subscription.deliveries.exclude(names={}).update(names={})
    if facts.get("is_on") and not subscription.is_on:
        subscription.off = Subscription.Off.NO
        subscription.failing_since = subscription.quiet_until = None
    elif facts.get("is_on") is False and subscription.is_on:
        subscription.off = Subscription.Off.BY_HAND
        give_up_waiting(subscription)
    subscription.save()
    after = _told(subscription)
    changed = {key for key, value in after.items() if before[key] != value}
    if changed:
        record(
            action="webhook_changed",
            subject=subscription,
            actor=actor,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
    return subscription


@transaction.atomic
def rotate_secret(*, actor: Person, subscription_id: uuid.UUID) -> tuple[Subscription, str]:
    """A new secret, shown once. The old one signs as well for another 24 hours.

    Refused `just_replaced` within a minute: a second click would cut off the one in use.
    """
    subscription = _locked(actor, subscription_id)
    now, until = timezone.now(), subscription.old_secret_until
    if until is not None and now < until - OLD_SIGNS_FOR + _A_MOMENT:
        raise Refused("just_replaced", _("It was replaced a moment ago."))
    secret = new_secret()
    subscription.old_secret = subscription.secret
    subscription.old_secret_until = now + OLD_SIGNS_FOR
    subscription.secret = keep(secret)
    subscription.save(update_fields=["secret", "old_secret", "old_secret_until"])
    record(
        action="webhook_secret_replaced",
        subject=subscription,
        actor=actor,
        after={"old_until": subscription.old_secret_until},
    )
    return subscription, secret


@transaction.atomic
def unsubscribe(*, actor: Person, subscription_id: uuid.UUID) -> None:
    """Nothing is sent any more, and the log goes with it. Subscription.DoesNotExist if none."""
    subscription = _locked(actor, subscription_id)
    record(action="webhook_removed", subject=subscription, actor=actor, before=_told(subscription))
    subscription.delete()


def switch_off(subscription: Subscription, *, why: str, since: datetime | None = None) -> None:
    """The receiver's own doing (*why*: Off.FAILING or Off.GONE): off, and history says so."""
    before = _told(subscription)
    subscription.off = why
    subscription.save(update_fields=["off"])
    give_up_waiting(subscription)
    record(
        action="webhook_switched_off",
        subject=subscription,
        actor=None,
        before=before,
        after={**_told(subscription), "since": since},
    )


def give_up_waiting(subscription: Subscription) -> None:
    """What waits for a subscription that is off; each can be sent again once it is on."""
    subscription.deliveries.filter(state=Delivery.State.WAITING).update(
        state=Delivery.State.FAILED, next_attempt_at=None, fault="off"
    )


def _locked(actor: Person, subscription_id: uuid.UUID) -> Subscription:
    require_subscriber(actor)
    return subscriptions_of(actor).select_for_update().get(id=subscription_id)


def _checked_name(name: str, others: QuerySet[Subscription]) -> str:
    """One of a name: two could not be told apart, and a second click makes no second one."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Refused("name", _("Say what it is for, in at most 80 letters."), field="name")
    if others.filter(name=name).exists():
        raise Refused("taken", _("There is one of this name already."), field="name")
    return name


def _checked_url(url: str) -> str:
    url = url.strip()
    if len(url) > 500:
        raise Refused("url", _("The address is longer than 500 letters."), field="url")
    check_address(url)
    return url


def _checked_events(events: Collection[str]) -> list[str]:
    known = [event.kind for event in events_for(kind_of(current_schema()))]
    if not events or not set(events) <= set(known):
        raise Refused("events", _("Choose one or more of the events."), field="events")
    return [kind for kind in known if kind in events]


def _checked_names(names_students: bool) -> bool:
    if names_students and kind_of(current_schema()) != SCHOOL:
        raise Refused(
            "names_students", _("Students' names stay in their school."), field="names_students"
        )
    return names_students


def _told(subscription: Subscription) -> dict[str, Any]:
    return {
        "name": subscription.name,
        "host": read_host(subscription.url),
        "events": subscription.events,
        "names_students": subscription.names_students,
        "off": subscription.off,
    }


def read_host(url: str) -> str:
    """The host of an address that was checked when it was typed."""
    return url.partition("://")[2].partition("/")[0]
