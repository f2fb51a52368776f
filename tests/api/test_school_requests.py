"""Asking for a school by program: the page's own rules, and nothing made in the request.

That the worker then makes it is in tests/portico/web/test_district_new_school.py.
"""

import pytest

from portico.celery import app
from sharing.tasks import make_requested_school
from tenants.models import Tenant
from tests.api.conftest import problem_of

pytestmark = pytest.mark.django_db
WANTED = {
    "name": "Hunts Point High",
    "code": "hunts",
    "coordinator_given_name": "Nora",
    "coordinator_family_name": "Vance",
    "coordinator_email": "nora@example.org",
}


@pytest.fixture
def admin(api, bronx):
    return api(bronx, bronx.person("district_admin"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "Hunts Point"}, "code"),
        ({"code": "met"}, "code"),
        ({"name": ""}, "name"),
        ({"color": "green"}, "color"),
        ({"latitude": 400}, "latitude"),
        ({"grade_min": 12, "grade_max": 9}, "grade_max"),
        ({"coordinator_email": "nowhere"}, "coordinator_email"),
    ],
)
def test_a_wrong_field_is_named(admin, changes, field):
    answer = admin.post("/school-requests/", {**WANTED, **changes})
    assert {one["field"] for one in problem_of(answer, 400, "invalid")["errors"]} == {field}


def test_it_waits_for_the_worker_and_can_be_asked_for(admin):
    filed = admin.post("/school-requests/", WANTED)
    assert filed.status_code == 202
    assert filed.headers["Location"] == f"/api/v1/school-requests/{filed.json()['id']}/"
    assert admin.get(f"/school-requests/{filed.json()['id']}/").json() == filed.json()
    assert (filed.json()["state"], filed.json()["code"]) == ("waiting", "hunts")
    assert not Tenant.objects.filter(schema_name="bronx__hunts").exists()


def test_a_broker_that_is_down_is_said(admin, monkeypatch):
    def to_a_closed_port(*arguments):
        nowhere = app.connection("redis://127.0.0.1:1/0")
        make_requested_school.apply_async(arguments, connection=nowhere, retry=False)

    monkeypatch.setattr(make_requested_school, "delay", to_a_closed_port)
    problem_of(admin.post("/school-requests/", WANTED), 409, "worker_unreachable")


def test_for_the_district_alone(api, bronx, met):
    partner = api(bronx, bronx.partner_staff())
    problem_of(partner.post("/school-requests/", WANTED), 403, "permission_denied")
    problem_of(api(met, met.coordinator()).post("/school-requests/", WANTED), 404, "not_found")
