"""A student's whole way in a real browser, on a phone, and every page's shape and access."""

import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from catalog.actions import add_wish, set_favorite
from portico.internships import actions
from portico.internships.models import Placement
from tests.browser import LAPTOP, PHONE

SMALL_PHONE = {"width": 320, "height": 640}


def sign_in(page, site, world, person):
    """Give *page* the cookie of *person*'s session at *world*'s host."""
    page.set_default_timeout(10_000)
    session = world.client(person).cookies["portico_session"].value
    page.context.add_cookies(
        [{"name": "portico_session", "value": session, "url": site.url(world)}]
    )


def check_accessible(page) -> None:
    """No violation axe can find."""
    results = Axe().run(page)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


def check_width(page) -> None:
    """Nothing sticks out sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], f"{page.url} is {wide} px wide"


@pytest.fixture
def teacher(committed_db, met):
    return met.person("teacher", given_name="Tom", family_name="Teach")


@pytest.fixture
def student(met, teacher):
    return met.student(given_name="Ana", family_name="Ochoa", teacher=teacher)


def test_from_the_search_to_the_first_day_on_a_phone(site, open_page, met, academy, student):
    for number in range(24):
        met.opportunity(title=f"Office Helper {number}", field="management")
    podcast = academy.opportunity(
        title="Podcast Producer",
        site_name="Boogie Down Audio",
        field="arts",
        days=[2, 4],
        start_time=datetime.time(9),
        end_time=datetime.time(14, 30),
    )
    academy.release(podcast)
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, student)

    # scroll: the second part comes by itself
    page.goto(site.url(met))
    assert page.get_by_role("article").count() == 20
    page.get_by_role("link", name="Show more internships").scroll_into_view_if_needed()
    page.get_by_role("link", name="Office Helper 0", exact=True).wait_for()
    assert page.get_by_role("article").count() == 25

    # type: results change in place; the address can be gone back from
    page.get_by_role("searchbox").fill("podcast")
    page.get_by_role("heading", name="1 internship", exact=True).wait_for()
    assert page.url == site.url(met, "/?q=podcast")
    page.get_by_role("checkbox", name="Arts, Entertainment & Design").check()
    page.wait_for_url("**/?q=podcast&field=arts")
    assert page.get_by_role("checkbox", name="Arts, Entertainment & Design").is_checked()
    page.go_back()
    page.wait_for_url("**/?q=podcast")
    page.get_by_role("heading", name="1 internship", exact=True).wait_for()
    assert not page.get_by_role("checkbox", name="Arts, Entertainment & Design").is_checked()
    assert page.get_by_role("searchbox").input_value() == "podcast"
    check_accessible(page)

    # save without leaving, then ask
    bookmark = page.get_by_role("button", name="Save Podcast Producer")
    bookmark.click()
    page.locator('button.favorite[aria-pressed="true"]').wait_for()
    page.get_by_role("link", name="Request Podcast Producer").click()
    check_accessible(page)
    page.get_by_label("Why this one?").fill("I record my brother's band.")
    page.get_by_role("button", name="Request").click()
    page.get_by_text("Sent! Your coordinator has your request.").wait_for()
    check_accessible(page)
    assert "rosa@example.com" not in page.content()

    # the coordinator says yes elsewhere; the contact is there
    with met:
        [placement] = Placement.objects.filter(student=student)
        actions.approve_request(placement_id=placement.id, actor=met.coordinator())
    page.reload()
    assert page.get_by_role("link", name="rosa@example.com").is_visible()
    check_accessible(page)

    # ask to start, the first time with a mistake
    page.get_by_role("link", name="Ask to start").click()
    page.get_by_label("First day").fill("2027-06-15")
    page.get_by_label("Last day").fill("2027-02-01")
    assert page.get_by_label("Tuesday").is_checked()
    page.get_by_label("Goal 1").fill("Cut an interview")
    page.get_by_role("button", name="Ask to start").click()
    page.get_by_role("link", name="The last day must not be before the first.").wait_for()
    check_accessible(page)
    assert page.get_by_label("Goal 1").input_value() == "Cut an interview"
    page.get_by_label("First day").fill("2027-02-01")
    page.get_by_label("Last day").fill("2027-06-15")
    page.get_by_role("button", name="Ask to start").click()
    page.get_by_text("Tom Teach reads it next.").wait_for()

    # the teacher approves; the hero says so on every way in
    with met:
        actions.approve_start(placement_id=placement.id, actor=student.teacher)
    page.goto(site.url(met))
    assert page.get_by_role("region", name="Podcast Producer").is_visible()
    check_accessible(page)


def test_stepping_back_asks_in_a_dialog(site, open_page, met, student):
    placement = met.placement(met.opportunity().id, state="pursuing", student=student)
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, student)
    page.goto(site.url(met, f"/placements/{placement.id}/"))
    page.get_by_role("link", name="Step back from this one").click()
    dialog = page.get_by_role("dialog", name="Step back?")
    dialog.get_by_label("Why?").fill("Too far")
    check_accessible(page)
    dialog.get_by_role("button", name="Yes, step back").click()
    page.get_by_text("You stepped back.", exact=True).wait_for()


def test_the_same_way_without_javascript(site, open_page, met, student):
    met.opportunity(title="Vet Clinic Assistant", field="agriculture")
    met.opportunity(title="Tutor", field="education")
    page = open_page(viewport=PHONE, java_script_enabled=False)
    sign_in(page, site, met, student)
    page.goto(site.url(met))
    page.get_by_role("checkbox", name="Education").check(force=True)
    page.get_by_role("button", name="Show results").click()
    assert page.get_by_role("article").count() == 1
    page.get_by_role("button", name="Save Tutor").click()
    assert page.get_by_text("Saved.").is_visible()
    page.get_by_role("link", name="Request Tutor").click()
    page.get_by_role("button", name="Request").click()
    page.get_by_role("link", name="Step back from this one").click()
    page.get_by_role("button", name="Yes, step back").click()
    assert page.get_by_text("You stepped back.", exact=True).is_visible()


@pytest.mark.parametrize("viewport", [SMALL_PHONE, PHONE, LAPTOP], ids=["320", "390", "1280"])
def test_every_page_fits_and_is_accessible(site, open_page, met, academy, student, viewport):
    offer = met.opportunity(
        title="Interdisciplinary Environmental Communications Apprenticeship",
        site_name="St. Anselm Intergenerational House of the Grand Concourse",
        requirements="Bring a letter of your guardian and comfortable waterproof shoes",
        skills=["listening", "photojournalism"],
        pay="stipend",
        pay_note="MetroCard and lunch",
    )
    listing = academy.release(academy.opportunity(capacity=2), slots=1, ask_owner=True)
    placement = met.placement(offer.id, state="pursuing", student=student)
    met.placement(met.opportunity().id, state="declined", student=student)
    with met:
        set_favorite(student=student, listing_id=listing, saved=True)
        add_wish(student=student, field="arts", job="Sound engineer")
    page = open_page(viewport=viewport)
    sign_in(page, site, met, student)
    for path in (
        "/",
        "/?q=nothing+like+it",
        f"/listings/{listing}/",
        f"/listings/{offer.id}/",
        "/journey/",
        f"/placements/{placement.id}/",
        f"/placements/{placement.id}/start/",
        f"/placements/{placement.id}/withdraw/",
        "/saved/",
        "/wishes/",
        "/suggestions/",
    ):
        assert page.goto(site.url(met, path)).ok
        check_width(page)
        if viewport != SMALL_PHONE:  # the same as PHONE to axe, and it takes a second a page
            check_accessible(page)
