"""A passkey in software: answers what a server asks as a phone would, or wrongly, if told to."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftPasskey:
    """One key pair for one host."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.origin = f"http://{host}"
        self.id = secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.user_handle = b""

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}
        return json.dumps(said).encode()

    def _data(self, flags: int, credential: bytes = b"") -> AuthenticatorData:
        host = hashlib.sha256(self.host.encode()).digest()
        return AuthenticatorData(host + bytes([flags]) + bytes(4) + credential)

    def registration(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.create` gives for *options* (`creation_options`)."""
        asked = options["publicKey"]
        self.user_handle = _bytes(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.id, public)
        data = self._data(PRESENT | VERIFIED | NEW, bytes(credential))
        return self._credential(
            clientDataJSON=_text(self._client_data("create", asked["challenge"])),
            attestationObject=_text(bytes(AttestationObject.create("none", data, {}))),
            transports=["internal"],
        )

    def assertion(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.get` gives for *options* (`request_options`)."""
        client_data = self._client_data("get", options["publicKey"]["challenge"])
        data = bytes(self._data(PRESENT | VERIFIED))
        signed = data + hashlib.sha256(client_data).digest()
        return self._credential(
            clientDataJSON=_text(client_data),
            authenticatorData=_text(data),
            signature=_text(self.key.sign(signed, ec.ECDSA(SHA256()))),
            userHandle=_text(self.user_handle),
        )

    def _credential(self, **response: Any) -> dict[str, Any]:
        return {
            "type": "public-key",
            "id": _text(self.id),
            "rawId": _text(self.id),
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }


def made_up_registration(host: str) -> dict[str, Any]:
    """A passkey's registration as it is stored, for tests that only need one to be there."""
    challenge = _text(secrets.token_bytes(32))
    return SoftPasskey(host).registration(
        {"publicKey": {"challenge": challenge, "user": {"id": _text(b"somebody")}}}
    )
