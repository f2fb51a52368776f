"""A guardian with a phone, a link and no account."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from portico.documents.actions import ask_for_documents
from tests.browser import PHONE, OpenPage
from tests.conftest import Site
from tests.portico.documents.papers import a_requirement, last_link, with_guardian
from tests.portico.documents.test_checklist import asking, standings
from tests.world import School


def test_a_guardian_signs_on_a_phone(site: Site, open_page: OpenPage, met: School) -> None:
    a_requirement(met, translations={"es": {"title": "Permiso", "text": "Doy mi permiso."}})
    placement = asking(met)
    with_guardian(met, placement.student, language="es")
    with met:
        ask_for_documents(placement_id=placement.id, giver="guardian", actor=placement.student)
    page = open_page(viewport=PHONE, locale="es")
    page.goto(site.url(met, last_link(met)))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("input[name$=-name]").fill("Inés Número")
    page.locator("input[name$=-agrees]").check()
    page.locator("form:has(input[name=requirement]) button").click()
    expect(page.locator(".notice-good")).to_be_visible()
    assert standings(met, placement) == ["given"]
