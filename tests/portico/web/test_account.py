"""In and out: sign-in, invitations, notices, language."""

import re

import pytest

from portico.accounts.models import Person
from portico.notices.inviting import invite
from portico.notices.models import Notice
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


def test_sign_in_leads_each_role_home(met, bronx):
    homes = {"student": "/", "teacher": "/teacher/", "coordinator": "/coordinator/"}
    for role, home in homes.items():
        person = met.person(role, password=PASSWORD)
        answer = met.client().post(
            "/sign-in/", {"username": person.email.upper(), "password": PASSWORD}
        )
        assert (answer.status_code, answer.headers["Location"]) == (302, home)
    admin = bronx.person("district_admin", password=PASSWORD)
    answer = bronx.client().post("/sign-in/", {"username": admin.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_a_person_of_another_school_cannot_sign_in_here(met, academy):
    charlie = academy.person("student", password=PASSWORD)
    answer = met.client().post("/sign-in/", {"username": charlie.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert "do not fit together" in answer.content.decode()


def test_a_session_of_one_school_means_nothing_at_another(met, academy):
    client = met.client(met.person("coordinator"))
    client.defaults["SERVER_NAME"] = academy.host
    answer = client.get("/coordinator/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def test_guessing_slows_down_for_the_account_not_for_the_school(met):
    victim = met.person("student", password=PASSWORD)
    neighbor = met.person("student", password=PASSWORD)
    client = met.client()
    for _ in range(8):
        client.post("/sign-in/", {"username": victim.email, "password": "wrong"})
    right = {"username": victim.email, "password": PASSWORD}
    assert client.post("/sign-in/", right).status_code == 429
    other = client.post("/sign-in/", {"username": neighbor.email, "password": PASSWORD})
    assert other.status_code == 302


def test_an_inactive_person_cannot_sign_in_and_a_session_ends(met):
    person = met.person("coordinator", password=PASSWORD)
    client = met.client(person)
    assert client.get("/notices/").status_code == 200
    with met:
        Person.objects.filter(id=person.id).update(is_active=False)
    assert client.get("/notices/").status_code == 302
    answer = met.client().post("/sign-in/", {"username": person.email, "password": PASSWORD})
    assert answer.status_code == 200


def test_an_invitation_works_once_and_looking_changes_nothing(met):
    person = met.person("teacher")
    with met:
        invite(person=person, school_name="The Met", inviter="Alice")
        secret = Notice.objects.get(person=person).secret
    client = met.client()
    path = f"/invitation/{secret}/"
    for _ in range(2):  # a mail scanner looks first
        assert client.get(path).status_code == 200
    weak = client.post(path, {"password": "short", "again": "short"})
    assert weak.status_code == 200
    assert "too short" in weak.content.decode()
    unequal = client.post(path, {"password": PASSWORD, "again": PASSWORD + "!"})
    assert "not the same" in unequal.content.decode()
    done = client.post(path, {"password": PASSWORD, "again": PASSWORD})
    assert (done.status_code, done.headers["Location"]) == (302, "/teacher/")
    second = met.client().post(path, {"password": "another long one", "again": "another long one"})
    assert second.status_code == 410
    assert met.client().get("/invitation/made-up/").status_code == 410


def test_an_invitation_of_one_school_is_unknown_at_another(met, academy):
    person = met.person("teacher")
    with met:
        invite(person=person, school_name="The Met", inviter="Alice")
        secret = Notice.objects.get(person=person).secret
    assert academy.client().get(f"/invitation/{secret}/").status_code == 410


def _without_tokens(page: bytes) -> bytes:
    """The page without what is different in every answer: CSRF tokens."""
    return re.sub(rb"[A-Za-z0-9]{64}", b"", page)


def test_asking_for_a_link_does_not_say_who_has_an_account(met):
    person = met.person("teacher")
    known = met.client().post("/forgotten/", {"email": person.email})
    unknown = met.client().post("/forgotten/", {"email": "nobody@example.org"})
    assert _without_tokens(known.content) == _without_tokens(unknown.content)
    with met:
        assert Notice.objects.filter(kind="password_link").count() == 1


def test_language_follows_the_choice_and_the_person(met):
    person = met.person("student")
    client = met.client(person)
    answer = client.post("/language/", {"language": "es", "next": "/notices/"})
    assert answer.headers["Location"] == "/notices/"
    assert 'lang="es"' in client.get("/notices/").content.decode()
    elsewhere = met.client(person)  # another browser, the same person
    assert 'lang="es"' in elsewhere.get("/notices/").content.decode()


def test_the_next_page_is_never_another_site(met):
    answer = met.client(met.person("student")).post(
        "/language/", {"language": "es", "next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == "/"


def test_unknown_hosts_and_the_front_page(client, bronx):
    assert client.get("/", SERVER_NAME="nowhere.localhost").status_code == 404
    front = client.get("/", SERVER_NAME="localhost").content.decode()
    assert "Bronx" in front
    assert "//bronx.localhost" in front


def test_the_outbox_is_for_the_demo_only(met):
    assert met.client().get("/outbox/").status_code == 404
