"""A coordinator's and a teacher's way in a real browser, and every staff page's shape."""

import pytest
from playwright.sync_api import expect

from catalog.actions import suggest_site
from catalog.models import Opportunity, Suggestion
from portico.internships.models import Placement
from portico.notices.models import Notice
from tests.browser import LAPTOP, PHONE
from tests.portico.web.test_coordinator_pages import address
from tests.portico.web.test_student_browser import check_accessible, check_width, sign_in

SMALL_PHONE = {"width": 320, "height": 640}


@pytest.fixture
def alice(committed_db, met):
    return met.person("coordinator", given_name="Ana", family_name="Rivera")


def test_from_a_new_site_to_the_pool_and_back(site, open_page, met, academy, alice):
    page = open_page(viewport=LAPTOP)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, address("sites")))
    page.get_by_role("link", name="Add site").first.click()
    page.get_by_label("Name").fill("Casita Clinic")
    page.get_by_label("Latitude").fill("40.82")
    page.get_by_label("Longitude").fill("-73.91")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Casita Clinic").wait_for()

    page.get_by_role("link", name="Add mentor").click()
    page.get_by_label("Name").fill("Ida Nurse")
    page.get_by_label("E-mail").fill("ida@example.com")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Ida Nurse").wait_for()

    page.get_by_role("link", name="Add opportunity").click()
    assert page.get_by_label("Site").locator(":checked").inner_text() == "Casita Clinic"
    page.get_by_label("Mentor").select_option(label="Ida Nurse")
    page.get_by_role("textbox", name="Title", exact=True).fill("Clinic Greeter")
    page.get_by_label("Description").fill("Welcome people at the door.")
    page.get_by_label("Field").select_option("health")
    page.get_by_label("Slots").fill("3")
    page.get_by_text("Tuesday").click()
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("heading", name="Clinic Greeter").wait_for()
    check_accessible(page)

    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Published: your students see it now.").wait_for()
    page.get_by_label("Slots to release").fill("2")
    page.get_by_role("button", name="Release").click()
    page.get_by_text("2 slots are in the pool.").wait_for()
    with met:
        offer = Opportunity.objects.defer("doc").get(title="Clinic Greeter")
    assert (offer.released, offer.days) == (2, [2])

    page.get_by_role("button", name="Recall").click()
    page.get_by_text("2 slots came back.").wait_for()
    with met:
        assert Opportunity.objects.defer("doc").get(id=offer.id).released == 0

    # from the list, in a dialog
    page.goto(site.url(met, address("opportunities")))
    page.get_by_role("link", name="Release Clinic Greeter").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Slots to release").fill("1")
    check_accessible(page)
    dialog.get_by_role("button", name="Release").click()
    page.get_by_text("1 slot is in the pool.").wait_for()


def test_the_mentors_follow_the_site(site, open_page, met, alice):
    here, there = met.opportunity(site_name="Here"), met.opportunity(site_name="There")
    page = open_page()
    sign_in(page, site, met, alice)
    page.goto(site.url(met, address("opportunity-edit", here.id)))
    shown = page.get_by_label("Mentor").locator("optgroup:not([hidden])")
    assert [group.get_attribute("label") for group in shown.all()] == ["Here"]
    page.get_by_label("Site").select_option(str(there.site_id))
    assert [group.get_attribute("label") for group in shown.all()] == ["There"]
    assert page.get_by_label("Mentor").input_value() == ""


def test_decide_from_the_board_on_a_phone(site, open_page, met, alice):
    offer = met.opportunity(capacity=3)
    yes = met.placement(offer.id, student=met.student(given_name="Yara", family_name="Yes"))
    no = met.placement(offer.id, student=met.student(given_name="Nils", family_name="No"))
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, address("board")))
    page.get_by_role("button", name="Approve Yara Yes").click()
    page.get_by_text("Approved: Yara Yes").wait_for()
    page.get_by_role("link", name="Decline Nils No").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Another student first.")
    check_accessible(page)
    dialog.get_by_role("button", name="Decline").click()
    page.get_by_text("Declined: Nils No").wait_for()
    page.get_by_text("Nothing waits for you").wait_for()
    with met:
        assert Placement.objects.get(id=yes.id).state == "pursuing"
        assert Placement.objects.get(id=no.id).state == "declined"


def test_the_map_is_drawn_when_it_comes_near(site, open_page, met, alice):
    met.opportunity(title="Clinic Greeter")
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, address("board")))
    page.get_by_role("region", name="Map of schools").scroll_into_view_if_needed()
    pin = page.get_by_role("button", name="Clinic Greeter")
    pin.wait_for()
    pin.click()
    page.get_by_role("link", name="Clinic Greeter").wait_for()
    expect(page.locator(".leaflet-popup")).to_have_css("opacity", "1")  # it fades in
    check_accessible(page)


def test_the_teachers_link_on_a_phone_without_script(site, open_page, met, alice):
    teacher = met.person("teacher", given_name="Tom", family_name="Teach")
    placement = met.placement(met.opportunity().id, state="start_requested", teacher=teacher)
    with met:
        secret = Notice.objects.get(kind="start_requested", person=teacher).secret
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(site.url(met, f"/start/{secret}/"))
    assert page.get_by_role("button", name="Approve the start").is_visible()
    page.get_by_role("button", name="Approve the start").click()
    page.get_by_text("Approved:").wait_for()
    with met:
        assert Placement.objects.get(id=placement.id).state == "active"


def test_the_teachers_link_declines_on_a_phone(site, open_page, met, alice):
    teacher = met.person("teacher")
    placement = met.placement(met.opportunity().id, state="start_requested", teacher=teacher)
    with met:
        secret = Notice.objects.get(kind="start_requested", person=teacher).secret
    page = open_page(viewport=PHONE)
    page.goto(site.url(met, f"/start/{secret}/"))
    check_accessible(page)
    check_width(page)
    page.get_by_text("Not yet…").click()
    page.get_by_label("Reason").fill("Change the days.")
    check_accessible(page)
    page.get_by_role("button", name="Decline with this reason").click()
    page.get_by_text("can change the plan and ask again").wait_for()
    with met:
        assert Placement.objects.get(id=placement.id).state == "pursuing"


def test_every_staff_page_fits_and_is_accessible(site, open_page, met, academy, alice):
    teacher = met.person("teacher", given_name="Bartholomew", family_name="Featherstonehaugh")
    offer = met.opportunity(
        title="Assistant to the Interdisciplinary Rehabilitation Counselor",
        site_name="Grand Concourse Physiotherapy & Hydrotherapy Center",
        capacity=9,
    )
    student = met.student(given_name="Wilhelmina", family_name="Chandrasekharan-Oyelaran")
    requested = met.placement(offer.id, student=student)
    met.placement(offer.id)
    active = met.placement(offer.id, state="active", teacher=teacher)
    met.placement(offer.id, state="start_requested", teacher=teacher)
    met.release(offer, slots=2, ask_owner=True)
    academy.release(academy.opportunity())
    met.opportunity(title="Nobody's")
    with met:
        suggestion = suggest_site(
            student=student, suggestion=Suggestion(site_name="Bakery", reason="They bake at night.")
        )
    paths = [
        *(
            address(name)
            for name in (
                "board",
                "requests",
                "questions",
                "placements",
                "opportunities",
                "opportunity-add",
                "release-unwanted",
                "sites",
                "site-add",
                "suggestions-staff",
                "pool",
                "school-settings",
            )
        ),
        address("request", requested.id),
        address("placement-staff", active.id),
        address("placement-act", active.id, "end_early"),
        address("opportunity", offer.id),
        address("site", offer.site_id),
        address("suggestion-staff", suggestion.id),
    ]
    theirs = [address("advisees"), address("starts"), address("placement-teacher", active.id)]
    for person, addresses in ((alice, paths), (teacher, theirs)):
        page = open_page(viewport=SMALL_PHONE)
        sign_in(page, site, met, person)
        for path in addresses:
            page.set_viewport_size(SMALL_PHONE)
            page.goto(site.url(met, path))
            check_width(page)
            check_accessible(page)
            page.set_viewport_size(LAPTOP)
            check_width(page)
