"""A provider that takes its time holds no transaction of ours."""

from typing import Any

import psycopg
import pytest
from django.db import connections

from portico.signin.oidc.discovery import forget_providers
from tenants.context import OWNER
from tests.openid_provider import OpenIdProvider
from tests.portico.signin.conftest import go_there, person_signed_in, sign_in_with
from tests.world import School

pytestmark = pytest.mark.usefixtures("committed_db")
ASKS_US = "SELECT state FROM pg_stat_activity WHERE pid = %s"


@pytest.fixture
def seen(idp: OpenIdProvider) -> dict[str, set[str]]:
    """What state the site's connection was in while the provider was asked, by its path."""
    site = connections["default"]
    site.ensure_connection()
    address = connections[OWNER].get_connection_params()
    states: dict[str, set[str]] = {}

    def look(path: str) -> None:
        wanted = {key: address[key] for key in ("host", "port", "dbname", "user", "password")
                  if address.get(key)}  # fmt: skip
        with psycopg.connect(**wanted) as watcher:
            found = watcher.execute(ASKS_US, [site.connection.info.backend_pid]).fetchone()
        states.setdefault(path, set()).add(found[0] if found else "gone")

    idp.takes_its_time = look
    return states


def test_no_transaction_waits_for_the_provider(
    met: School, idp: OpenIdProvider, set_up: Any, seen: dict[str, set[str]]
) -> None:
    teacher = met.person("teacher", email="ana@met.example.org")
    provider = set_up(met)
    idp.person = {"sub": "one", "email": teacher.email, "email_verified": True}
    forget_providers()
    seen.clear()
    client = met.client()
    answer = sign_in_with(client, provider)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/teacher/")
    assert person_signed_in(client) == str(teacher.id)
    assert {"/.well-known/openid-configuration", "/token", "/keys"} <= seen.keys()
    assert set().union(*seen.values()) <= {"idle", "gone"}


def test_a_return_is_good_for_once_even_while_the_provider_thinks(
    met: School, idp: OpenIdProvider, set_up: Any
) -> None:
    """The journey is over before the provider is asked: the second tab finds none."""
    provider = set_up(met)
    person = met.person("teacher", email="ana@met.example.org")
    idp.person = {"sub": "one", "email": person.email, "email_verified": True}
    client, again = met.client(), []
    start = client.get(f"/sign-in/with/{provider.id}/")
    back = go_there(start.headers["Location"])

    def meanwhile(path: str) -> None:
        if path == "/token" and not again:
            other = met.client()
            other.cookies = client.cookies
            again.append(other.get(back).status_code)

    idp.takes_its_time = meanwhile
    assert client.get(back).status_code == 302
    assert again == [403]
