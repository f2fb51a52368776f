"""Check-in without a network, in a real browser against the real site: nothing that was tapped is
lost, nothing counts twice, nothing lands under another's name."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from portico.accounts.models import Person
from portico.attendance.models import Attendance, Source, Tap
from portico.internships.actions import end_placement
from portico.internships.models import Placement
from portico.signin.models import Session
from tests.browser import ARGUMENTS, PHONE, find_chromium
from tests.portico.web.phone import PERMISSIONS, Phone, days_of, intern, taps_of
from tests.world import School

EVENTS = "/check-in/events/"


@pytest.fixture
def alice(site: Any, met: School) -> Person:
    return intern(met, given_name="Amara", family_name="Osei")


@pytest.fixture
def bob(alice: Person, met: School) -> Person:
    return intern(met, given_name="Bo", family_name="Lindqvist")


@pytest.fixture
def phone(get_phone: Callable[..., Phone], alice: Person) -> Phone:
    """Alice's, signed in."""
    phone = get_phone()
    phone.open_as(alice)
    return phone


def test_taps_without_a_network_are_sent_once_when_it_is_back(phone, met, alice):
    phone.lose_network()
    phone.open()  # the app opens all the same
    expect(phone.page.get_by_role("heading", name="Grand Concourse Rehab")).to_be_visible()
    expect(phone.page.get_by_text("Offline")).to_be_visible()
    phone.check_in("Learn the front desk")
    phone.expect_items(waiting=1)
    expect(phone.status).to_contain_text("Saved on this phone")
    expect(phone.page.get_by_text("Here since")).to_be_visible()
    phone.page.get_by_label("Learn the front desk").check()
    phone.check_out()
    phone.expect_items(waiting=2, sent=0)
    assert days_of(met, alice) == []

    phone.find_network()
    phone.expect_items(waiting=0, sent=2)
    [day] = days_of(met, alice)
    assert day.state == Attendance.State.CLOSED
    assert day.goals == [{"text": "Learn the front desk", "done": True}]
    assert len(taps_of(met, alice)) == 2

    phone.open()  # and nothing is sent again
    phone.expect_items(waiting=0, sent=2)
    assert len(taps_of(met, alice)) == 2


def test_other_pages_lead_to_check_in_without_a_network(phone):
    phone.lose_network()
    phone.open("/journey/")
    expect(phone.page.get_by_role("heading", name="You are offline")).to_be_visible()
    phone.page.get_by_role("link", name="Go to check-in").click()
    expect(phone.page.get_by_role("button", name="Check in", exact=True)).to_be_visible()


def test_a_closed_app_keeps_what_was_tapped(browser, site, met, alice, tmp_path: Path):
    def start() -> Phone:
        context = browser.browser_type.launch_persistent_context(
            tmp_path,
            executable_path=_program(browser),
            args=list(ARGUMENTS),
            viewport=PHONE,
            permissions=PERMISSIONS,
            service_workers="allow",
            locale="en-US",
        )
        return Phone(context, site=site, school=met)

    phone = start()
    phone.open_as(alice)
    phone.lose_network()
    phone.check_in()
    phone.expect_items(waiting=1)
    phone.close()  # the whole browser ends
    assert days_of(met, alice) == []

    phone = start()
    phone.open()
    phone.expect_items(waiting=0, sent=1)
    phone.close()
    assert [tap.kind for tap in taps_of(met, alice)] == [Tap.Kind.IN]


def _program(browser: Browser) -> str:
    from types import SimpleNamespace

    found = find_chromium(SimpleNamespace(chromium=browser.browser_type))  # type: ignore[arg-type]
    assert found is not None
    return str(found)


def test_three_resends_at_once_are_one_row(phone, met, alice):
    phone.stop_events()
    phone.check_in()
    phone.expect_items(waiting=1)
    phone.expect_stopped()
    phone.let_events_through()
    statuses = phone.page.evaluate(
        """async (body) => {
          const state = await (await fetch("/check-in/state.json")).json();
          const send = () => fetch("/check-in/events/", {method: "POST", body, headers: {
            "Content-Type": "application/json", "X-CSRFToken": state.csrf,
            "Idempotency-Key": JSON.parse(body).key}});
          return (await Promise.all([send(), send(), send()])).map((answer) => answer.status);
        }""",
        phone.stopped[0],
    )
    assert sorted(statuses) == [200, 200, 201]
    assert len(taps_of(met, alice)) == 1
    phone.open()  # the phone itself has not heard yet that it arrived
    phone.expect_items(waiting=0, sent=1)
    assert (len(days_of(met, alice)), len(taps_of(met, alice))) == (1, 1)


def test_three_tabs_that_find_the_network_send_once(phone, met, alice):
    tabs = [phone.new_tab() for _ in range(2)]
    for tab in tabs:
        tab.goto(phone.page.url)
    arrived: list[str] = []
    phone.context.on(
        "request", lambda request: arrived.append(request.url) if EVENTS in request.url else None
    )
    phone.lose_network()
    phone.check_in()
    phone.expect_items(waiting=1)
    arrived.clear()
    phone.find_network()
    for tab in (phone.page, *tabs):
        expect(tab.locator("[data-part=items] > [data-state=sent]")).to_have_count(1)
    assert len(arrived) == 1
    assert len(taps_of(met, alice)) == 1


def test_on_a_shared_phone_each_sees_and_sends_only_their_own(phone, met, alice, bob):
    phone.stop_events()
    phone.check_in("Amara’s goal")
    phone.expect_items(waiting=1)
    phone.expect_stopped()
    phone.sign_out()
    warning = phone.page.get_by_role("dialog", name="Your check-ins are not sent yet")
    warning.get_by_role("button", name="Stay signed in").click()
    expect(phone.page.get_by_text("Signed in as Amara Osei")).to_be_visible()
    phone.sign_out()
    warning.get_by_role("button", name="Sign out").click()
    expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible()

    phone.let_events_through()
    phone.open()
    phone.sign_in(bob)
    expect(phone.page.get_by_text("Signed in as Bo Lindqvist")).to_be_visible()
    phone.expect_items(waiting=0, sent=0)
    phone.check_in("Bo’s goal")
    phone.expect_items(waiting=0, sent=1)
    assert "Amara" not in phone.page.content()
    assert days_of(met, alice) == []
    [day] = days_of(met, bob)
    assert day.goals[0]["text"] == "Bo’s goal"

    phone.sign_out()  # nothing unsent: no question
    expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible()
    phone.open()
    phone.sign_in(alice)
    phone.expect_items(waiting=0, sent=1)
    [day] = days_of(met, alice)
    assert day.goals[0]["text"] == "Amara’s goal"
    assert len(days_of(met, bob)) == 1


def test_signed_out_there_is_nobody_to_check_in_without_a_network(phone):
    phone.sign_out()
    expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible()
    phone.lose_network()
    phone.open()
    expect(phone.page.get_by_text("Nobody is signed in on this phone")).to_be_visible()
    assert "Amara" not in phone.page.content()


@pytest.mark.parametrize("hours", [-5, 3])
def test_a_clock_hours_off_is_put_right(get_phone, met, alice, hours):
    phone = get_phone()
    phone.shift_clock(hours * 3600 * 1000)
    phone.open_as(alice)
    phone.lose_network()
    phone.open()  # a page that never heard the school's time
    before = timezone.now()
    phone.check_in()
    phone.expect_items(waiting=1)
    after = timezone.now()
    phone.find_network()
    phone.expect_items(sent=1)
    [day] = days_of(met, alice)
    slack = datetime.timedelta(seconds=20)  # a slow answer makes the measured skew less exact
    assert before - slack <= day.check_in_at <= after + slack
    [tap] = taps_of(met, alice)
    off = tap.client_time - day.check_in_at
    assert abs(off - datetime.timedelta(hours=hours)) < slack
    assert abs(datetime.timedelta(milliseconds=tap.skew_ms) + off) < slack
    assert tap.elapsed_ms is not None


def end_sessions(school: School) -> None:
    with school:
        Session.objects.all().delete()


def test_an_expired_sign_in_keeps_the_taps_and_asks_to_sign_in(phone, met, alice):
    end_sessions(met)
    phone.check_in()
    notice = phone.page.locator("[data-part=sign-in]")
    expect(notice).to_contain_text("Sign in again to send your saved check-ins.")
    phone.expect_items(waiting=1, sent=0)
    phone.page.get_by_role("link", name="Sign in again").click()
    phone.sign_in(alice)
    phone.expect_items(waiting=0, sent=1)
    assert len(taps_of(met, alice)) == 1


def test_a_changed_password_keeps_the_taps(phone, met, alice):
    phone.lose_network()
    phone.check_in()
    phone.expect_items(waiting=1)
    with met:
        alice.set_password("another horse entirely")
        alice.save()
    phone.find_network()
    phone.page.get_by_role("link", name="Sign in again").click()
    phone.sign_in(alice, password="another horse entirely")
    phone.expect_items(waiting=0, sent=1)
    assert len(taps_of(met, alice)) == 1


def test_a_placement_that_ended_meanwhile_still_has_the_day(phone, met, alice):
    phone.lose_network()
    phone.check_in()
    phone.expect_items(waiting=1)
    coordinator = met.coordinator()
    with met:
        placement = Placement.objects.get(student=alice)
        end_placement(
            placement_id=placement.id, actor=coordinator, completed=True, reason="Season over."
        )
    phone.find_network()
    phone.expect_items(waiting=0, sent=1)
    [day] = days_of(met, alice)
    assert day.placement_id == placement.id
    expect(phone.page.get_by_text("No internship to check in to")).to_be_visible()


def test_what_the_school_refuses_stays_with_its_reason_until_removed(phone, met, alice):
    phone.lose_network()
    phone.check_in()
    phone.expect_items(waiting=1)
    with met:  # as if the start had been taken back
        Placement.objects.filter(student=alice).update(started_at=None)
    phone.find_network()
    phone.expect_items(waiting=0, refused=1)
    refused = phone.items("refused")
    expect(refused).to_contain_text("You do not intern there")
    phone.open()
    phone.expect_items(refused=1)

    with met:
        Placement.objects.filter(student=alice).update(started_at=timezone.now())
    refused.get_by_role("button", name="Try again").click()
    phone.expect_items(refused=0, sent=1)
    assert len(taps_of(met, alice)) == 1


def test_a_refused_tap_can_be_removed(phone, met, alice):
    with met:
        Placement.objects.filter(student=alice).update(started_at=None)
    phone.check_in()
    phone.expect_items(refused=1)
    phone.items("refused").get_by_role("button", name="Remove").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    phone.expect_items(refused=1)
    phone.items("refused").get_by_role("button", name="Remove").click()
    phone.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    phone.expect_items(refused=0)
    assert taps_of(met, alice) == []


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 503, "body": "busy"},
        {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to Free Wi-Fi</h1>"},
        {"status": 404, "content_type": "text/html", "body": "<h1>Not found</h1>"},
    ],
    ids=["the server is in trouble", "a café's sign-in page", "somebody else answers"],
)
def test_only_the_schools_own_answer_counts(phone, met, alice, answer):
    phone.stop_events(lambda route: route.fulfill(**answer))
    phone.check_in()
    phone.expect_items(waiting=1, sent=0, refused=0)
    phone.expect_stopped()
    expect(phone.status).to_contain_text("will send when you have signal")
    phone.let_events_through()
    phone.open()
    phone.expect_items(waiting=0, sent=1)
    assert len(taps_of(met, alice)) == 1


def test_the_worker_sends_what_waits_with_the_app_closed(phone, met, alice):
    phone.stop_events()
    phone.check_in()
    phone.expect_items(waiting=1)
    phone.expect_stopped()
    inspector = phone.context.new_cdp_session(phone.page)
    registrations: list[str] = []
    inspector.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(one["registrationId"] for one in event["registrations"]),
    )
    inspector.send("ServiceWorker.enable")
    origin = phone.page.evaluate("location.origin")
    phone.page.goto("about:blank")
    assert taps_of(met, alice) == []
    phone.let_events_through()  # only now: the page itself tries again every so often
    inspector.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": origin,
            "registrationId": registrations[-1],
            "tag": "check-ins",
            "lastChance": False,
        },
    )
    phone.wait_until(lambda: taps_of(met, alice))
    phone.open()
    phone.expect_items(waiting=0, sent=1)
    assert [tap.attendance.check_in_source for tap in _with_days(met, alice)] == [Source.PHONE]


def _with_days(school: School, student: Person) -> list[Tap]:
    with school:
        return list(
            Tap.objects.filter(attendance__placement__student=student).select_related("attendance")
        )
