"""A student's phone for browser tests: one browser profile, its network, its clock."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Route,
    expect,
)

from portico.accounts.models import Person
from portico.attendance.models import Attendance, Tap
from portico.internships.models import Placement
from tests.browser import PHONE
from tests.world import PASSWORD, School, TenantWorld

# Playwright's list of permissions is also a list of what is denied. Here that is Background Sync:
# the tests show that check-in does without it, as on most phones.
PERMISSIONS = ["notifications"]
# Not whether it controls this page: one that was already loading when the worker became active is
# left alone, the next one is not.
WORKER_READY = """async (address) => {
  for (const start = performance.now(); performance.now() - start < 30000; ) {
    const { active } = await navigator.serviceWorker.ready;
    if (active.scriptURL.includes(address) && active.state === "activated") return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no worker at ${address}`);
}"""
NETWORK_NOISE = "Failed to load resource"  # what Chromium logs when a request had no network

SHIFTED_CLOCK = """
const offset = %d, Real = Date;
globalThis.Date = class extends Real {
  constructor(...parts) { parts.length ? super(...parts) : super(Real.now() + offset); }
  static now() { return Real.now() + offset; }
};
"""


class Phone:
    """`page` is the app. Opens at the school's check-in page."""

    def __init__(self, context: BrowserContext, *, site: Any, school: TenantWorld) -> None:
        self.context = context
        self.site = site
        self.school = school
        self.complaints: list[str] = []
        self.stopped: list[str] = []  # bodies of events that `stop_events` kept from the school
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and NETWORK_NOISE not in message.text:
            self.complaints.append(message.text)

    def shift_clock(self, milliseconds: int) -> None:
        self.context.add_init_script(SHIFTED_CLOCK % milliseconds)

    def open(self, path: str = "/check-in/") -> None:
        self.page.goto(self.site.url(self.school, path))

    def sign_in(self, person: Person, *, password: str = PASSWORD) -> None:
        """Sign in on the page that asks for it, and be back at check-in."""
        self.page.get_by_label("E-mail").fill(person.email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Check in", exact=True)).to_be_visible()

    def open_as(self, person: Person) -> None:
        """Signed in, with everything kept that check-in needs without a network."""
        self.open()
        self.sign_in(person)
        expect(self.page.locator("[data-part=who]")).to_contain_text(person.full_name)
        self.page.evaluate(WORKER_READY, "/sw.js")

    def lose_network(self) -> None:
        self.context.set_offline(True)

    def find_network(self) -> None:
        self.context.set_offline(False)

    def stop_events(self, answer: Callable[[Route], None] | None = None) -> None:
        """The page loads, but what is tapped does not arrive (or is answered by *answer*)."""

        def stop(route: Route) -> None:
            (answer or Route.abort)(route)
            self.stopped.append(route.request.post_data or "")

        self.context.route("**/check-in/events/", stop)

    def expect_stopped(self) -> None:
        """The page has tried, and heard that it did not arrive: nothing is under way any more."""
        self.wait_until(lambda: self.stopped)
        # while it tries it says something else
        expect(self.status).to_contain_text("Saved on this phone")

    def wait_until(self, is_so: Callable[[], Any], *, seconds: int = 15) -> None:
        """Looks again every so often; the browser goes on meanwhile."""
        for _ in range(seconds * 20):
            if is_so():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not so after {seconds} seconds")

    def let_events_through(self) -> None:
        self.context.unroute("**/check-in/events/")

    def check_in(self, goal: str = "Greet visitors") -> None:
        self.page.get_by_role("textbox", name="Goal").first.fill(goal)
        self.page.get_by_role("button", name="Check in", exact=True).click()

    def sign_out(self) -> None:
        """The button; the page may ask before it does."""
        menu = self.page.locator(".site-header details.menu")
        if menu.get_attribute("open") is None:
            menu.locator("summary").click()
        menu.get_by_role("button", name="Sign out").click()

    def check_out(self) -> None:
        self.page.get_by_role("button", name="Check out", exact=True).click()

    @property
    def status(self) -> Locator:
        """What the page says about the last tap."""
        return self.page.locator("[data-part=status]")

    def items(self, state: str) -> Locator:
        return self.page.locator(f"#check-in li[data-state={state}]")

    def expect_items(self, **counts: int) -> None:
        """`expect_items(waiting=1, sent=0)`: what the page lists of this person's taps."""
        for state, count in counts.items():
            expect(self.items(state)).to_have_count(count)

    def close(self) -> None:
        self.context.close()


def new_phone(browser: Browser, *, site: Any, school: TenantWorld, **options: Any) -> Phone:
    options.setdefault("permissions", PERMISSIONS)
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        service_workers="allow",
        locale="en-US",
        timezone_id="America/New_York",
        **options,
    )
    return Phone(context, site=site, school=school)


def intern(school: School, **facts: Any) -> Person:
    """A student whose internship is under way, with hours today."""
    student = school.student(password=PASSWORD, **facts)
    offer = school.opportunity(site_name="Grand Concourse Rehab")
    placement = school.placement(offer.id, state="active", student=student)
    today = timezone.localdate()
    with school:
        Placement.objects.filter(id=placement.id).update(
            starts_on=today - datetime.timedelta(days=30),
            ends_on=today + datetime.timedelta(days=90),
            days=[1, 2, 3, 4, 5, 6, 7],
        )
    return student


def days_of(school: School, student: Person) -> list[Attendance]:
    with school:
        return list(Attendance.objects.filter(placement__student=student))


def taps_of(school: School, student: Person) -> list[Tap]:
    with school:
        return list(Tap.objects.filter(attendance__placement__student=student))
