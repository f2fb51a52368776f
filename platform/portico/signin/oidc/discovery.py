"""Where a provider answers, and its keys; kept an hour in each process."""

import time
from dataclasses import dataclass
from typing import Any

import jwt

from portico.signin.oidc.fetch import ProviderError, get_json

KEEP_SECONDS = 3600
LOOK_AGAIN_SECONDS = 60  # a new key is looked for this often at the most


@dataclass(frozen=True)
class Endpoints:
    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str  # empty where there is none
    basic: bool  # the client's secret goes into the Authorization header


@dataclass
class _Kept:
    value: Any
    at: float


_endpoints: dict[str, _Kept] = {}
_keys: dict[str, _Kept] = {}


def endpoints(issuer: str) -> Endpoints:
    """What *issuer* says of itself; ProviderError when it says it is somebody else."""
    kept = _endpoints.get(issuer)
    if kept is not None and time.monotonic() - kept.at < KEEP_SECONDS:
        return kept.value  # type: ignore[no-any-return]
    said = get_json(f"{issuer}/.well-known/openid-configuration")
    if str(said.get("issuer", "")).rstrip("/") != issuer:
        raise ProviderError(f"{issuer}: names another issuer")
    try:
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        found = Endpoints(
            issuer=str(said["issuer"]),
            authorization=str(said["authorization_endpoint"]),
            token=str(said["token_endpoint"]),
            keys=str(said["jwks_uri"]),
            userinfo=str(said.get("userinfo_endpoint", "")),
            basic="client_secret_post" not in methods,
        )
    except KeyError as missing:
        raise ProviderError(f"{issuer}: says nothing of {missing}") from missing
    _endpoints[issuer] = _Kept(found, time.monotonic())
    return found


def signing_key(*, where: str, key_id: str | None) -> jwt.PyJWK:
    """The key *key_id* among those at *where*; looks again for one it does not know."""
    kept = _keys.get(where)
    now = time.monotonic()
    age = now - kept.at if kept else KEEP_SECONDS
    if kept is None or age >= KEEP_SECONDS:
        kept = _fetch_keys(where)
    found = _among(kept.value, key_id)
    if found is None and age >= LOOK_AGAIN_SECONDS:
        found = _among(_fetch_keys(where).value, key_id)
    if found is None:
        raise ProviderError(f"{where}: has no key of this name")
    return found


def _fetch_keys(where: str) -> _Kept:
    try:
        keys = jwt.PyJWKSet.from_dict(get_json(where)).keys
    except jwt.PyJWTError as error:
        raise ProviderError(f"{where}: no keys") from error
    _keys[where] = kept = _Kept(keys, time.monotonic())
    return kept


def _among(keys: list[jwt.PyJWK], key_id: str | None) -> jwt.PyJWK | None:
    if key_id is None:  # allowed where there is only one
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.key_id == key_id), None)


def forget_providers() -> None:
    """Drop what this process remembers."""
    _endpoints.clear()
    _keys.clear()
