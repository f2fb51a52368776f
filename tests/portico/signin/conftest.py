"""A provider that runs, and a school or region that has set it up."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from django.test import Client

from portico.accounts.models import Person
from portico.signin.oidc.discovery import forget_providers
from portico.trust.actions import add_provider, change_provider
from portico.trust.models import Provider
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, openid_provider
from tests.world import TenantWorld


@pytest.fixture
def idp() -> Iterator[OpenIdProvider]:
    with openid_provider() as provider:
        yield provider
    forget_providers()


def admin_of(world: TenantWorld) -> Person:
    role = "coordinator" if "__" in world.schema else "district_admin"
    with world:
        found = Person.objects.filter(roles__contains=[role]).first()
    return found or world.person(role)


@pytest.fixture
def set_up(idp: OpenIdProvider) -> Callable[..., Provider]:
    """`set_up(met, kind="google", …)`: the running provider, as a tenant's own."""

    def make(world: TenantWorld, kind: str = "oidc", **facts: Any) -> Provider:
        actor = admin_of(world)
        with world:
            made = add_provider(actor=actor, kind=kind, name="School account")
            facts = {"issuer": idp.issuer, "enabled": True, **facts}
            change_provider(
                actor=actor,
                provider_id=made.id,
                client_secret=CLIENT_SECRET,
                client_id=CLIENT_ID,
                **facts,
            )
            # The real Google is elsewhere: this one speaks for it.
            Provider.objects.filter(id=made.id).update(issuer=idp.issuer)
            return Provider.objects.get(id=made.id)

    return make


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *details: Any) -> None:
        return None


def go_there(address: str) -> str:
    """What a browser does at the provider: the address it is sent back to, without the host."""
    try:
        build_opener(_Stay).open(address)
    except Exception as answer:
        back = urlsplit(answer.headers["Location"])  # type: ignore[attr-defined]
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider did not send anybody back")


def sign_in_with(client: Client, provider: Provider, next_path: str = "") -> Any:
    """The whole way there and back; the answer of the last step."""
    start = client.get(f"/sign-in/with/{provider.id}/", {"next": next_path} if next_path else {})
    assert start.status_code == 302, start.content.decode()
    return client.get(go_there(start.headers["Location"]))


def person_signed_in(client: Client) -> str:
    """The id of who is signed in at *client*; empty when nobody is."""
    *school, region, _localhost = str(client.defaults["SERVER_NAME"]).split(".")
    with TenantWorld("__".join([region, *school])):
        return str(client.session.get("_auth_user_id", ""))
