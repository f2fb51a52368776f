"""Database settings from libpq addresses, parsed by libpq itself.

django-environ does not understand sockets and options in an address; psycopg does.
"""

import hashlib
import hmac
from typing import Any

from psycopg.conninfo import conninfo_to_dict

MOST_TENANTS = 100  # a connection meets before it is ended: 0.6 MB each
WEB_LOGIN = "portico_web"  # the site's login: owns nothing, takes a tenant's role


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


def databases(*, owner_address: str, web_address: str, secret: str) -> dict[str, dict[str, Any]]:
    """The two aliases: `default`, the site's login, and `owner`, for migrations.

    Without *web_address* the site's login is at the owner's server, with a password
    made from *secret*, which `portico setup` gives to the role.
    """
    owner = {**database(owner_address), "TENANT_ROLES": False}
    if web_address:
        web = database(web_address)
    else:
        password = hmac.new(secret.encode(), WEB_LOGIN.encode(), hashlib.sha256).hexdigest()[:40]
        web = {**database(owner_address), "USER": WEB_LOGIN, "PASSWORD": password}
    web.update(
        TENANT_ROLES=True,
        MOST_TENANTS=MOST_TENANTS,
        CONN_MAX_AGE=None,
        CONN_HEALTH_CHECKS=True,
        DISABLE_SERVER_SIDE_CURSORS=True,  # they outlive a transaction behind a pooler
    )
    return {"default": web, "owner": owner}
