"""A school or region says how people sign in: who may, what is refused, what is kept."""

import pytest
from django.db import ProgrammingError, transaction

from portico.accounts.encryption import Unreadable, decrypt, encrypt
from portico.audit.models import Entry
from portico.trust.actions import change_provider, demand_second_step
from portico.trust.models import Demand, Provider
from portico.trust.queries import client_secret, demanded_roles, usable_providers
from tenants.errors import Refused
from tests.portico.signin.conftest import admin_of

pytestmark = pytest.mark.django_db


def add(world, kind="google"):
    client = world.client(admin_of(world))
    answer = client.post("/sign-in-settings/", {"kind": kind, "name": "School account"})
    assert answer.status_code == 302
    return client, answer.headers["Location"]


def test_from_nothing_to_a_button(met, idp):
    client, page = add(met, "oidc")
    shown = client.get(page).content.decode()
    assert f"http://{met.host}/sign-in/with/" in shown
    facts = {
        "name": "School account",
        "issuer": idp.issuer + "/",
        "client_id": "portico-client",
        "client_secret": "top secret",
        "enabled": "on",
    }
    assert client.post(page, facts).status_code == 302
    assert "The provider answers" in client.get(page).content.decode()
    assert "School account" in met.client().get("/sign-in/").content.decode()
    again = client.get(page).content.decode()
    assert "top secret" not in again
    assert "One is stored" in again
    assert client.post(page, facts | {"client_secret": "", "name": "New"}).status_code == 302
    with met:
        provider = Provider.objects.get()
        assert client_secret(provider) == "top secret"
        assert "top secret" not in provider.secret
        assert (provider.name, provider.issuer) == ("New", idp.issuer)
        history = str(list(Entry.objects.values_list("before", "after")))
    assert "client_secret" in history
    assert "top secret" not in history


def test_a_provider_for_all_the_world_needs_an_organization(met):
    client, page = add(met, "google")
    facts = {"name": "Google", "client_id": "c", "client_secret": "s", "enabled": "on"}
    assert client.post(page, facts | {"belongs_to": " , "}).status_code == 422
    assert "Google" not in met.client().get("/sign-in/").content.decode()
    right = facts | {"belongs_to": "Met.example.org; students.example.org"}
    assert client.post(page, right).status_code == 302
    with met:
        assert Provider.objects.get().belongs_to == ["met.example.org", "students.example.org"]


def test_entras_directory_is_part_of_its_issuers_name(met):
    client, page = add(met, "entra")
    facts = {"name": "Microsoft", "client_id": "c", "client_secret": "s"}
    assert client.post(page, facts | {"belongs_to": "one, two"}).status_code == 422
    client.post(page, facts | {"belongs_to": "72f988bf-0000"})
    with met:
        found = Provider.objects.get().issuer
    assert found == "https://login.microsoftonline.com/72f988bf-0000/v2.0"


def test_a_region_lists_the_addresses_of_all_its_schools(bronx, met, academy):
    client, page = add(bronx, "oidc")
    shown = client.get(page).content.decode()
    for world in (bronx, met, academy):
        assert f"http://{world.host}" in shown


def test_taking_it_away(met):
    client, page = add(met)
    for _ in range(2):  # a second click is harmless
        assert client.post(f"{page}remove/").status_code == 302
    with met:
        assert not Provider.objects.exists()


def test_another_schools_provider_is_out_of_reach(met, academy, bronx):
    _client, theirs = add(academy)
    _client, regions = add(bronx)
    mine = met.client(admin_of(met))
    for page in (theirs, regions):
        assert mine.get(page).status_code == 404
        assert mine.post(page, {"name": "Mine"}).status_code == 404
        mine.post(f"{page}remove/")
    with academy:
        assert Provider.objects.count() == 2


def test_the_database_keeps_schools_apart_and_the_regions_rows_from_them(met, academy, bronx):
    add(academy)
    add(bronx)
    with met:
        assert [one.owner for one in Provider.objects.all()] == ["bronx"]
        assert Provider.objects.update(name="stolen") == 0
        assert Provider.objects.all().delete()[0] == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            Provider.objects.create(owner="bronx", kind="oidc", name="for everybody")
        with pytest.raises(ProgrammingError), transaction.atomic():
            Demand.objects.create(owner="bronx__academy", roles=["teacher"])
    with bronx:
        assert [one.owner for one in Provider.objects.all()] == ["bronx"]


def test_a_teacher_may_not(met):
    teacher = met.person("teacher")
    add(met)
    with met:
        provider = Provider.objects.get()
        with pytest.raises(Refused, match="forbidden"):
            change_provider(actor=teacher, provider_id=provider.id, name="Mine")
        with pytest.raises(Refused):
            demand_second_step(actor=teacher, roles=[])


def test_demands_of_a_school_and_its_region_add_up(met, bronx, academy):
    office, admin = met.coordinator(), admin_of(bronx)
    assert (
        met.client(office).post("/sign-in-settings/demand/", {"roles": ["coordinator"]}).status_code
        == 302
    )
    with bronx:
        demand_second_step(actor=admin, roles=["teacher"])
    with met:
        assert demanded_roles() == {"coordinator", "teacher"}
        with pytest.raises(Refused):
            demand_second_step(actor=office, roles=["student"])
        with pytest.raises(Refused):
            demand_second_step(actor=office, roles=["district_admin"])
    with academy:
        assert demanded_roles() == {"teacher"}


def test_a_provider_that_is_off_is_offered_to_nobody(met, set_up):
    provider = set_up(met, enabled=False)
    with met:
        assert list(usable_providers()) == []
    assert met.client().get(f"/sign-in/with/{provider.id}/").status_code == 404


def test_secrets_are_read_with_old_keys_and_for_their_purpose_only(settings):
    kept = encrypt(text="s", purpose="client secret")
    with pytest.raises(Unreadable):
        decrypt(text=kept, purpose="second step")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "x" * 50
    assert decrypt(text=kept, purpose="client secret") == "s"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        decrypt(text=kept, purpose="client secret")
