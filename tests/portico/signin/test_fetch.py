"""A school names its provider: that is no way to make the portal ask what is inside."""

import pytest

from portico.signin.oidc import fetch
from portico.signin.oidc.fetch import ProviderError, get_json


@pytest.fixture
def as_in_production(settings):
    settings.OIDC_ALLOW_HTTP = False


@pytest.mark.usefixtures("as_in_production")
@pytest.mark.parametrize(
    "address",
    [
        "http://accounts.example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.5/",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "file:///etc/passwd",
        "https:///nothing",
    ],
)
def test_inner_addresses_are_not_asked(address):
    with pytest.raises(ProviderError):
        get_json(address)


def test_a_redirect_is_not_followed(idp):
    idp.redirect_uris = set()
    where = (
        f"{idp.issuer}/authorize?client_id=portico-client&response_type=code"
        f"&code_challenge_method=S256&state=x&redirect_uri={idp.issuer}/keys"
    )
    with pytest.raises(ProviderError, match="302"):
        get_json(where)


def test_an_answer_too_large_is_not_read(idp, monkeypatch):
    monkeypatch.setattr(fetch, "LARGEST", 10)
    with pytest.raises(ProviderError, match="too large"):
        get_json(f"{idp.issuer}/keys")
