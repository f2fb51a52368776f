"""Sending what waits. At least once, backing off over three days, then given up.

No row is locked while the receiver is talked to. A crash after its answer and before the
commit sends it again, with the same webhook-id. One receiver that does not answer costs ten
seconds a while, not ten seconds for each event that waits for it: until then the others of
its events are put off unasked.
"""

import json
import logging
import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from portico.accounts.encryption import Unreadable
from portico.notices.actions import tell
from portico.outgoing.addresses import NotCallable
from portico.outgoing.asking import NoAnswer
from portico.webhooks.actions import read_host, switch_off
from portico.webhooks.events import TEST
from portico.webhooks.models import Delivery, Subscription
from portico.webhooks.planning import KEPT_FOR, tidied_next
from portico.webhooks.sending import Answer, post
from portico.webhooks.signing import signed_headers

log = logging.getLogger(__name__)

# The schedule Standard Webhooks recommends: ten attempts in 75 hours.
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.1  # of a delay, on top: a receiver that was down is not hit by all of it at once
LONGEST_QUIET = timedelta(minutes=15)
FAILS_FOR = timedelta(days=5)
GONE = 410
BUSY = (429, 503)
USER_AGENT = "Portico-Webhooks/1"


def deliver_event(*, subject_id: uuid.UUID) -> datetime | None:
    """Due work: send one waiting delivery. None: nothing is left to do; else when to try again."""
    delivery = (
        Delivery.objects.select_related("subscription__made_by")
        .filter(id=subject_id, state=Delivery.State.WAITING)
        .first()
    )
    if delivery is None:
        return None
    subscription = delivery.subscription
    if not subscription.is_on and delivery.event != TEST:
        _give_up(delivery, fault="off")
        return None
    if subscription.quiet_until is not None and subscription.quiet_until > timezone.now():
        return _later(subscription.quiet_until, subscription.quiet_until - timezone.now())
    delivery.attempts += 1
    delivery.tried_at = timezone.now()
    delivery.status, delivery.answer, delivery.fault = None, "", ""
    try:
        answer = _send(delivery)
    except Unreadable:  # SECRET_KEY was replaced without SECRET_KEY_FALLBACKS
        delivery.fault = "secret"
        return _failed(delivery, is_silent=True)
    except (NotCallable, NoAnswer) as failure:
        delivery.fault = failure.code
        return _failed(delivery, is_silent=True)
    delivery.status, delivery.answer = answer.status, answer.text
    if 200 <= answer.status < 300:
        _arrived(delivery)
        return None
    if answer.status == GONE:
        _give_up(delivery)
        _switch_off(subscription, why=Subscription.Off.GONE)
        return None
    wait = timedelta(seconds=answer.retry_after if answer.status in BUSY else 0)
    return _failed(delivery, wait=min(wait, DELAYS[-1]))


def tidy_log(*, subject_id: uuid.UUID) -> datetime | None:
    """Due work, daily for each subscription: forget what is older than KEPT_FOR, and switch it
    off when nothing has got through for FAILS_FOR."""
    subscription = Subscription.objects.select_related("made_by").filter(id=subject_id).first()
    if subscription is None:
        return None
    old = subscription.deliveries.filter(happened_at__lt=timezone.now() - KEPT_FOR)
    old.exclude(state=Delivery.State.WAITING).delete()
    _switch_off_if_failing(subscription)
    return tidied_next()


def body_of(delivery: Delivery) -> bytes:
    """What is sent, the same bytes at every attempt: type, timestamp, data."""
    said = {
        "type": delivery.event,
        "timestamp": delivery.happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {**delivery.data, **delivery.names},
    }
    return json.dumps(said, separators=(",", ":")).encode()


def _send(delivery: Delivery) -> Answer:
    body = body_of(delivery)
    signed = signed_headers(
        subscription=delivery.subscription,
        webhook_id=delivery.id,
        at=timezone.now(),
        body=body,
    )
    headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT, **signed}
    return post(url=delivery.subscription.url, body=body, headers=headers)


def _arrived(delivery: Delivery) -> None:
    _write(delivery, state=Delivery.State.DELIVERED, next_attempt_at=None)
    Subscription.objects.filter(id=delivery.subscription_id).update(
        failing_since=None, quiet_until=None
    )


def _failed(
    delivery: Delivery, *, wait: timedelta = timedelta(), is_silent: bool = False
) -> datetime | None:
    """Try again after the schedule's delay, or the *wait* the receiver asked for if longer.

    A test is not tried again: somebody is looking at it.
    """
    if delivery.event == TEST:
        _give_up(delivery, fault=delivery.fault)
        return None
    subscription = delivery.subscription
    now = timezone.now()
    Subscription.objects.filter(id=subscription.id, failing_since=None).update(failing_since=now)
    subscription.refresh_from_db(fields=["failing_since", "off"])
    if delivery.attempts > len(DELAYS):
        _give_up(delivery, fault=delivery.fault)
        _switch_off_if_failing(subscription)
        return None
    delay = max(DELAYS[delivery.attempts - 1], wait)
    if is_silent or wait:
        quiet = now + (wait or min(delay, LONGEST_QUIET))
        Subscription.objects.filter(id=subscription.id).update(quiet_until=quiet)
    until = _later(now + delay, delay)
    _write(delivery, next_attempt_at=until)
    return None if _switch_off_if_failing(subscription) else until


def _later(moment: datetime, delay: timedelta) -> datetime:
    """*moment*, and up to a tenth of *delay* more; never before what a receiver asked for."""
    return moment + delay * random.uniform(0, JITTER)  # noqa: S311 - no secret


def _give_up(delivery: Delivery, *, fault: str = "") -> None:
    delivery.fault = fault
    _write(delivery, state=Delivery.State.FAILED, next_attempt_at=None)


def _write(delivery: Delivery, **changes: Any) -> None:
    """The outcome of an attempt; nothing where somebody has switched it off meanwhile."""
    outcome = {
        name: getattr(delivery, name)
        for name in ("attempts", "tried_at", "status", "answer", "fault")
    }
    Delivery.objects.filter(id=delivery.id, state=Delivery.State.WAITING).update(
        **outcome, **changes
    )


def _switch_off_if_failing(subscription: Subscription) -> bool:
    since = subscription.failing_since
    if not subscription.is_on or since is None or timezone.now() - since < FAILS_FOR:
        return False
    _switch_off(subscription, why=Subscription.Off.FAILING)
    return True


def _switch_off(subscription: Subscription, *, why: str) -> None:
    if not subscription.is_on:
        return
    switch_off(subscription, why=why, since=subscription.failing_since)
    log.warning("webhook switched off: id=%s why=%s", subscription.id, why)
    if subscription.made_by is not None and subscription.made_by.is_active:
        data = {
            "webhook": str(subscription.id),
            "name": subscription.name,
            "host": read_host(subscription.url),
        }
        tell(kind=f"webhook_{why}", person=subscription.made_by, data=data)
