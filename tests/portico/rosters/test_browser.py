"""The main paths in a browser, with a real worker: a school on a phone, a region on a laptop."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from celery.contrib.testing.worker import start_worker
from django.db import connections
from playwright.sync_api import Page

from portico.accounts.models import Person
from portico.celery import app
from tenants.context import OWNER
from tests.browser import LAPTOP, PHONE, OpenPage
from tests.portico.rosters.exports import small_school
from tests.world import PASSWORD, Region, School, TenantWorld

LIST = "First,Last,E-mail,Grade,Adviser\nLuz,Vale,luz@met.example.org,11,Dana Ortiz\n"


@pytest.fixture
def worker(schools_as_they_were: None) -> Iterator[None]:
    app.control.purge()
    with start_worker(app, pool="solo", perform_ping_check=False):
        yield
    connections[OWNER].close()


def sign_in(page: Page, site: Any, world: TenantWorld, path: str, role: str) -> None:
    person = world.person(role, password=PASSWORD)
    page.goto(site.url(world, path))
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_coordinator_brings_a_list_in_on_a_phone(
    worker: None, site: Any, met: School, open_page: OpenPage, tmp_path: Path
) -> None:
    met.person("teacher", given_name="Dana", family_name="Ortiz")
    file = tmp_path / "people.csv"
    file.write_text(LIST)
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, "/coordinator/roster/", "coordinator")
    check(page)
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="See what would change").click()
    page.get_by_label("Everybody in the list is").select_option(label="student")
    check(page)
    page.get_by_role("button", name="See what would change").click()
    page.get_by_role("button", name="Apply").wait_for(timeout=20_000)
    assert page.get_by_text("Luz Vale").is_visible()
    check(page)
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("The roster has been applied").wait_for(timeout=20_000)
    check(page)
    with met:
        assert Person.objects.get(given_name="Luz").teacher.given_name == "Dana"


def test_a_district_admin_brings_a_region_in(
    worker: None, site: Any, bronx: Region, met: School, open_page: OpenPage, tmp_path: Path
) -> None:
    file = small_school("1.2").org("o-2", "Bronx Academy").user("s7", "o-2").write(tmp_path)
    page = open_page(viewport=LAPTOP)
    sign_in(page, site, bronx, "/rosters/", "district_admin")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="See what would change").click()
    page.get_by_label("The Met High School").wait_for(timeout=20_000)
    check(page)
    page.get_by_label("The Met High School").select_option(label="The Met High School")
    page.get_by_role("button", name="Read again with this").click()
    page.get_by_role("button", name="Apply").wait_for(timeout=20_000)
    check(page)
    page.get_by_role("link", name="The Met High School").click()
    assert page.get_by_role("row", name="s2").first.is_visible()
    assert page.get_by_text("Kofi").count() == 0  # names are the school's
    check(page)
    page.go_back()
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("The roster has been applied").wait_for(timeout=20_000)
    with met:
        assert Person.objects.filter(source_id="s2").exists()
