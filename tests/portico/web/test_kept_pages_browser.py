"""Keeping a search, making a token and adding a word, in a real browser."""

from tests.browser import PHONE
from tests.portico.web.test_student_browser import check_accessible, check_width, sign_in


def test_a_student_keeps_what_the_list_shows_now(committed_db, site, open_page, met):
    met.opportunity(title="Urban Farm Apprentice", days=[4])
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, met.student())
    page.goto(site.url(met, "/"))
    page.get_by_role("searchbox").fill("farm")
    page.get_by_role("button", name="Save this search").click()  # it came with the results
    page.get_by_text("Kept under Saved").wait_for()
    assert page.url.endswith("/?q=farm")
    check_accessible(page)
    check_width(page)
    page.goto(site.url(met, "/saved/"))
    page.get_by_role("link", name="farm", exact=True).wait_for()
    check_accessible(page)
    check_width(page)
    page.get_by_role("button", name="Remove farm").click()
    page.get_by_text("Nothing saved yet").wait_for()


def test_a_token_and_a_word_on_a_phone(committed_db, site, open_page, bronx):
    page = open_page(viewport=PHONE)
    sign_in(page, site, bronx, bronx.person("district_admin"))
    page.goto(site.url(bronx, "/"))
    page.get_by_text("Account and language").locator("..").click()
    page.get_by_role("link", name="Tokens").click()
    page.get_by_label("What it is for").fill("Nightly export")
    page.get_by_role("button", name="Make the token").click()
    page.get_by_text("Copy the token now").wait_for()
    check_accessible(page)
    check_width(page)
    page.goto(site.url(bronx, "/"))
    page.get_by_role("link", name="Words of the search").click()
    page.get_by_label("Word", exact=True).fill("ice")
    page.get_by_label("Also finds").fill("zamboni")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("cell", name="zamboni").wait_for()
    check_accessible(page)
    check_width(page)
