"""There and back: the address a browser is sent to, and what its return is worth.

OpenID Connect Core 1.0, 3.1; PKCE by RFC 7636; what a client checks by RFC 9700.
"""

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from portico.accounts.encryption import Unreadable
from portico.signin.oidc.discovery import Endpoints, endpoints, signing_key
from portico.signin.oidc.fetch import ProviderError, get_json, post_form
from portico.trust.models import Provider
from portico.trust.queries import client_secret

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]  # no shared secrets
LEEWAY = 60  # seconds two clocks may differ
SCOPES = "openid email profile"


class NotBelieved(Exception):
    """The provider's answer does not hold; the message is for the log and names no person."""


@dataclass(frozen=True)
class Journey:
    """What the browser's session keeps while somebody is at the provider."""

    provider: str
    nonce: str
    verifier: str
    next: str
    at: float  # POSIX seconds

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def set_out(
    *, provider: Provider, redirect_uri: str, next_path: str, now: float
) -> tuple[str, str, Journey]:
    """The address to send the browser to, the state, and what to keep under it."""
    where = endpoints(provider.issuer)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if provider.kind == "google" and len(provider.belongs_to) == 1:
        asked["hd"] = provider.belongs_to[0]  # only a hint; claims.py checks the answer
    journey = Journey(str(provider.id), nonce, verifier, next_path, now)
    joint = "&" if "?" in where.authorization else "?"
    return f"{where.authorization}{joint}{urlencode(asked)}", state, journey


def come_back(
    *, provider: Provider, journey: Journey, code: str, redirect_uri: str
) -> dict[str, Any]:
    """What the provider says of who came back: the claims of a token that holds.

    ProviderError when it cannot be asked, NotBelieved when the answer is not for us, not
    from it, not of this journey, or too old.
    """
    where = endpoints(provider.issuer)
    answer = _exchange(where, provider, journey, code, redirect_uri)
    if not isinstance(answer.get("id_token"), str):
        raise NotBelieved("no id token")
    claims = _read_token(where, provider, answer["id_token"])
    if not secrets.compare_digest(str(claims.get("nonce", "")), journey.nonce):
        raise NotBelieved("another nonce")
    if not claims.get("email") and where.userinfo and answer.get("access_token"):
        more = get_json(where.userinfo, token=str(answer["access_token"]))
        if more.get("sub") != claims["sub"]:
            raise NotBelieved("userinfo of somebody else")
        claims = {**more, **claims}
    return claims


def _exchange(
    where: Endpoints, provider: Provider, journey: Journey, code: str, redirect_uri: str
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": journey.verifier,
    }
    try:
        secret, headers = client_secret(provider), {}
    except Unreadable as error:
        raise ProviderError("its secret was made with another SECRET_KEY: fill it in") from error
    if where.basic:
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        form |= {"client_id": provider.client_id, "client_secret": secret}
    return post_form(where.token, form, headers=headers)


def _read_token(where: Endpoints, provider: Provider, token: str) -> dict[str, Any]:
    try:
        key = signing_key(where=where.keys, key_id=jwt.get_unverified_header(token).get("kid"))
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=where.issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError as error:
        raise NotBelieved(type(error).__name__) from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if several and claims.get("azp") != provider.client_id:
        raise NotBelieved("made for another client")
    return claims
