"""The board and the pages beside it in a real browser: a phone's width, axe, and many at once."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from catalog.actions import add_wish
from catalog.cultivation import save_lead
from catalog.demand import note_missed_search
from catalog.models import Lead, Term
from catalog.terms import save_term
from portico.internships.actions.groups import keep_group
from portico.internships.models import Placement
from tests.browser import LAPTOP, PHONE
from tests.portico.web.test_coordinator_pages import address
from tests.portico.web.test_student_browser import check_accessible, check_width, sign_in

DAY = datetime.timedelta(days=1)
PAGES = [
    ("board", ""),
    ("board", "?show=request"),
    ("board", "?show=expiring"),
    ("term", ""),
    ("term", "?view=board"),
    ("terms", ""),
    ("term-add", ""),
    ("fairness", ""),
    ("groups", ""),
    ("group", "?name=English+learners"),
    ("demand", ""),
    ("leads", ""),
    ("lead-add", "?field=health"),
    ("asset-map", "?miles=1"),
]


@pytest.fixture
def alice(committed_db, met):
    return met.person("coordinator", given_name="Ana", family_name="Rivera")


@pytest.fixture
def full_school(met, academy, alice):
    """Something of everything the pages show."""
    offer = met.opportunity(capacity=9, field="health")
    academy.release(academy.opportunity(title="Gallery Guide", field="arts"))
    with time_machine.travel(timezone.now() - 12 * DAY):
        met.placement(offer.id, state="pursuing", student=met.student(given_name="Emil"))
        met.placement(offer.id, state="active", student=met.student(given_name="Ida"))
    for name in ("Ben", "Cyd"):
        met.placement(offer.id, student=met.student(given_name=name))
    with met:  # it began before today
        Placement.objects.filter(state="active").update(starts_on=timezone.localdate() - 10 * DAY)
    students = [met.student(grade=11) for _ in range(14)]
    with met:
        save_term(
            actor=alice,
            term=Term(
                name="This term",
                starts_on=timezone.localdate() - 60 * DAY,
                ends_on=timezone.localdate() + 60 * DAY,
            ),
        )
        keep_group(actor=alice, name="English learners", students={one.id for one in students[:10]})
        for field in ("health", "energy"):
            add_wish(student=students[0], field=field)
        note_missed_search(words="astronaut")
        save_lead(
            actor=alice, lead=Lead(name="Casita Clinic", field="health", next_on="2026-01-02")
        )


def test_every_page_fits_a_phone_and_is_accessible(site, open_page, met, alice, full_school):
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, alice)
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        for name, query in PAGES:
            page.goto(site.url(met, address(name) + query))
            check_width(page)
            check_accessible(page)


def test_two_requests_are_chosen_and_approved_without_script(
    site, open_page, met, alice, full_school
):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, address("board")))
    page.get_by_role("link", name="Requests 2").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.locator("#bulk").get_by_role("button", name="Approve").click()
    page.get_by_text("Approved: Ben").wait_for()
    with met:
        assert Placement.objects.filter(state="requested").count() == 0


def test_the_map_has_its_pins_and_the_filters_narrow_them(site, open_page, met, alice, full_school):
    page = open_page(viewport=LAPTOP)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, address("asset-map")))
    page.locator(".pin.pin-released").wait_for()
    page.get_by_text("Filters").click()
    page.get_by_label("Offered by").select_option(label="Your school")
    page.get_by_role("button", name="Show").click()
    page.locator(".pin.pin-own").wait_for()
    assert page.locator(".pin.pin-released").count() == 0
    table = page.get_by_role("region", name="Internships with open slots, nearest first")
    assert "Gallery Guide" not in table.inner_text()


def test_a_term_is_rolled_over(site, open_page, met, alice, full_school):
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, address("term")))
    page.get_by_role("link", name="Roll over").click()
    page.get_by_role("checkbox", name="Ida").check()
    check_accessible(page)
    check_width(page)
    page.get_by_role("button", name="Roll over and archive").click()
    page.get_by_text("This term is over: 1 completed").wait_for()
    with met:
        assert Placement.objects.filter(state="completed").count() == 1
