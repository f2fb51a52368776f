"""Signing in with a provider: the whole flow against one of the tests' own, and what is refused."""

from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from portico.accounts.models import Person
from portico.signin.models import Identity
from portico.signin.oidc.discovery import forget_providers
from tests.portico.signin.conftest import go_there, person_signed_in, sign_in_with

pytestmark = pytest.mark.django_db


def as_teacher(idp, person, **more):
    idp.person = {
        "sub": "subject-1",
        "email": person.email,
        "email_verified": True,
        "given_name": "Ana",
        "family_name": "Cruz",
        **more,
    }


def reason(answer) -> str:
    assert answer.status_code == 403
    return answer.content.decode()


def test_the_whole_way_there_and_back(met, idp, set_up):
    teacher = met.person("teacher", email="ana@met.example.org")
    provider = set_up(met)
    as_teacher(idp, teacher, email="Ana@Met.example.org")
    client = met.client()
    assert "School account" in client.get("/sign-in/").content.decode()
    answer = sign_in_with(client, provider)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/teacher/")
    assert person_signed_in(client) == str(teacher.id)
    asked = idp.asked[0]
    assert asked["redirect_uri"] == f"http://{met.host}/sign-in/with/{provider.id}/return/"
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    with met:
        identity = Identity.objects.get()
    assert (identity.issuer, identity.subject) == (idp.issuer, "subject-1")
    assert identity.person_id == teacher.id


def test_back_to_the_page_one_came_for_and_nowhere_else(met, idp, set_up):
    teacher = met.person("teacher")
    provider = set_up(met)
    as_teacher(idp, teacher)
    assert sign_in_with(met.client(), provider, "/teacher/starts/").headers["Location"] == (
        "/teacher/starts/"
    )
    elsewhere = sign_in_with(met.client(), provider, "https://evil.example/")
    assert elsewhere.headers["Location"] == "/teacher/"


def test_a_changed_email_keeps_the_account(met, idp, set_up):
    teacher = met.person("teacher")
    provider = set_up(met)
    as_teacher(idp, teacher)
    sign_in_with(met.client(), provider)
    other = met.person("teacher", email="new@met.example.org")
    as_teacher(idp, other)  # the same subject, married or moved: now with another's address
    client = met.client()
    sign_in_with(client, provider)
    assert person_signed_in(client) == str(teacher.id)


def test_an_address_given_to_somebody_else_does_not_give_the_account(met, idp, set_up):
    teacher = met.person("teacher")
    provider = set_up(met)
    as_teacher(idp, teacher)
    sign_in_with(met.client(), provider)
    as_teacher(idp, teacher, sub="subject-2")
    client = met.client()
    assert "Somebody else signs in" in reason(sign_in_with(client, provider))
    assert person_signed_in(client) == ""


def test_the_rosters_id_comes_before_the_email(met, idp, set_up):
    student = met.student(email="", source_id="S-77")
    teacher = met.person("teacher")
    provider = set_up(met, roster_claim="sourcedId")
    as_teacher(idp, teacher, sourcedId="S-77")
    client = met.client()
    sign_in_with(client, provider)
    assert person_signed_in(client) == str(student.id)


@pytest.mark.parametrize(
    ("said", "trusted", "lets_in"),
    [
        ({"email_verified": False}, False, False),
        ({"email_verified": None}, False, False),
        ({"email_verified": "true"}, False, True),
        ({"email_verified": False}, True, True),
    ],
)
def test_an_email_counts_when_it_is_verified_or_the_school_trusts_it(
    met, idp, set_up, said, trusted, lets_in
):
    teacher = met.person("teacher")
    provider = set_up(met, trusts_email=trusted)
    as_teacher(idp, teacher, **said)
    client = met.client()
    answer = sign_in_with(client, provider)
    if lets_in:
        assert person_signed_in(client) == str(teacher.id)
    else:
        assert "not verified" in reason(answer)
        assert person_signed_in(client) == ""


def test_who_is_unknown_stays_outside_unless_the_school_says_otherwise(met, idp, set_up):
    provider = set_up(met)
    idp.person = {
        "sub": "new-1",
        "email": "new@met.example.org",
        "email_verified": True,
        "name": "Ana de Paz",
    }
    client = met.client()
    assert "Nobody in this portal" in reason(sign_in_with(client, provider))
    with met:
        assert not Person.objects.filter(email="new@met.example.org").exists()
        type(provider).objects.filter(id=provider.id).update(new_people="student")
    sign_in_with(client, provider)
    with met:
        added = Person.objects.get(email="new@met.example.org")
    assert person_signed_in(client) == str(added.id)
    assert (added.roles, added.given_name, added.family_name) == (["student"], "Ana de", "Paz")


def test_a_closed_account_stays_closed(met, idp, set_up):
    teacher = met.person("teacher")
    provider = set_up(met)
    as_teacher(idp, teacher)
    sign_in_with(met.client(), provider)
    with met:
        Person.objects.filter(id=teacher.id).update(is_active=False)
    client = met.client()
    assert "closed" in reason(sign_in_with(client, provider))
    assert person_signed_in(client) == ""


@pytest.mark.parametrize(
    ("kind", "claim", "right", "wrong"),
    [
        ("google", "hd", "met.example.org", "other.example.org"),
        ("entra", "tid", "72f988bf-0000", "91ab0000-0000"),
        ("clever", "district", "4fd43cc5", "5aa43cc5"),
        ("classlink", "TenantId", "2284", "2285"),
    ],
)
def test_only_who_belongs_to_the_school_gets_in(met, idp, set_up, kind, claim, right, wrong):
    teacher = met.person("teacher")
    provider = set_up(met, kind=kind, belongs_to=[right])
    as_teacher(idp, teacher, **{claim: wrong})
    client = met.client()
    assert "not one of the school" in reason(sign_in_with(client, provider))
    as_teacher(idp, teacher)  # a private account: says nothing of a school
    assert "not one of the school" in reason(sign_in_with(client, provider))
    assert person_signed_in(client) == ""
    as_teacher(idp, teacher, **{claim: right.upper()})
    sign_in_with(client, provider)
    assert person_signed_in(client) == str(teacher.id)


@pytest.mark.parametrize(
    "bent",
    [
        {"aud": "another-client"},
        {"aud": ["portico-client", "another-client"]},  # and no azp
        {"iss": "https://accounts.example.com"},
        {"nonce": "of another journey"},
        {"exp": 1_700_000_000},
        {"sub": None},
    ],
)
def test_a_token_that_does_not_hold_is_not_believed(met, idp, set_up, bent):
    teacher = met.person("teacher")
    provider = set_up(met)
    as_teacher(idp, teacher)
    idp.bent = bent
    client = met.client()
    assert "does not hold" in reason(sign_in_with(client, provider))
    assert person_signed_in(client) == ""


def test_a_token_signed_by_somebody_else_is_not_believed(met, idp, set_up):
    teacher = met.person("teacher")
    provider = set_up(met)
    as_teacher(idp, teacher)
    idp.signs_with = generate_private_key(65537, 2048)
    assert "does not hold" in reason(sign_in_with(met.client(), provider))


def test_a_state_is_good_once_and_in_one_browser(met, idp, set_up):
    teacher = met.person("teacher")
    provider = set_up(met)
    as_teacher(idp, teacher)
    client, other = met.client(), met.client()
    back = go_there(client.get(f"/sign-in/with/{provider.id}/").headers["Location"])
    assert "not begun in this browser" in reason(other.get(back))
    assert client.get(back).status_code == 302
    client.post("/sign-out/")
    assert "not begun in this browser" in reason(client.get(back))
    assert person_signed_in(client) == person_signed_in(other) == ""


def test_a_state_of_one_provider_is_not_one_of_another(met, idp, set_up):
    teacher = met.person("teacher")
    one, two = set_up(met), set_up(met)
    as_teacher(idp, teacher)
    client = met.client()
    back = go_there(client.get(f"/sign-in/with/{one.id}/").headers["Location"])
    mixed_up = back.replace(str(one.id), str(two.id))
    assert "not begun in this browser" in reason(client.get(mixed_up))


def test_another_schools_provider_is_not_there(met, academy, idp, set_up):
    provider = set_up(academy)
    client = met.client()
    assert client.get(f"/sign-in/with/{provider.id}/").status_code == 404
    assert client.get(f"/sign-in/with/{provider.id}/return/?state=x&code=y").status_code == 404
    assert "School account" not in client.get("/sign-in/").content.decode()


def test_a_regions_provider_serves_all_its_schools_each_with_its_own_people(
    bronx, met, academy, idp, set_up
):
    provider = set_up(bronx)
    alice = met.person("teacher", email="a@bronx.example.org")
    charlie = academy.person("teacher", email="c@bronx.example.org")
    as_teacher(idp, alice)
    client = met.client()
    sign_in_with(client, provider)
    assert person_signed_in(client) == str(alice.id)
    assert "Nobody in this portal" in reason(sign_in_with(academy.client(), provider))
    as_teacher(idp, charlie, sub="subject-3")
    client = academy.client()
    sign_in_with(client, provider)
    assert person_signed_in(client) == str(charlie.id)
    assert urlsplit(idp.asked[-1]["redirect_uri"]).netloc == academy.host


def test_a_provider_that_is_away_or_says_no(met, idp, set_up):
    provider = set_up(met)
    idp.refuses = True
    client = met.client()
    assert "did not let you in" in reason(sign_in_with(client, provider))
    idp.refuses, idp.is_away = False, True
    forget_providers()
    assert "does not answer" in reason(client.get(f"/sign-in/with/{provider.id}/"))


def test_a_secret_made_with_another_key_is_said_and_nothing_breaks(met, idp, set_up, settings):
    teacher = met.person("teacher")
    provider = set_up(met)
    as_teacher(idp, teacher)
    settings.SECRET_KEY = "of-another-portal-" + "x" * 40
    assert "does not answer" in reason(sign_in_with(met.client(), provider))


def test_clevers_portal_sends_people_without_a_state_and_the_way_begins_again(met, idp, set_up):
    teacher = met.person("teacher")
    provider = set_up(met, kind="clever", belongs_to=["d1"])
    as_teacher(idp, teacher, district="d1")
    client = met.client()
    sent = client.get(f"/sign-in/with/{provider.id}/return/?code=from-the-portal")
    assert sent.headers["Location"] == f"/sign-in/with/{provider.id}/"
    again = client.get(f"/sign-in/with/{provider.id}/return/?code=from-the-portal")
    assert "not begun in this browser" in reason(again)


def test_google_is_told_which_domain_to_ask_for(met, idp, set_up):
    provider = set_up(met, kind="google", belongs_to=["met.example.org"])
    address = met.client().get(f"/sign-in/with/{provider.id}/").headers["Location"]
    assert parse_qs(urlsplit(address).query)["hd"] == ["met.example.org"]


def test_an_email_that_only_userinfo_says(met, idp, set_up):
    teacher = met.person("teacher")
    provider = set_up(met)
    idp.person = {"sub": "u-1"}
    idp.userinfo = {"sub": "u-1", "email": teacher.email, "email_verified": True}
    client = met.client()
    sign_in_with(client, provider)
    assert person_signed_in(client) == str(teacher.id)
    idp.userinfo["sub"] = "u-2"
    idp.person = {"sub": "u-3"}
    assert "does not hold" in reason(sign_in_with(met.client(), provider))
