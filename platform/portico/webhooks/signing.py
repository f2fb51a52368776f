"""Signatures as Standard Webhooks has them, and the secrets they are made with.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md:
`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several, with spaces between,
while a secret is being replaced.
"""

import base64
import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from portico.accounts.encryption import decrypt, encrypt
from portico.webhooks.models import Subscription

PREFIX = "whsec_"
SECRET_BYTES = 32  # the specification asks for 24 to 64
OLD_SIGNS_FOR = timedelta(hours=24)
_PURPOSE = "webhook"


def new_secret() -> str:
    """A secret as the receiver is shown it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def keep(secret: str) -> str:
    """*secret* as it is stored: encrypted with a key made from SECRET_KEY."""
    return encrypt(text=secret, purpose=_PURPOSE)


def signed_headers(
    *, subscription: Subscription, webhook_id: uuid.UUID, at: datetime, body: bytes
) -> dict[str, str]:
    """The three headers for *body* sent at *at* (aware).

    A secret that was replaced signs beside the new one for OLD_SIGNS_FOR.
    """
    moment = int(at.timestamp())
    kept = [subscription.secret]
    until = subscription.old_secret_until
    if subscription.old_secret and until is not None and at < until:
        kept.append(subscription.old_secret)
    said = f"{webhook_id}.{moment}.".encode() + body
    return {
        "webhook-id": str(webhook_id),
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(_sign(said, with_secret=secret) for secret in kept),
    }


def _sign(said: bytes, *, with_secret: str) -> str:
    secret = decrypt(text=with_secret, purpose=_PURPOSE)
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
