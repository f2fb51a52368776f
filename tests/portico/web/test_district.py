"""The district's pages: who may, what they show, what they do; never a person."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portico.accounts.models import Person
from portico.notices.models import Notice
from sharing.models import Partner, PoolListing
from tests.portico.web.budgets import query_budget
from tests.world import Region, School

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/schools/",
    "/schools/new/",
    "/schools/met/",
    "/partners/",
    "/partners/new/",
    "/pool/",
]


@pytest.fixture
def dana(bronx: Region) -> Person:
    return bronx.person("district_admin", given_name="Dana", family_name="Admin")


@pytest.fixture
def browser_of_dana(bronx: Region, dana: Person) -> Client:
    return bronx.client(dana)


def partner_of(bronx: Region, name: str = "Bridge Works") -> Partner:
    with bronx:
        return Partner.objects.get_or_create(name=name)[0]


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_the_district_alone(path: str, bronx: Region, dana: Person) -> None:
    assert bronx.client(dana).get(path).status_code == 200
    assert bronx.client().get(path).headers["Location"] == f"/sign-in/?next={path}"
    staff = bronx.client(bronx.partner_staff()).get(path)
    if path == "/":
        assert staff.headers["Location"] == "/partner/"
    else:
        assert staff.status_code == 403


def test_an_unknown_school_and_another_regions_are_not_found(browser_of_dana: Client) -> None:
    assert browser_of_dana.get("/schools/nowhere/").status_code == 404
    assert browser_of_dana.get(f"/partners/{uuid.uuid4()}/").status_code == 404
    assert browser_of_dana.get(f"/schools/requests/{uuid.uuid4()}/").status_code == 404


def test_the_overview_counts_by_origin_and_names_no_student(
    browser_of_dana: Client, bronx: Region, met: School, academy: School
) -> None:
    released = met.release(met.opportunity(capacity=3), slots=3)
    bronx.posting(slots=2, field="health")
    student = academy.student(given_name="Zephyrine", family_name="Quillfeather")
    academy.placement(released, state="active", student=student)

    page = browser_of_dana.get("/")
    kpis = {kpi["label"]: (kpi["value"], kpi["note"]) for kpi in page.context["kpis"]}
    assert kpis["Slots in the pool"] == (5, "2 listings in the pool")
    assert kpis["Released by schools"] == (3, "1 in use, 2 free")
    assert kpis["Posted by partners"] == (2, "0 in use, 2 free")
    bars = {bar.label: (bar.total, bar.in_use) for bar in page.context["fields"]}
    assert len(bars) == 14
    assert bars["Agriculture"] == (3, 1)
    assert bars["Healthcare & Human Services"] == (2, 0)
    assert bars["Financial Services"] == (0, 0)
    assert {school.code for school in page.context["silent"]} == {"academy", "riverdale"}
    for path in ["/", "/schools/", "/schools/met/", "/schools/academy/", "/pool/"]:
        text = browser_of_dana.get(path).content.decode()
        assert "Zephyrine" not in text
        assert "Quillfeather" not in text
        assert "rosa@example.com" not in text


def test_an_expired_hold_is_not_in_use_though_nobody_tidied_up(
    browser_of_dana: Client, bronx: Region, dana: Person, met: School, academy: School
) -> None:
    academy.placement(met.release(met.opportunity()), state="pursuing")
    assert browser_of_dana.get("/pool/").context["page"][0].in_use == 1
    with time_machine.travel(timezone.now() + timedelta(days=14, seconds=1)):
        later = bronx.client(dana)  # the session has ended by then
        assert later.get("/pool/").context["page"][0].in_use == 0
        row = later.get("/schools/?q=met").context["rows"][0]
    assert (row.released.total, row.released.in_use) == (1, 0)


def test_the_pool_is_filtered_by_words_field_origin_and_state(
    browser_of_dana: Client, bronx: Region, met: School
) -> None:
    met.release(met.opportunity(title="Urban Farm Apprentice", site_name="Kelly Street"))
    bronx.posting(title="Patient Transport", field="health")
    bronx.posting(title="Old Thing", state="closed")

    def titles(query: str) -> set[str]:
        return {row.title for row in browser_of_dana.get(f"/pool/?{query}").context["page"]}

    assert titles("") == {"Urban Farm Apprentice", "Patient Transport", "Old Thing"}
    assert titles("q=farm+kelly") == {"Urban Farm Apprentice"}
    assert titles("q=bridge") == {"Patient Transport", "Old Thing"}
    assert titles("field=health") == {"Patient Transport"}
    assert titles("origin=school") == {"Urban Farm Apprentice"}
    assert titles("origin=partner") == {"Patient Transport", "Old Thing"}
    assert titles("origin=bronx__met") == {"Urban Farm Apprentice"}
    assert titles("origin=bronx__academy") == set()
    assert titles("state=closed") == {"Old Thing"}
    assert titles("state=nonsense&page=99") == titles("")


def test_the_pool_has_pages(browser_of_dana: Client, bronx: Region) -> None:
    staff = bronx.partner_staff()
    for number in range(26):
        bronx.posting(staff=staff, title=f"Intern {number}")
    first = browser_of_dana.get("/pool/")
    assert len(first.context["page"]) == 25
    assert len(browser_of_dana.get("/pool/?page=2").context["page"]) == 1


def test_a_partner_is_added_once(browser_of_dana: Client, bronx: Region) -> None:
    form = {"name": "The Stoop", "about": "A neighborhood center.", "website": ""}
    added = browser_of_dana.post("/partners/new/", form)
    assert added.status_code == 302
    again = browser_of_dana.post("/partners/new/", form)
    assert again.status_code == 422
    assert "name" in again.context["form"].errors
    with bronx:
        assert Partner.objects.filter(name="The Stoop").count() == 1


def test_a_partners_new_name_is_on_its_postings(browser_of_dana: Client, bronx: Region) -> None:
    listing = bronx.posting()
    partner = partner_of(bronx)
    browser_of_dana.post(f"/partners/{partner.id}/edit/", {"name": "Bridge Works NYC"})
    with bronx:
        assert PoolListing.objects.get(id=listing.id).origin_name == "Bridge Works NYC"


def test_staff_are_invited_once(browser_of_dana: Client, bronx: Region) -> None:
    partner = partner_of(bronx)
    form = {"given_name": "Sol", "family_name": "Reyes", "email": "sol@example.org"}
    assert browser_of_dana.post(f"/partners/{partner.id}/staff/", form).status_code == 302
    again = browser_of_dana.post(f"/partners/{partner.id}/staff/", form)
    assert again.status_code == 422
    assert again.context["form"].errors["email"] == ["Somebody has this e-mail already."]
    with bronx:
        person = Person.objects.get(email="sol@example.org")
        assert (person.roles, person.partner_id) == (["partner_staff"], partner.id)
        assert Notice.objects.get(person=person).kind == "invitation"


def test_an_account_is_closed_and_opened(browser_of_dana: Client, bronx: Region) -> None:
    staff = bronx.partner_staff()
    path = f"/partners/{staff.partner_id}/staff/{staff.id}/"
    their_browser = bronx.client(staff)
    for _click in range(2):
        browser_of_dana.post(path, {"active": "no"})
        assert their_browser.get("/partner/").status_code == 302  # to sign in
    browser_of_dana.post(path, {"active": "yes"})
    assert bronx.client(staff).get("/partner/").status_code == 200


def test_only_staff_of_that_partner_are_reached(
    browser_of_dana: Client, bronx: Region, dana: Person
) -> None:
    partner, other = partner_of(bronx), bronx.partner_staff("The Stoop")
    for person in (dana, other):
        path = f"/partners/{partner.id}/staff/{person.id}/"
        assert browser_of_dana.post(path, {"active": "no"}).status_code == 404
    with bronx:
        assert Person.objects.get(id=dana.id).is_active


def test_partner_staff_may_not_act_for_the_district(bronx: Region) -> None:
    staff = bronx.partner_staff()
    client = bronx.client(staff)
    for path, data in [
        ("/partners/new/", {"name": "Mine"}),
        (f"/partners/{staff.partner_id}/edit/", {"name": "Mine"}),
        (f"/partners/{staff.partner_id}/staff/", {"email": "x@example.org"}),
        (f"/partners/{staff.partner_id}/staff/{staff.id}/", {"active": "no"}),
        ("/schools/new/", {"name": "Mine", "code": "mine"}),
    ]:
        assert client.post(path, data).status_code == 403, path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("district-region", "/"),
        ("district-schools", "/schools/"),
        ("district-school", "/schools/met/"),
        ("district-partners", "/partners/"),
        ("district-pool", "/pool/"),
    ],
)
def test_pages_keep_to_their_budget(
    name: str, path: str, browser_of_dana: Client, bronx: Region, met: School
) -> None:
    staff = bronx.partner_staff()
    for number in range(5):
        bronx.posting(staff=staff, title=f"Intern {number}")
        met.release(met.opportunity())
    browser_of_dana.get(path)
    with query_budget(name):
        browser_of_dana.get(path)


def test_pages_do_not_ask_more_for_more_rows(browser_of_dana: Client, bronx: Region) -> None:
    staff = bronx.partner_staff()

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            browser_of_dana.get(path)
        return len(captured)

    bronx.posting(staff=staff)
    paths = ("/", "/schools/", "/pool/", "/partners/")
    statements("/")  # what a process asks once
    before = {path: statements(path) for path in paths}
    for number in range(4):
        bronx.posting(staff=staff)
        bronx.partner_staff(f"Partner {number}")
    assert {path: statements(path) for path in paths} == before
