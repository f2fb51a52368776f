"""Second steps: set up, asked for at sign-in, demanded by role, lost and reset."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from portico.accounts.encryption import decrypt
from portico.accounts.models import Person
from portico.notices.models import Notice
from portico.signin.factors import PURPOSE
from portico.trust.actions import demand_second_step
from tests.passkeys import SoftPasskey
from tests.portico.signin.conftest import person_signed_in, sign_in_with
from tests.world import PASSWORD, TenantWorld

pytestmark = pytest.mark.django_db
ADD_PASSKEY = "/account/security/passkeys/add/"


def sign_in(world: TenantWorld, person: Person) -> tuple[Client, Any]:
    client = world.client()
    return client, client.post("/sign-in/", {"username": person.email, "password": PASSWORD})


def digits(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_app(client: Client) -> str:
    """The app's secret. *client* has just signed in, so nobody is asked who they are."""
    secret = str(client.get("/account/security/app/").context["form"].secret)
    done = client.post("/account/security/app/", {"code": digits(secret)})
    assert done.headers["Location"] == "/account/security/codes/"
    return secret


def set_up_passkey(world: TenantWorld, client: Client) -> SoftPasskey:
    passkey = SoftPasskey(world.host)
    options = client.get(ADD_PASSKEY).context["js_data"]["creation_options"]
    done = client.post(
        ADD_PASSKEY,
        {
            "name": "Phone",
            "credential": json.dumps(passkey.registration(options)),
            "passwordless": "on",
        },
    )
    assert done.status_code == 302, done.content.decode()
    return passkey


def use_passkey(client: Client, passkey: SoftPasskey) -> Any:
    """Sign in with nothing but the passkey."""
    asked = client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()
    credential = passkey.assertion(asked["request_options"])
    return client.post("/sign-in/passkey/", {"credential": json.dumps(credential)})


def test_an_app_is_asked_for_after_the_password_and_a_code_is_good_once(met):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    secret = set_up_app(client)
    with met:
        kept = Authenticator.objects.get(user=teacher, type="totp").data["secret"]
        assert secret not in kept
        assert decrypt(text=kept, purpose=PURPOSE) == secret
    again, answer = sign_in(met, teacher)
    assert answer.headers["Location"] == "/sign-in/second-step/"
    assert person_signed_in(again) == ""
    assert again.get("/teacher/").status_code == 302
    assert "Second step" in again.get("/sign-in/second-step/").content.decode()
    wrong = again.post("/sign-in/second-step/", {"code": "000000"})
    assert "not right" in wrong.content.decode()
    code = digits(secret)
    done = again.post("/sign-in/second-step/", {"code": code})
    assert done.headers["Location"] == "/teacher/"
    assert person_signed_in(again) == str(teacher.id)
    third, _answer = sign_in(met, teacher)
    assert "not right" in third.post("/sign-in/second-step/", {"code": code}).content.decode()


def test_a_recovery_code_stands_in_once(met):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    set_up_app(client)
    codes = client.get("/account/security/codes/").context["unused_codes"]
    assert len(codes) == 10
    again, _answer = sign_in(met, teacher)
    assert again.post("/sign-in/second-step/", {"code": codes[0]}).status_code == 302
    assert person_signed_in(again) == str(teacher.id)
    third, _answer = sign_in(met, teacher)
    assert third.post("/sign-in/second-step/", {"code": codes[0]}).status_code == 200
    assert person_signed_in(third) == ""


def test_a_passkey_signs_in_alone_and_as_a_second_step(met):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    passkey = set_up_passkey(met, client)
    alone = met.client()
    done = use_passkey(alone, passkey)
    assert (done.status_code, done.headers["Location"]) == (302, "/teacher/")
    assert person_signed_in(alone) == str(teacher.id)
    second, answer = sign_in(met, teacher)
    assert answer.headers["Location"] == "/sign-in/second-step/"
    page = second.get("/sign-in/second-step/")
    credential = passkey.assertion(page.context["js_data"]["request_options"])
    done = second.post("/sign-in/second-step/", {"credential": json.dumps(credential)})
    assert done.headers["Location"] == "/teacher/"


def test_a_passkey_of_one_host_is_nothing_at_another(met, academy):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    passkey = set_up_passkey(met, client)
    other = academy.client()
    assert use_passkey(other, passkey).headers["Location"] == "/sign-in/"
    assert person_signed_in(other) == ""


@pytest.mark.parametrize("wrong", ["key", "host", "challenge"])
def test_a_passkey_that_does_not_fit(met, wrong):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    passkey = set_up_passkey(met, client)
    visitor = met.client()
    if wrong == "key":
        passkey.key = SoftPasskey(met.host).key
    if wrong == "host":
        passkey.host = "evil.example"
    answer = use_passkey(visitor, passkey)
    if wrong == "challenge":
        visitor = met.client()
        asked = met.client().get("/sign-in/passkey/", headers={"Accept": "application/json"})
        credential = passkey.assertion(asked.json()["request_options"])
        answer = visitor.post("/sign-in/passkey/", {"credential": json.dumps(credential)})
    assert answer.headers["Location"] == "/sign-in/"
    assert person_signed_in(visitor) == ""


def test_a_closed_account_has_no_passkey(met):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    passkey = set_up_passkey(met, client)
    with met:
        Person.objects.filter(id=teacher.id).update(is_active=False)
    visitor = met.client()
    use_passkey(visitor, passkey)
    assert person_signed_in(visitor) == ""


def test_guessing_a_code_slows_down(met):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    secret = set_up_app(client)
    guesser, _answer = sign_in(met, teacher)
    for _ in range(8):
        guesser.post("/sign-in/second-step/", {"code": "000000"})
    right = guesser.post("/sign-in/second-step/", {"code": digits(secret)})
    assert right.status_code == 429
    assert person_signed_in(guesser) == ""


def test_a_code_of_the_app_is_good_while_valkey_is_away(met, settings):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    secret = set_up_app(client)
    again, _answer = sign_in(met, teacher)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    assert again.post("/sign-in/second-step/", {"code": "000000"}).status_code == 200
    assert again.post("/sign-in/second-step/", {"code": digits(secret)}).status_code == 302


def test_a_step_made_with_another_key_fits_no_code_and_is_reset(met, settings):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    secret = set_up_app(client)
    settings.SECRET_KEY = "of-another-portal-" + "x" * 40
    again, _answer = sign_in(met, teacher)
    assert again.post("/sign-in/second-step/", {"code": digits(secret)}).status_code == 200
    assert person_signed_in(again) == ""
    office = met.client(met.coordinator())
    assert office.post(f"/sign-in-settings/people/{teacher.id}/reset/").status_code == 302
    assert sign_in(met, teacher)[1].headers["Location"] == "/teacher/"


def test_a_role_may_be_asked_for_one_at_the_next_sign_in(met):
    alice = met.coordinator()
    teacher = met.person("teacher", password=PASSWORD)
    student = met.student(password=PASSWORD)
    working, _answer = sign_in(met, teacher)
    with met:
        demand_second_step(actor=alice, roles=["teacher"])
    assert working.get("/teacher/").status_code == 200  # who is in works on
    client, _answer = sign_in(met, teacher)
    assert client.get("/teacher/").headers["Location"] == "/account/security/"
    assert client.get("/api/v1/me/").status_code == 403
    assert "One thing before you go on" in client.get("/account/security/").content.decode()
    assert client.post("/language/", {"language": "es"}).status_code == 302
    set_up_passkey(met, client)
    assert client.get("/teacher/").status_code == 200
    assert sign_in(met, student)[0].get("/").status_code == 200


def test_a_regions_demand_counts_in_its_schools(bronx, met):
    admin = bronx.person("district_admin")
    teacher = met.person("teacher", password=PASSWORD)
    with bronx:
        demand_second_step(actor=admin, roles=["teacher", "district_admin"])
    client, _answer = sign_in(met, teacher)
    assert client.get("/teacher/").headers["Location"] == "/account/security/"


@pytest.mark.parametrize("asks_itself", [True, False])
def test_a_provider_that_asks_for_a_second_step_spares_ours(met, idp, set_up, asks_itself):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    set_up_app(client)
    provider = set_up(met, has_second_step=asks_itself)
    idp.person = {"sub": "1", "email": teacher.email, "email_verified": True}
    visitor = met.client()
    answer = sign_in_with(visitor, provider)
    where = "/teacher/" if asks_itself else "/sign-in/second-step/"
    assert answer.headers["Location"] == where


def test_a_link_for_a_new_password_does_not_go_round_the_second_step(met):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    set_up_app(client)
    met.client().post("/forgotten/", {"email": teacher.email})
    with met:
        secret = Notice.objects.get(kind="password_link").secret
    thief = met.client()
    new = {"password": "another long one", "again": "another long one"}
    done = thief.post(f"/invitation/{secret}/", new)
    assert done.headers["Location"] == "/sign-in/second-step/"
    assert person_signed_in(thief) == ""


def test_who_sits_at_an_open_browser_is_asked_who_they_are(met):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        _asked_again(client)


def _asked_again(client: Client) -> None:
    asked = client.get("/account/security/app/")
    assert asked.headers["Location"].startswith("/account/again/?next=")
    assert "Is it you?" in client.get(asked.headers["Location"]).content.decode()
    wrong = client.post(asked.headers["Location"], {"password": "wrong"})
    assert "not your password" in wrong.content.decode()
    right = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert right.headers["Location"] == "/account/security/app/"
    assert client.get("/account/security/app/").status_code == 200


def test_taking_away_what_one_has(met):
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    set_up_app(client)
    set_up_passkey(met, client)
    with met:
        passkey = Authenticator.objects.get(type="webauthn")
    assert "Phone" in client.get("/account/security/").content.decode()
    remove = f"/account/security/passkeys/{passkey.id}/remove/"
    assert client.get(remove).status_code == 200
    assert client.post(remove).status_code == 302
    assert client.post("/account/security/app/remove/").status_code == 302
    with met:
        assert not Authenticator.objects.filter(user=teacher).exists()  # nor recovery codes
    assert sign_in(met, teacher)[1].headers["Location"] == "/teacher/"


def test_a_lost_phone_is_reset_by_somebody_else(met, academy):
    alice = met.coordinator()
    teacher = met.person("teacher", password=PASSWORD)
    client, _answer = sign_in(met, teacher)
    set_up_app(client)
    office = met.client(alice)
    assert teacher.full_name in office.get("/sign-in-settings/").content.decode()
    assert office.post(f"/sign-in-settings/people/{teacher.id}/reset/").status_code == 302
    assert client.get("/teacher/").status_code == 302  # signed out everywhere
    assert sign_in(met, teacher)[1].headers["Location"] == "/teacher/"
    with met:
        assert Notice.objects.filter(kind="second_step_reset", person=teacher).count() == 1
    assert office.post(f"/sign-in-settings/people/{alice.id}/reset/").status_code == 409
    charlie = academy.client(academy.coordinator())
    assert charlie.post(f"/sign-in-settings/people/{teacher.id}/reset/").status_code == 404


def test_students_have_none(met):
    client = met.client(met.student())
    assert client.get(ADD_PASSKEY).status_code == 403
    assert "passkey" not in client.get("/account/security/").content.decode().lower()
