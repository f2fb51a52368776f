"""Tokens of programs: made and shown once, listed, revoked; never another person's."""

import re

import pytest
from django.urls import get_resolver

from api.resource import EVERYONE
from portico.accounts.models import ApiToken
from portico.accounts.roles import Role
from portico.accounts.tokens import find_token, make_token
from portico.web.account.token_kinds import KINDS

pytestmark = pytest.mark.django_db
PATH = "/account/tokens/"
TERMS = {"name": "Nightly export", "access": "read", "only": "placements", "days": "30"}


def secret_in(response) -> str:
    return re.search(r"<code>(portico_[\w-]+)</code>", response.content.decode())[1]


@pytest.fixture
def alice(met):
    return met.coordinator()


@pytest.fixture
def client(met, alice):
    return met.client(alice)


def test_a_token_is_shown_once_and_works_within_its_scope(met, client, alice):
    made = client.post(PATH, TERMS)
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    secret = secret_in(made)
    asked = {"Authorization": f"Bearer {secret}"}
    assert met.client().get("/api/v1/placements/", headers=asked).status_code == 200
    assert met.client().get("/api/v1/sites/", headers=asked).status_code == 403
    html = client.get(PATH).content.decode()
    assert secret not in html
    for words in ("Nightly export", secret[:12], "read · Placements", "<time"):
        assert words in html


def test_a_second_click_makes_no_second_token(met, client, alice):
    client.post(PATH, TERMS)
    again = client.post(PATH, TERMS)
    assert again.status_code == 422
    assert "You have a token of this name" in again.content.decode()
    with met:
        assert ApiToken.objects.filter(person=alice).count() == 1


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"access": "all"}, {"only": "pool"}, {"days": "9999"}]
)
def test_what_is_wrong_is_said_at_its_field(met, client, wrong):
    answer = client.post(PATH, TERMS | wrong)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    with met:
        assert not ApiToken.objects.exists()


def test_a_token_may_work_until_it_is_revoked(met, client):
    secret = secret_in(client.post(PATH, TERMS | {"days": ""}))
    with met:
        token = find_token(secret=secret)
        assert token.expires_at is None
    for _ in range(2):  # a second click is harmless
        assert client.post(f"{PATH}{token.id}/revoke/").status_code == 302
    with met:
        assert find_token(secret=secret) is None
    html = client.get(PATH).content.decode()
    assert "does not work any more" in html
    assert str(token.id) not in html


def test_another_persons_token_is_not_there(met, client):
    with met:
        token, secret = make_token(person=met.person("teacher"), name="Theirs")
    assert "Theirs" not in client.get(PATH).content.decode()
    assert client.post(f"{PATH}{token.id}/revoke/").status_code == 404
    with met:
        assert find_token(secret=secret)


def test_staff_find_it_in_the_menu_and_students_do_not(met, bronx, client):
    link = f'href="{PATH}"'
    assert link in client.get("/notices/").content.decode()
    assert link in bronx.client(bronx.partner_staff()).get("/notices/").content.decode()
    student = met.client(met.student())
    assert link not in student.get("/notices/").content.decode()
    assert student.get(PATH).status_code == 403


@pytest.mark.parametrize("host", ["school", "region"])
def test_the_form_offers_every_kind_staff_can_use_with_a_token(host):
    offered = set()
    for pattern in get_resolver("api.urls").url_patterns:
        view = getattr(pattern.callback, "cls", None)
        if view is None or not hasattr(view, "kind") or view.browser_only:
            continue
        roles = frozenset().union(*view.roles.values()) if view.roles else EVERYONE
        if host in view.hosts and roles - {Role.STUDENT}:
            offered.add(view.kind)
    assert set(KINDS[host]) == offered
