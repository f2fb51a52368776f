"""A partner's pages: its own postings, whom they are for, and how many slots are in use."""

import uuid
from typing import Any

import pytest
from django.test import Client

from portico.accounts.models import Person
from sharing.models import MentorContact, PoolListing, VisibleListing
from tests.portico.web.budgets import query_budget
from tests.world import Region, School

pytestmark = pytest.mark.django_db
OFFER = {
    "title": "Front Desk Intern",
    "site_name": "The Stoop",
    "description": "Welcome people and answer the phone.",
    "field": "management",
    "slots": "2",
    "days": ["2", "4"],
    "start_time": "09:00",
    "end_time": "14:30",
    "pay": "unpaid",
    "skills": "Spanish, patience,  Spanish",
    "grades": ["11", "12"],
    "reach": "all",
    "contact-name": "Sam Mentor",
    "contact-email": "sam@example.com",
    "contact-language": "en",
    "act": "post",
}


@pytest.fixture
def sol(bronx: Region) -> Person:
    return bronx.partner_staff()


@pytest.fixture
def browser_of_sol(bronx: Region, sol: Person) -> Client:
    return bronx.client(sol)


def post(client: Client, path: str = "/partner/new/", **changes: Any) -> Any:
    data = {key: value for key, value in {**OFFER, **changes}.items() if value is not None}
    return client.post(path, data)


def only_listing(bronx: Region) -> PoolListing:
    with bronx:
        return PoolListing.objects.get()


@pytest.mark.parametrize("path", ["", "new/", "{id}/", "{id}/edit/"])
def test_pages_open_for_the_partners_own_staff(path: str, bronx: Region, sol: Person) -> None:
    listing = bronx.posting(staff=sol)
    address = "/partner/" + path.format(id=listing.id)
    assert bronx.client(sol).get(address).status_code == 200
    assert bronx.client().get(address).headers["Location"].startswith("/sign-in/")
    assert bronx.client(bronx.person("district_admin")).get(address).status_code == 403
    stranger = bronx.client(bronx.partner_staff("Another Works")).get(address)
    assert stranger.status_code == (404 if "{id}" in path else 200)


def test_anothers_posting_cannot_be_changed_or_closed(bronx: Region, sol: Person) -> None:
    listing = bronx.posting(staff=sol)
    stranger = bronx.client(bronx.partner_staff("Another Works"))
    assert post(stranger, f"/partner/{listing.id}/edit/", title="Mine now").status_code == 404
    closing = stranger.post(f"/partner/{listing.id}/state/", {"act": "close"})
    assert closing.status_code == 404
    after = only_listing(bronx)
    assert (after.title, after.state) == ("Nonprofit Intern", "open")
    assert listing.title not in stranger.get("/partner/").content.decode()


def test_a_schools_release_is_not_a_partners(browser_of_sol: Client, met: School) -> None:
    listing_id = met.release(met.opportunity())
    assert browser_of_sol.get(f"/partner/{listing_id}/").status_code == 404


def test_staff_without_a_partner_have_no_pages(bronx: Region) -> None:
    client = bronx.client(bronx.person("partner_staff"))
    assert client.get("/partner/").status_code == 404
    assert client.get("/partner/new/").status_code == 200
    assert post(client).status_code == 404


def test_a_posting_is_seen_by_all_schools_at_once(
    browser_of_sol: Client, bronx: Region, met: School, riverdale: School
) -> None:
    assert post(browser_of_sol).status_code == 302
    for school in (met, riverdale):
        with school:
            seen = VisibleListing.objects.get()
            assert (seen.title, seen.origin_name, seen.slots) == (
                "Front Desk Intern", "Bridge Works", 2,
            )  # fmt: skip
            assert seen.skills == ["Spanish", "patience"]
            assert (seen.days, seen.grades) == ([2, 4], [11, 12])
            assert not MentorContact.objects.exists()
    with bronx:
        assert MentorContact.objects.get().email == "sam@example.com"


def test_a_form_without_skills_shows_none(
    browser_of_sol: Client, bronx: Region, sol: Person
) -> None:
    listing = bronx.posting(staff=sol)
    for path in ("/partner/new/", f"/partner/{listing.id}/edit/"):
        assert browser_of_sol.get(path).context["form"]["skills"].value() == ""


def test_a_posting_for_named_schools_is_seen_by_them_alone(
    browser_of_sol: Client, bronx: Region, met: School, riverdale: School
) -> None:
    post(browser_of_sol, reach="named", schools=["bronx__met"])
    with met:
        assert VisibleListing.objects.count() == 1
    with riverdale:
        assert not VisibleListing.objects.exists()

    listing = only_listing(bronx)
    edit = browser_of_sol.get(f"/partner/{listing.id}/edit/").context["form"]
    assert edit["reach"].value() == "named"
    assert edit["schools"].value() == ["bronx__met"]
    post(browser_of_sol, f"/partner/{listing.id}/edit/", reach="all", schools=["bronx__met"])
    assert only_listing(bronx).schools is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"slots": "0"}, "slots"),
        ({"field": "alchemy"}, "field"),
        ({"end_time": "08:00"}, "end_time"),
        ({"hourly_rate": "15"}, "hourly_rate"),
        ({"reach": "named"}, "schools"),
        ({"reach": "named", "schools": ["yonkers__other"]}, "schools"),
        ({"skills": "x" * 41}, "skills"),
        ({"contact-email": "", "contact-phone": ""}, "email"),
        ({"contact-email": "nowhere"}, "email"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_posted(
    changes: dict[str, Any], field: str, browser_of_sol: Client, bronx: Region
) -> None:
    answer = post(browser_of_sol, **changes)
    assert answer.status_code == 422
    assert field in {**answer.context["form"].errors, **answer.context["contact_form"].errors}
    with bronx:
        assert not PoolListing.objects.exists()


def test_a_draft_is_seen_by_nobody_until_it_is_posted(
    browser_of_sol: Client, bronx: Region, met: School
) -> None:
    post(browser_of_sol, act="draft")
    with met:
        assert not VisibleListing.objects.exists()
    path = f"/partner/{only_listing(bronx).id}/state/"
    browser_of_sol.post(path, {"act": "open"})
    first = only_listing(bronx).published_at
    browser_of_sol.post(path, {"act": "open"})  # a second click is harmless
    with met:
        assert VisibleListing.objects.count() == 1
    assert only_listing(bronx).published_at == first


def test_closing_keeps_who_is_there_and_opening_keeps_the_contact(
    browser_of_sol: Client, bronx: Region, sol: Person, met: School
) -> None:
    listing = bronx.posting(staff=sol, slots=2)
    met.placement(listing.id, state="active")
    path = f"/partner/{listing.id}/state/"
    answer = browser_of_sol.post(path, {"act": "close", "next": "/partner/"})
    assert answer.headers["Location"] == "/partner/"
    with met:
        assert not VisibleListing.objects.exists()
    page = browser_of_sol.get("/partner/")
    assert page.context["rows"][0]["listing"].in_use == 1
    browser_of_sol.post(path, {"act": "open"})
    with bronx:
        assert MentorContact.objects.get().name == "Sam Mentor"
        assert PoolListing.objects.get().taken == 1


def test_an_unknown_act_changes_nothing(browser_of_sol: Client, bronx: Region, sol: Person) -> None:
    listing = bronx.posting(staff=sol)
    assert browser_of_sol.post(f"/partner/{listing.id}/state/", {"act": "x"}).status_code == 302
    assert browser_of_sol.get(f"/partner/{listing.id}/state/").status_code == 405
    assert browser_of_sol.post(f"/partner/{uuid.uuid4()}/state/").status_code == 404
    assert only_listing(bronx).state == "open"


def test_use_is_counted_by_school_and_nobody_is_named(
    browser_of_sol: Client, bronx: Region, sol: Person, met: School, academy: School
) -> None:
    listing = bronx.posting(staff=sol, slots=5)
    for school, number in ((met, 2), (academy, 1)):
        for _n in range(number):
            student = school.student(given_name="Zephyrine", family_name="Quillfeather")
            school.placement(listing.id, state="active", student=student)
    page = browser_of_sol.get(f"/partner/{listing.id}/")
    assert [(one.school, one.count) for one in page.context["use"]] == [
        ("Bronx Academy", 1),
        ("The Met High School", 2),
    ]
    assert page.context["free"] == 2
    for path in (f"/partner/{listing.id}/", "/partner/"):
        assert "Zephyrine" not in browser_of_sol.get(path).content.decode()


def test_slots_do_not_fall_below_what_is_in_use(
    browser_of_sol: Client, bronx: Region, sol: Person, met: School
) -> None:
    listing = bronx.posting(staff=sol, slots=2)
    for _n in range(2):
        met.placement(listing.id, state="active")
    answer = post(browser_of_sol, f"/partner/{listing.id}/edit/", slots="1")
    assert answer.status_code == 422
    assert answer.context["form"].errors["slots"] == ["2 slots are in use."]
    assert only_listing(bronx).slots == 2


@pytest.mark.parametrize(
    ("name", "path"),
    [("partner-postings", "/partner/"), ("partner-posting", "/partner/{id}/")],
)
def test_pages_keep_to_their_budget(
    name: str, path: str, browser_of_sol: Client, bronx: Region, sol: Person, met: School
) -> None:
    listings = [bronx.posting(staff=sol) for _n in range(5)]
    met.placement(listings[0].id, state="active")
    address = path.format(id=listings[0].id)
    browser_of_sol.get(address)
    with query_budget(name):
        browser_of_sol.get(address)
