"""A district admin makes a service's token and a coordinator changes a form, on a phone."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from portico.attendance.actions import save_evaluation_form
from portico.attendance.queries import policy
from sharing.services import live_service_tokens
from tests.browser import PHONE, OpenPage
from tests.world import PASSWORD, Region, School


def sign_in(page: Page, person: Any, url: str) -> None:
    page.goto(url)
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_service_gets_its_token(
    site: Any, bronx: Region, met: School, open_page: OpenPage
) -> None:
    admin = bronx.person("district_admin", password=PASSWORD)
    page = open_page(viewport=PHONE)
    sign_in(page, admin, site.url(bronx, "/services/"))
    page.get_by_label("Services of").select_option("The Met High School")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("For The Met High School").wait_for()
    page.get_by_label("The service's name").fill("Timetable sync")
    page.get_by_role("button", name="Make the token").click()
    page.get_by_text("Copy the token now").wait_for()
    assert Axe().run(page).violations_count == 0
    with bronx:
        assert [one.name for one in live_service_tokens(school="met")] == ["Timetable sync"]


def test_a_form_is_changed(site: Any, met: School, open_page: OpenPage) -> None:
    alice = met.person("coordinator", password=PASSWORD)
    questions = [("scale", "On time"), ("text", "What should be next?")]
    with met:
        save_evaluation_form(actor=alice, form_id="", name="Mid-term", questions=questions)
    page = open_page(viewport=PHONE)
    sign_in(page, alice, site.url(met, "/coordinator/attendance/"))
    page.get_by_role("link", name="Edit Mid-term").click()
    page.get_by_label("Questions").fill("competency: Works with others")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Evaluations asked for before keep their questions").wait_for()
    with met:
        (form,) = policy().evaluation_forms
    assert [one["text"] for one in form["questions"]] == ["Works with others"]
