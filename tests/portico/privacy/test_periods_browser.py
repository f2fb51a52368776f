"""A coordinator changes how long something is kept, on a phone."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from portico.privacy.periods import periods
from tests.browser import PHONE, OpenPage
from tests.world import PASSWORD, School


def test_days_are_changed_after_a_look(
    committed_db: None, site: Any, met: School, open_page: OpenPage
) -> None:
    met.person("coordinator", email="alice@example.org", password=PASSWORD)
    page = open_page(viewport=PHONE)
    page.goto(site.url(met, "/privacy/retention/"))
    page.get_by_label("E-mail").fill("alice@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Change the days").click()
    page.get_by_label("What a student wrote about a day").fill("60")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Show what would go").click()
    page.get_by_text("What has gone does not come back.").wait_for()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Keep it so from tonight on").click()
    page.get_by_text("It counts from tonight on").wait_for()
    with met:
        assert periods()["words"] == 60
