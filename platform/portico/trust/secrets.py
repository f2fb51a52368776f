"""Secrets at rest: AES and HMAC (Fernet), a key for each purpose, made from SECRET_KEY.

Who has a backup and not the environment reads nothing. After a change of SECRET_KEY put the
old one into SECRET_KEY_FALLBACKS until every secret has been saved anew.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """The text was not encrypted with any key we have."""


def encrypt(*, text: str, purpose: str) -> str:
    """*text* as an opaque string; only `decrypt` with the same *purpose* reads it."""
    return _box(purpose).encrypt(text.encode()).decode()


def decrypt(*, text: str, purpose: str) -> str:
    """The text `encrypt` was given, or Unreadable."""
    try:
        return _box(purpose).decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise Unreadable(purpose) from error


def _box(purpose: str) -> MultiFernet:
    return MultiFernet(
        [
            Fernet(_key(secret, purpose))
            for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ]
    )


def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"portico {purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))
