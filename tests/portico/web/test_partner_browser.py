"""Partner staff post an internship from a phone, mistakes and all."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from sharing.models import VisibleListing
from tests.browser import PHONE, OpenPage
from tests.world import PASSWORD, Region, School


def test_staff_post_on_a_phone(site: Any, bronx: Region, met: School, open_page: OpenPage) -> None:
    staff = bronx.partner_staff()
    with bronx:
        staff.set_password(PASSWORD)
        staff.save()
    page = open_page(viewport=PHONE)
    page.goto(site.url(bronx, "/partner/new/"))
    page.get_by_label("E-mail").fill(staff.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Title", exact=False).first.fill("Front Desk Intern")
    page.get_by_label("Site", exact=True).fill("The Stoop")
    page.get_by_label("Description").fill("Welcome people and answer the phone.")
    page.get_by_label("Field").select_option("management")
    page.get_by_text("Only these", exact=True).click()
    page.get_by_role("button", name="Post it").click()
    page.get_by_text("Please look at this again").wait_for()
    page.get_by_label("The Met High School").check()
    page.get_by_label("E-mail").fill("sam@example.com")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Post it").click()
    page.get_by_text("Posted. 1 school sees it now.").wait_for()
    assert Axe().run(page).violations_count == 0
    with met:
        assert VisibleListing.objects.get().title == "Front Desk Intern"
