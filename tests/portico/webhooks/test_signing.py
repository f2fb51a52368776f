"""Signatures, checked by the reference library; secrets, never in the clear."""

import base64
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from standardwebhooks.webhooks import WebhookVerificationError

from portico.accounts.encryption import Unreadable, decrypt, encrypt
from portico.webhooks.actions import rotate_secret
from portico.webhooks.signing import PREFIX, new_secret
from tests.portico.webhooks.conftest import run

pytestmark = pytest.mark.django_db


def test_a_secret_as_the_specification_has_it():
    secret = new_secret()
    assert secret.startswith(PREFIX)
    assert 24 <= len(base64.b64decode(secret.removeprefix(PREFIX))) <= 64
    assert new_secret() != secret


def test_the_reference_library_takes_our_signature(subscribed, receiver, met):
    ours = subscribed("placement.requested")
    met.placement(met.opportunity().id)
    run()
    (call,) = receiver.calls
    assert call.verify(ours.secret) == call.said
    with pytest.raises(WebhookVerificationError):
        call.verify(new_secret())


def test_a_replaced_secret_signs_for_another_day(subscribed, receiver, met):
    ours = subscribed("placement.requested")
    with met:
        _subscription, newer = rotate_secret(actor=ours.person, subscription_id=ours.id)
    met.placement(met.opportunity().id)
    run()
    assert receiver.calls[0].verify(ours.secret)
    assert receiver.calls[0].verify(newer)
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        met.placement(met.opportunity().id)
        run()
        assert receiver.calls[1].verify(newer)
        with pytest.raises(WebhookVerificationError):
            receiver.calls[1].verify(ours.secret)


def test_the_database_has_no_secret_in_the_clear(subscribed, met):
    ours = subscribed("placement.requested")
    with met:
        rotate_secret(actor=ours.person, subscription_id=ours.id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT s::text FROM webhooks_subscription s")
            kept = cursor.fetchone()[0]
            cursor.execute("SELECT string_agg(a::text, '') FROM audit_entry a")
            history = cursor.fetchone()[0]
    key = ours.secret.removeprefix(PREFIX)
    assert key not in kept
    assert key not in history
    assert PREFIX not in kept + history


def test_what_is_encrypted_for_one_purpose_is_for_that_one(settings):
    kept = encrypt(text="whsec_a", purpose="webhook")
    assert decrypt(text=kept, purpose="webhook") == "whsec_a"
    with pytest.raises(Unreadable):
        decrypt(text=kept, purpose="another")


def test_after_a_new_secret_key_the_old_one_still_reads(settings):
    kept = encrypt(text="whsec_a", purpose="webhook")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
    with pytest.raises(Unreadable):
        decrypt(text=kept, purpose="webhook")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert decrypt(text=kept, purpose="webhook") == "whsec_a"
