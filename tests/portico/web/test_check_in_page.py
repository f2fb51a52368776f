"""The check-in page with a network: goals, place, way out, worries; and without script."""

import datetime
import zoneinfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from portico.attendance.models import Attendance, AttendancePolicy, StudentChoice, Where
from portico.internships.models import Placement
from tests.browser import PHONE
from tests.portico.web.phone import WORKER_READY, days_of, intern
from tests.world import PASSWORD

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")  # a school's zone unless it says another
SITE_POSITION = {"latitude": 40.82, "longitude": -73.9, "accuracy": 20}


def expect_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]


def test_the_whole_day_by_phone(get_phone, met, site):
    alice = intern(met, given_name="Amara", family_name="Osei")
    with met:
        AttendancePolicy.objects.create(questions=[{"id": "mood", "text": "How do you feel?"}])
    phone = get_phone(permissions=["geolocation"], geolocation=SITE_POSITION)
    phone.open_as(alice)
    expect_accessible(phone.page)
    phone.page.get_by_role("button", name="Check in", exact=True).click()
    expect(phone.page.get_by_text("Write down at least one goal.")).to_be_visible()
    phone.page.get_by_role("textbox", name="Goal").first.fill("Greet visitors")
    phone.page.get_by_role("button", name="Another goal").click()
    phone.page.get_by_role("textbox", name="Goal").nth(1).fill("Keep a log")
    phone.page.get_by_label("How do you feel?").fill("Curious")
    phone.page.get_by_role("button", name="Check in", exact=True).click()
    phone.expect_items(sent=1)
    expect(phone.status).to_contain_text("You are checked in since")
    [day] = days_of(met, alice)
    assert [goal["text"] for goal in day.goals] == ["Greet visitors", "Keep a log"]
    assert day.answers == {"mood": "Curious"}
    assert day.where_in == Where.AT_SITE
    expect_accessible(phone.page)

    phone.page.get_by_label("Greet visitors").check()
    phone.page.get_by_label("How was it, in a line").fill("The phone never stopped.")
    phone.page.get_by_role("radio", name="Good", exact=True).check(force=True)
    phone.page.get_by_text("Something is not right").click()
    expect(phone.page.get_by_text("Only your school’s coordinator reads this.")).to_be_visible()
    phone.page.get_by_label("What happened?").fill("I was asked to stay late.")
    expect_accessible(phone.page)
    phone.check_out()
    phone.expect_items(sent=2)
    [day] = days_of(met, alice)
    assert day.state == Attendance.State.CLOSED
    assert [goal["done"] for goal in day.goals] == [True, False]
    assert (day.reflection, day.pulse) == ("The phone never stopped.", 4)
    assert day.worry == "I was asked to stay late."
    expect_accessible(phone.page)
    kept = phone.page.evaluate(
        """() => new Promise((resolve) => {
          indexedDB.open("portico-check-in").onsuccess = ({target: {result: database}}) => {
            database.transaction("queue").objectStore("queue").getAll().onsuccess =
              ({target}) => resolve(JSON.stringify(target.result));
          };
        })"""
    )
    assert "asked to stay late" not in kept  # what was written goes once it has arrived
    assert "latitude" not in kept


def test_goals_left_over_are_offered(get_phone, met, site):
    alice = intern(met)
    with met:
        placement = Placement.objects.get(student=alice)
        yesterday(
            placement,
            goals=[("Learn the till", False), ("Stock shelves", True)],
            state=Attendance.State.CLOSED,
        )
    phone = get_phone()
    phone.open_as(alice)
    offered = phone.page.get_by_role("checkbox", name="Learn the till")
    expect(offered).to_be_checked()
    expect(phone.page.get_by_role("checkbox", name="Stock shelves")).to_have_count(0)
    phone.page.get_by_role("button", name="Check in", exact=True).click()  # one tap
    phone.expect_items(sent=1)
    today = next(day for day in days_of(met, alice) if day.state == Attendance.State.OPEN)
    assert [goal["text"] for goal in today.goals] == ["Learn the till"]


def test_a_forgotten_check_out_is_confirmed_or_put_right(get_phone, met, site):
    alice = intern(met)
    with met:
        placement = Placement.objects.get(student=alice)
        yesterday(placement, goals=[("Sweep", True)], state=Attendance.State.ESTIMATED)
    phone = get_phone()
    phone.open_as(alice)
    expect(phone.page.get_by_text("you did not check out at Grand Concourse Rehab")).to_be_visible()
    phone.page.get_by_text("No, it was another time").click()
    phone.page.get_by_label("Until").fill("13:15")
    phone.page.get_by_role("button", name="That is right", exact=True).click()
    phone.expect_items(sent=1)
    expect(phone.page.get_by_text("you did not check out")).to_have_count(0)
    [day] = days_of(met, alice)
    assert day.state == Attendance.State.CLOSED
    assert f"{day.check_out_at.astimezone(NEW_YORK):%H:%M}" == "13:15"


def yesterday(placement: Placement, *, goals: list[tuple[str, bool]], state: str) -> None:
    """A day from ten to three at the school's clock."""
    today = timezone.now().astimezone(NEW_YORK)
    noon = (today - datetime.timedelta(days=1)).replace(hour=12, minute=0, second=0)
    Attendance.objects.create(
        placement=placement,
        day=noon.date(),
        state=state,
        check_in_at=noon - datetime.timedelta(hours=2),
        check_out_at=noon + datetime.timedelta(hours=3),
        goals=[{"text": text, "done": done} for text, done in goals],
        created_at=noon,
    )


@pytest.mark.parametrize("choice", ["switched off", "refused by the phone"])
def test_without_a_position_the_check_in_counts_all_the_same(get_phone, met, site, choice):
    alice = intern(met)
    denied = choice == "refused by the phone"
    phone = get_phone(
        permissions=["notifications"] if denied else ["geolocation"], geolocation=SITE_POSITION
    )
    phone.open_as(alice)
    switch = phone.page.get_by_role("switch", name="Use my location")
    expect(switch).to_be_checked()
    if not denied:
        switch.click()
        expect(phone.page.get_by_text("Your location is not read.")).to_be_visible()
    phone.check_in()
    phone.expect_items(sent=1)
    [day] = days_of(met, alice)
    assert day.where_in == (Where.REFUSED if denied else Where.OFF)
    assert day.distance_in is None
    with met:
        off = StudentChoice.objects.filter(student=alice, share_location=False)
        assert off.exists() is not denied
    phone.open()
    expect(phone.page.get_by_role("switch", name="Use my location")).to_be_checked(checked=denied)


def test_location_switched_off_without_a_network_is_off_at_once(get_phone, met, site):
    alice = intern(met)
    phone = get_phone(permissions=["geolocation"], geolocation=SITE_POSITION)
    phone.open_as(alice)
    phone.lose_network()
    phone.page.get_by_role("switch", name="Use my location").click()
    phone.check_in()
    phone.expect_items(waiting=1)
    phone.find_network()
    phone.expect_items(sent=1)
    [day] = days_of(met, alice)
    assert day.where_in == Where.OFF
    with met:
        assert StudentChoice.objects.filter(student=alice, share_location=False).exists()


def test_nothing_asks_for_the_position_before_the_tap(get_phone, met, site):
    alice = intern(met)
    phone = get_phone(permissions=["geolocation"], geolocation=SITE_POSITION)
    phone.context.add_init_script(
        """globalThis.asked = 0;
        const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
        navigator.geolocation.getCurrentPosition = (...rest) => { asked += 1; ask(...rest); };"""
    )
    phone.open_as(alice)
    phone.open()
    expect(phone.page.get_by_role("heading", name="Grand Concourse Rehab")).to_be_visible()
    assert phone.page.evaluate("asked") == 0
    phone.check_in()
    phone.expect_items(sent=1)
    assert phone.page.evaluate("asked") == 1


def test_a_tap_is_kept_when_the_app_closes_before_the_phone_knows_where_it_is(get_phone, met, site):
    alice = intern(met)
    phone = get_phone(permissions=["geolocation"], geolocation=SITE_POSITION)
    phone.open_as(alice)
    phone.page.evaluate("() => { navigator.geolocation.getCurrentPosition = () => {}; }")
    phone.check_in()
    phone.expect_items(locating=1)
    expect(phone.status).to_contain_text("Saved on this phone. Looking where you are")
    assert days_of(met, alice) == []
    phone.open()
    phone.expect_items(locating=0, sent=1)
    [day] = days_of(met, alice)
    assert day.where_in == Where.UNAVAILABLE


def test_without_a_network_the_page_speaks_the_persons_language(get_phone, met, site):
    alice = intern(met, given_name="Amara", language="es")
    phone = get_phone()
    phone.open("/sign-in/")  # the worker starts here, in English
    phone.page.evaluate(WORKER_READY, "language=en")
    phone.page.get_by_label("E-mail").fill(alice.email)
    phone.page.get_by_label("Password").fill(PASSWORD)
    phone.page.get_by_role("button", name="Sign in").click()
    expect(phone.page.locator("html")).to_have_attribute("lang", "es")
    phone.open()
    expect(phone.page.locator("[data-part=who]")).to_contain_text("Amara")
    phone.page.evaluate(WORKER_READY, "language=es")
    phone.lose_network()
    phone.open()
    expect(phone.page.locator("html")).to_have_attribute("lang", "es")
    expect(phone.page.get_by_role("heading", name="Grand Concourse Rehab")).to_be_visible()


def test_the_plain_form_does_the_same_without_script(browser, site, met):
    alice = intern(met)
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(site.url(met, "/check-in/"))
    page.get_by_label("E-mail").fill(alice.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox", name="Goal").first.fill("Greet visitors")
    page.get_by_role("button", name="Check in", exact=True).click()
    expect(page.get_by_text("You are checked in since")).to_be_visible()
    page.get_by_label("Greet visitors").check()
    page.get_by_role("radio", name="Great").check(force=True)
    page.get_by_role("button", name="Check out", exact=True).click()
    expect(page.get_by_text("You are checked out since")).to_be_visible()
    expect(page.get_by_role("button", name="Check out")).to_have_count(0)
    context.close()
    [day] = days_of(met, alice)
    assert (day.state, day.pulse) == (Attendance.State.CLOSED, 5)
    assert day.goals == [{"text": "Greet visitors", "done": True}]


def test_controls_are_as_large_as_a_thumb_and_nothing_is_wider_than_the_phone(get_phone, met, site):
    phone = get_phone()
    phone.open_as(intern(met))
    phone.check_in()
    phone.expect_items(sent=1)
    small = phone.page.evaluate(
        """() => [...document.querySelectorAll("#check-in :is(button, a, summary, label, input)")]
          .map((element) => element.closest("label") ?? element)
          .filter((element) => element.checkVisibility())
          .filter((element) => element.getBoundingClientRect().height < 44)
          .map((element) => element.outerHTML)"""
    )
    assert small == []
    for width in (320, 390):
        phone.page.set_viewport_size({"width": width, "height": 800})
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= width
