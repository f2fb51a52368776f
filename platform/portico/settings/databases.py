"""Database settings from libpq addresses, parsed by libpq itself.

django-environ does not understand sockets and options in an address; psycopg does.
"""

import hashlib
import hmac
import re
from typing import Any

from psycopg.conninfo import conninfo_to_dict

MOST_TENANTS = 100  # a connection meets before it is ended: 0.3 MB each
WEB_LOGIN = "portico_web"  # the site's login: owns nothing, takes a tenant's role
REPLICA_CONNECT_SECONDS = "2"  # a page waits no longer for a replica that is gone
# A comma may stand inside an address (several hosts), so an address begins where its scheme does.
_BETWEEN_ADDRESSES = re.compile(r"[\s,]+(?=postgres(?:ql)?://)")


def database(address: str) -> dict[str, Any]:
    """Django's dictionary for a libpq address (`postgresql://…` or `host=… dbname=…`)."""
    parts = {key: str(value) for key, value in conninfo_to_dict(address).items() if value}
    return {
        "ENGINE": "tenants.backend",
        "NAME": parts.pop("dbname", "portico"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
    }


def databases(
    *, owner_address: str, web_address: str, secret: str, replica_addresses: str = ""
) -> dict[str, dict[str, Any]]:
    """The aliases: `default`, the site's login, and `owner`, for migrations; and the replicas.

    Without *web_address* the site's login is at the owner's server, with a password
    made from *secret*, which `portico setup` gives to the role. *replica_addresses*, with
    spaces or commas between, become `replica1`, `replica2`, …: what an address does not say
    (login, password, database) is as at `default`, whose copies they are.
    """
    owner = {**database(owner_address), "TENANT_ROLES": False}
    if web_address:
        web = database(web_address)
    else:
        web = {**database(owner_address), "USER": WEB_LOGIN, "PASSWORD": web_password(secret)}
    web.update(
        TENANT_ROLES=True,
        MOST_TENANTS=MOST_TENANTS,
        CONN_MAX_AGE=None,
        CONN_HEALTH_CHECKS=True,
        DISABLE_SERVER_SIDE_CURSORS=True,  # they outlive a transaction behind a pooler
    )
    replicas = [_replica(address, of=web) for address in split_addresses(replica_addresses)]
    if replicas:
        web["NOTES_WRITES"] = True  # see tenants.backend: where a commit stands in the log
    named = {f"replica{number}": one for number, one in enumerate(replicas, start=1)}
    return {"default": web, "owner": owner, **named}


def web_password(secret: str) -> str:
    """The password of the site's login where no address names one."""
    return hmac.new(secret.encode(), WEB_LOGIN.encode(), hashlib.sha256).hexdigest()[:40]


def split_addresses(addresses: str) -> list[str]:
    """The addresses in *addresses*, each with its scheme, spaces or commas between."""
    return [one for one in _BETWEEN_ADDRESSES.split(addresses.strip(" ,\n\t")) if one]


def _replica(address: str, *, of: dict[str, Any]) -> dict[str, Any]:
    said = database(address)
    options = {"connect_timeout": REPLICA_CONNECT_SECONDS, **said["OPTIONS"]}
    if "dbname" not in conninfo_to_dict(address):
        said["NAME"] = of["NAME"]
    found = {key: value for key, value in said.items() if value}
    return {**of, **found, "OPTIONS": options, "REPLICA": True}
