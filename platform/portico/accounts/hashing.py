"""What is kept of a secret that was given out: enough to know it again, not to use it."""

import hashlib


def hash_secret(secret: str) -> str:
    """SHA-256 in hexadecimal. Only for long random secrets: a password needs a slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
