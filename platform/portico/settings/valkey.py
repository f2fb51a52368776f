"""Where Valkey is: one server, or Sentinels that know which of several is the primary.

REDIS_URL is either what redis-py takes (`redis://`, `rediss://`, `unix://`) or

    sentinel://:PASSWORD@10.0.0.31:26379,10.0.0.32:26379,10.0.0.33:26379/0?master=portico

The password (and a user before the colon) are the servers'; `&sentinel_password=` is the
Sentinels' own where they have one. Django's cache, the API's limits (both by `portico.valkey`)
and Celery all ask here, for each has another way to say it.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

PORT = 26379
SCHEME = "sentinel"
# A Sentinel that is silent is passed over at once: the next one knows the same.
ASKING = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": None}


@dataclass(frozen=True)
class Sentinels:
    """Whom to ask for the primary called *master*, and how to sign in there."""

    hosts: tuple[tuple[str, int], ...]
    master: str
    login: dict[str, str]  # username, password: those that are given
    database: int
    options: dict[str, Any]  # for connections to the Sentinels themselves


def sentinels_of(address: str) -> Sentinels | None:
    """*address* taken apart; None when it names one server. ValueError when it is half said."""
    parts = urlsplit(address)
    if parts.scheme != SCHEME:
        return None
    login, _, named = parts.netloc.rpartition("@")
    hosts = tuple(_host(each) for each in named.split(","))
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not asked.get("master"):
        raise ValueError("REDIS_URL names Sentinels but not whom to ask them for: ?master=…")
    user, _, password = login.partition(":")
    given = {"username": unquote(user), "password": unquote(password)}
    own = {"password": asked["sentinel_password"]} if "sentinel_password" in asked else {}
    return Sentinels(
        hosts=hosts,
        master=asked["master"],
        login={name: value for name, value in given.items() if value},
        database=int(parts.path.strip("/") or 0),
        options={**ASKING, **own},
    )


def _host(named: str) -> tuple[str, int]:
    parts = urlsplit(f"//{named}")
    if not parts.hostname:
        raise ValueError("REDIS_URL names no host")
    return parts.hostname, parts.port or PORT


def broker_url(address: str) -> str:
    """CELERY_BROKER_URL: kombu wants an address a Sentinel, with semicolons between."""
    sentinels = sentinels_of(address)
    if sentinels is None:
        return address
    user, password = (quote(sentinels.login.get(key, ""), "") for key in ("username", "password"))
    login = f"{user}:{password}@" if sentinels.login else ""
    return ";".join(
        f"{SCHEME}://{login}{f'[{host}]' if ':' in host else host}:{port}/{sentinels.database}"
        for host, port in sentinels.hosts
    )


def broker_options(address: str) -> dict[str, Any]:
    """What kombu must know of Sentinels beside the address."""
    sentinels = sentinels_of(address)
    if sentinels is None:
        return {}
    return {"master_name": sentinels.master, "sentinel_kwargs": sentinels.options}
