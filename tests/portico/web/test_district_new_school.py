"""Adding a school in a page: filed by the web process, made by a real worker."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from celery.contrib.testing.worker import start_worker
from django.db import connections
from django.test import Client

from portico.accounts.models import Person
from portico.celery import app
from sharing.school_requests import FAILED, SchoolRequest, find_request, fulfil_request
from sharing.schools import remove_school
from sharing.tasks import make_requested_school
from tenants.context import OWNER, tenant_context
from tenants.models import Tenant
from tests.browser import PHONE, OpenPage
from tests.world import PASSWORD, Region

FORM = {
    "name": "Hunts Point High",
    "code": "hunts",
    "color": "#0f5c56",
    "coordinator_given_name": "Nora",
    "coordinator_family_name": "Vance",
    "coordinator_email": "nora@example.org",
}


@pytest.fixture
def no_school_left(committed_db: None) -> Iterator[None]:
    yield
    if Tenant.objects.filter(schema_name="bronx__hunts").exists():
        remove_school(region="bronx", code="hunts")


@pytest.fixture
def worker(no_school_left: None) -> Iterator[None]:
    """A worker on this process's queue."""
    app.control.purge()  # what earlier tests filed and nobody worked on
    with start_worker(app, pool="solo", perform_ping_check=False):
        yield


@pytest.fixture
def browser_of_dana(bronx: Region) -> Client:
    return bronx.client(bronx.person("district_admin", given_name="Dana"))


def file(client: Client, **changes: str) -> Any:
    return client.post("/schools/new/", {**FORM, **changes})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "Hunts Point"}, "code"),
        ({"code": "met"}, "code"),
        ({"code": "pgschool"}, "code"),
        ({"name": ""}, "name"),
        ({"color": "green"}, "color"),
        ({"latitude": "400"}, "latitude"),
        ({"grade_min": "12", "grade_max": "9"}, "grade_max"),
        ({"coordinator_email": "nowhere"}, "coordinator_email"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_filed(
    changes: dict[str, str], field: str, browser_of_dana: Client
) -> None:
    answer = file(browser_of_dana, **changes)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


@pytest.mark.django_db
def test_a_filed_school_waits_for_the_worker(browser_of_dana: Client) -> None:
    answer = file(browser_of_dana)
    page = browser_of_dana.get(answer.headers["Location"])
    assert "Waiting for the worker" in page.content.decode()
    part = browser_of_dana.get(answer.headers["Location"], headers={"HX-Request": "true"})
    assert 'hx-trigger="every 1s"' in part.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.django_db
def test_a_broker_that_is_down_is_said(
    browser_of_dana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def to_a_closed_port(*arguments: str) -> None:
        nowhere = app.connection("redis://127.0.0.1:1/0")
        make_requested_school.apply_async(arguments, connection=nowhere, retry=False)

    monkeypatch.setattr(make_requested_school, "delay", to_a_closed_port)
    answer = file(browser_of_dana)
    assert answer.status_code == 422
    assert "cannot be reached" in answer.content.decode()


def test_what_the_worker_refuses_comes_back_to_the_field(
    no_school_left: None, browser_of_dana: Client
) -> None:
    """Two admins ask for one code at once: the second learns it, with the input kept."""
    filed = [file(browser_of_dana, name=name).headers["Location"] for name in ("One", "Two")]
    ids = [path.rstrip("/").rpartition("/")[2] for path in filed]
    for request_id in ids:
        fulfil_request(region="bronx", request_id=request_id)

    assert "The school is ready" in browser_of_dana.get(filed[0]).content.decode()
    refused = browser_of_dana.get(filed[1]).content.decode()
    assert "Code: This code is in use already." in refused
    assert "hx-trigger" not in refused
    again = browser_of_dana.get(f"/schools/new/?request={ids[1]}").context["form"]
    assert again.errors["code"]
    assert again["name"].value() == "Two"


def test_a_program_asks_for_a_school_and_hears_that_it_is_there(
    no_school_left: None, browser_of_dana: Client
) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    wanted = {**FORM, "latitude": 40.81, "student_count": 300}
    filed, again = (
        browser_of_dana.post(
            "/api/v1/school-requests/", wanted, content_type="application/json", headers=headers
        )
        for _time in range(2)
    )
    assert (filed.status_code, filed.json()["state"]) == (202, "waiting")
    assert again.json() == filed.json()
    fulfil_request(region="bronx", request_id=filed.json()["id"])
    found = browser_of_dana.get(filed.headers["Location"]).json()
    assert (found["state"], found["refused"]) == ("done", {})
    listed = {one["code"]: one for one in browser_of_dana.get("/api/v1/schools/").json()}
    assert (listed["hunts"]["name"], listed["hunts"]["latitude"]) == (FORM["name"], 40.81)


def test_a_fault_of_ours_is_said_without_its_details(
    no_school_left: None, browser_of_dana: Client
) -> None:
    path = file(browser_of_dana).headers["Location"]
    request_id = path.rstrip("/").rpartition("/")[2]
    with tenant_context("bronx"):
        found = find_request(region="bronx", request_id=uuid.UUID(request_id))
    assert isinstance(found, SchoolRequest)
    found.state = FAILED
    found.save()
    text = browser_of_dana.get(path).content.decode()
    assert "Something failed on our side" in text


def test_an_admin_adds_a_school_on_a_phone(
    worker: None, site: Any, bronx: Region, open_page: OpenPage
) -> None:
    bronx.person("district_admin", email="dana@example.org", password=PASSWORD)
    page = open_page(viewport=PHONE)
    page.goto(site.url(bronx, "/schools/new/"))
    page.get_by_label("E-mail").fill("dana@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for label, text in {
        "Name": "Hunts Point High",
        "Code": "hunts",
        "Given name": "Nora",
        "Family name": "Vance",
        "E-mail": "nora@example.org",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Add the school").click()
    page.get_by_text("The school is ready").wait_for(timeout=20_000)
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="See the school").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Hunts Point High"
    with tenant_context("bronx__hunts"):
        assert Person.objects.get().email == "nora@example.org"
    connections[OWNER].close()
