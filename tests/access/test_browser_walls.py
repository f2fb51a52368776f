"""What protects a browser: headers, cookies, forms of other sites, addresses, links, errors."""

import importlib
import os
import sys
from datetime import timedelta
from urllib.parse import quote

import psycopg
import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from portico.accounts.links import LinkError, find_link, make_link
from portico.accounts.models import LinkToken, Person
from portico.audit.models import Entry
from portico.signin.session_store import SessionStore
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
PATHS = ["/", "/sign-in/", "/nowhere/", "/theme.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(met, path):
    answer = met.client(met.student()).get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "form-action 'self'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers


def test_pages_about_people_are_kept_by_nobody(met):
    """A shared computer's back button, a proxy: neither has a page with names."""
    for person, path in ((met.student(), "/"), (met.coordinator(), "/coordinator/placements/")):
        answer = met.client(person).get(path)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert "private" in answer.headers["Cache-Control"]


def test_no_script_or_style_stands_in_a_page(met):
    page = met.client(met.coordinator()).get("/coordinator/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    for script in page.split("<script")[1:]:
        assert " src=" in script.partition(">")[0] or "application/json" in script.partition(">")[0]


def test_cookies_belong_to_one_host_and_scripts_do_not_read_the_session(met):
    person = met.student(password=PASSWORD)
    answer = met.client().post("/sign-in/", {"username": person.email, "password": PASSWORD})
    session = answer.cookies["portico_session"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert session["domain"] == ""
    assert session["path"] == "/"


def test_in_production_cookies_and_addresses_are_https_only(monkeypatch):
    given = {
        "SECRET_KEY": "k" * 50,
        "DATABASE_URL": "postgresql://portico@localhost/portico",
        "REDIS_URL": "redis://localhost:6379/0",
        "BASE_HOST": "portico.example.org",
        "EMAIL_URL": "smtp://localhost:25",
        "SITE_SCHEME": "https",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    names = [name for name in sys.modules if name.startswith("portico.settings")]
    kept = {name: sys.modules.pop(name) for name in names}
    try:
        prod = importlib.import_module("portico.settings.prod")
    finally:
        for name in [name for name in sys.modules if name.startswith("portico.settings")]:
            del sys.modules[name]
        sys.modules.update(kept)
    assert prod.DEBUG is False
    assert prod.SESSION_COOKIE_SECURE
    assert prod.CSRF_COOKIE_SECURE
    assert prod.SECURE_SSL_REDIRECT
    assert prod.SECURE_HSTS_SECONDS >= 31_536_000
    assert prod.ALLOWED_HOSTS == [".portico.example.org", "portico.example.org"]
    assert prod.OUTBOX_DIR is None


def test_a_form_of_another_site_does_nothing(met):
    person = met.coordinator()
    offer = met.opportunity()
    client = Client(SERVER_NAME=met.host, enforce_csrf_checks=True)
    with met:
        client.force_login(person)
    answer = client.post(f"/coordinator/opportunities/{offer.id}/state/", {"action": "pause"})
    assert answer.status_code == 403
    with met:
        offer.refresh_from_db()
    assert offer.state == "published"


@pytest.mark.parametrize("host", ["evil.example.org", "bronx.localhost.evil.example.org"])
def test_a_forged_host_gets_nothing(host):
    assert Client(SERVER_NAME=host).get("/sign-in/").status_code == 400


def test_an_unknown_school_is_as_unknown_as_any(met):
    assert Client(SERVER_NAME="nowhere.bronx.localhost").get("/").status_code == 404
    assert Client(SERVER_NAME="met.queens.localhost").get("/").status_code == 404


def test_a_forwarded_host_is_not_believed(met):
    answer = met.client().get("/", headers={"X-Forwarded-Host": "evil.example.org"})
    assert "evil.example.org" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example.org/",
        "//evil.example.org/",
        "/\\evil.example.org",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_led_elsewhere(met, target):
    person = met.student(password=PASSWORD)
    answer = met.client().post(
        f"/sign-in/?next={quote(target)}",
        {"username": person.email, "password": PASSWORD, "next": target},
    )
    assert answer.headers["Location"] == "/"
    answer = met.client(person).post("/language/", {"language": "es", "next": target})
    assert answer.headers["Location"] == "/"


def test_signing_in_changes_the_session_and_signing_out_ends_it(met):
    person = met.student(password=PASSWORD)
    client = met.client()
    with met:
        planted = SessionStore()
        planted["planted"] = "by somebody else"
        planted.save()
    before = client.cookies["portico_session"] = planted.session_key
    client.post("/sign-in/", {"username": person.email, "password": PASSWORD})
    signed_in = client.cookies["portico_session"].value
    assert signed_in != before
    client.post("/sign-out/")
    client.cookies["portico_session"] = signed_in
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_a_new_password_ends_the_other_sessions(met):
    person = met.student(password=PASSWORD)
    client = met.client(person)
    assert client.get("/").status_code == 200
    with met:
        again = Person.objects.get(id=person.id)
        again.set_password("a new and better passphrase")
        again.save()
    assert client.get("/").status_code == 302


def test_a_link_is_for_one_purpose_one_use_and_a_week(met):
    person = met.student()
    purpose = LinkToken.Purpose.SET_PASSWORD
    with met:
        secret = make_link(purpose=purpose, person=person)
        kept = LinkToken.objects.get(person=person)
        assert secret not in str(vars(kept))  # only its hash is
        with pytest.raises(LinkError, match="unknown"):
            find_link(secret=secret, purpose=LinkToken.Purpose.APPROVE_START)
    client = met.client()
    assert (
        client.get(f"/invitation/{secret}/").status_code == 200
    )  # a scanner's look changes nothing
    chosen = dict.fromkeys(("password", "again"), "a new and better passphrase")
    assert client.post(f"/invitation/{secret}/", chosen).status_code == 302
    assert met.client().post(f"/invitation/{secret}/", chosen).status_code == 410
    with met:
        late = make_link(purpose=purpose, person=person)
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1), tick=False):
        assert met.client().get(f"/invitation/{late}/").status_code == 410


def test_an_unknown_address_takes_a_hash_as_a_known_one_does(met, monkeypatch):
    """Timing: the same costly step is taken whether or not somebody has the address."""
    from django.contrib.auth import hashers

    person = met.student(password=PASSWORD)
    hashed: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def count(self, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", count)
    for email in (person.email, "nobody@example.org"):
        hashed.clear()
        met.client().post("/sign-in/", {"username": email, "password": "wrong"})
        assert hashed == ["wrong"], email


def test_what_breaks_shows_no_inside(met):
    """A fault while a page is made: 500, our page, no trace, nothing of it kept."""
    client = Client(SERVER_NAME=met.host, raise_request_exception=False)
    with met:
        client.force_login(met.coordinator())
    rights = 'ON bronx__met.catalog_site {} "bronx__met"'
    database = connections["default"].settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=database, autocommit=True) as owner:
        owner.execute("REVOKE ALL " + rights.format("FROM"))
        try:
            answer = client.get("/coordinator/sites/")
        finally:
            owner.execute("GRANT SELECT, INSERT, UPDATE, DELETE " + rights.format("TO"))
    assert answer.status_code == 500
    for inside in (b"Traceback", b"catalog_site", b"permission denied", b"django"):
        assert inside not in answer.content


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),  # nobody of ours wrote it
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the first is the visitor's own word
        (2, "198.51.100.1, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (1, "not an address", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_proxy_saw(met, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    person = met.coordinator()
    offer = met.opportunity()
    met.client(person).post(
        f"/coordinator/opportunities/{offer.id}/state/",
        {"action": "pause"},
        headers={"X-Forwarded-For": forwarded},
    )
    with met:
        entry = Entry.objects.get(action="opportunity_pause")
    assert (entry.via, entry.address) == ("web", address)
