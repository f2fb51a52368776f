"""Services: tokens of their own, at the region or at a school; nobody's when somebody leaves."""

import pytest

from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.people.queries import find_people
from sharing.services import live_service_tokens, make_service_token, revoke_service_token
from tenants.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(bronx):
    return bronx.person("district_admin", given_name="Dana", family_name="Rivera")


def made(bronx, admin, **terms):
    with bronx:
        return make_service_token(actor=admin, service="Timetable sync", **terms)


def ask(world, secret, method="get", path="sites/", body=None):
    return getattr(world.client(), method)(
        f"/api/v1/{path}",
        {} if body is None else body,
        headers={"Authorization": f"Bearer {secret}"},
        **({} if method == "get" else {"content_type": "application/json"}),
    )


def test_a_service_works_at_the_one_address_it_is_for(bronx, met, academy, admin):
    _token, secret = made(bronx, admin, school="met")
    assert ask(met, secret).status_code == 200
    assert ask(academy, secret).status_code == 401
    assert ask(bronx, secret, path="pool/").status_code == 401
    _token, secret = made(bronx, admin)
    assert ask(bronx, secret, path="pool/").status_code == 200
    assert ask(met, secret).status_code == 401


def test_it_is_scoped_like_a_persons(bronx, met, admin):
    _token, reads = made(bronx, admin, school="met", only="sites")
    assert ask(met, reads, "post", body={"name": "Corner Bakery"}).status_code == 403
    assert ask(met, reads, path="mentors/").status_code == 403
    assert ask(met, reads, "post", "tokens/", {"name": "more"}).status_code == 403
    with pytest.raises(Refused) as refusal:
        made(bronx, admin, school="met", days=1000)
    assert refusal.value.code == "days"


def test_history_names_the_service_and_who_made_it(bronx, met, admin):
    _token, secret = made(bronx, admin, school="met", access="write")
    assert ask(met, secret, "post", body={"name": "Corner Bakery"}).status_code == 201
    with met:
        acts = {one.action: one for one in Entry.objects.all()}
    assert acts["site_added"].actor_label == "Timetable sync (service)"
    assert acts["site_added"].via == "api"
    assert acts["service_token_made"].actor_label == "Dana Rivera"
    assert acts["service_token_made"].after["service"] == "Timetable sync"


def test_it_goes_on_when_whoever_made_it_has_left(bronx, met, admin):
    _token, secret = made(bronx, admin, school="met")
    with bronx:
        Person.objects.filter(id=admin.id).update(is_active=False, roles=[])
    assert ask(met, secret).status_code == 200


def test_revoked_it_stops_at_once(bronx, met, admin):
    token, secret = made(bronx, admin, school="met")
    with bronx:
        assert [one.id for one in live_service_tokens(school="met")] == [token.id]
        assert live_service_tokens() == []
        revoke_service_token(actor=admin, school="met", token_id=token.id)
        assert live_service_tokens(school="met") == []
    assert ask(met, secret).status_code == 401


def test_a_service_is_no_person(bronx, met, admin):
    token, _secret = made(bronx, admin, school="met")
    again, _secret = made(bronx, admin, school="met")
    assert token.person_id == again.person_id, "one name, one history"
    with met:
        assert Person.services.get().roles == ["coordinator"]
        assert not Person.objects.filter(roles__contains=["coordinator"]).exists()
        assert not find_people(words="timetable").exists()


@pytest.mark.parametrize("school", ["nowhere", "x"])
def test_only_schools_of_the_region(bronx, admin, school):
    with pytest.raises(Refused) as refusal:
        made(bronx, admin, school=school)
    assert refusal.value.field == "school"


def test_only_district_admins(bronx, met):
    with pytest.raises(Refused) as refusal:
        made(bronx, bronx.partner_staff(), school="met")
    assert refusal.value.code == "forbidden"


def test_the_page_shows_the_secret_once(bronx, met, admin):
    browser = bronx.client(admin)
    form = {"name": "Timetable sync", "access": "read", "only": "", "days": "90"}
    page = browser.post("/services/?school=met", form).content.decode()
    with bronx:
        (token,) = live_service_tokens(school="met")
    secret = page.partition("<code>portico_")[2].partition("<")[0]
    assert ask(met, f"portico_{secret}").status_code == 200
    assert f"portico_{secret}" not in browser.get("/services/?school=met").content.decode()
    assert browser.post("/services/?school=met", form).status_code == 422, "one of a name"
    revoked = browser.post(f"/services/{token.id}/revoke/", {"school": "met"})
    assert revoked.headers["Location"] == "/services/?school=met"
    assert ask(met, f"portico_{secret}").status_code == 401
