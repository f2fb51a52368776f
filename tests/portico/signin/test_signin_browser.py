"""Signing in, in a real browser: with a provider of the tests' own, with passkeys, on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Page, expect

from portico.notices.models import Notice
from portico.trust.actions import demand_second_step
from tests.browser import PHONE
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET
from tests.world import PASSWORD

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(autouse=True)
def _no_counters(site) -> None:
    cache.clear()


def _well(page: Page) -> None:
    """Readable by everybody, and no wider than the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _sign_in(page: Page, site, world, person) -> None:
    page.goto(site.url(world, "/sign-in/"))
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _virtual_phone(page: Page) -> None:
    """A phone that unlocks itself, by the browser's own protocol for tests."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_coordinator_sets_a_provider_up_and_a_teacher_comes_in_with_it(site, met, idp, open_page):
    alice = met.person("coordinator", password=PASSWORD)
    teacher = met.person("teacher", given_name="Ana")
    office = open_page()
    _sign_in(office, site, met, alice)
    office.goto(site.url(met, "/sign-in-settings/"))
    office.get_by_label("Provider").select_option("oidc")
    office.get_by_label("Name on the button").fill("School account")
    office.get_by_role("button", name="Add", exact=True).click()
    address = office.locator("code").first.inner_text()
    idp.redirect_uris = {address}
    office.get_by_label("Issuer").fill(idp.issuer)
    office.get_by_label("Client ID").fill(CLIENT_ID)
    office.get_by_label("Client secret").fill(CLIENT_SECRET)
    office.get_by_label("Show it on the sign-in page").check()
    _well(office)
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_text("The provider answers")).to_be_visible()

    idp.person = {"sub": "ana", "email": teacher.email, "email_verified": True}
    phone = open_page(viewport=PHONE)
    phone.goto(site.url(met, "/teacher/starts/"))
    _well(phone)
    phone.get_by_role("link", name="School account").click()
    phone.wait_for_url(site.url(met, "/teacher/starts/"))
    phone.goto(site.url(met, "/account/security/"))
    expect(phone.get_by_text("this browser")).to_be_visible()
    _well(phone)


def test_a_passkey_is_made_when_it_is_demanded_and_signs_in_alone(site, met, open_page):
    alice = met.person("coordinator", password=PASSWORD)
    with met:
        demand_second_step(actor=alice, roles=["coordinator"])
    page = open_page(viewport=PHONE)
    _virtual_phone(page)
    _sign_in(page, site, met, alice)
    expect(page.get_by_text("One thing before you go on")).to_be_visible()
    _well(page)
    page.get_by_role("link", name="Add a passkey").click()
    _well(page)
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator("ol code").count() == 10
    _well(page)
    page.get_by_role("link", name="I have kept them").click()
    page.goto(site.url(met, "/coordinator/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.context.clear_cookies()

    page.goto(site.url(met, "/sign-in/"))
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(site.url(met, "/coordinator/"))
    page.context.clear_cookies()

    _sign_in(page, site, met, alice)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    _well(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(site.url(met, "/coordinator/"))


def test_a_code_by_email_and_a_way_to_ones_school_on_a_phone(site, bronx, met, open_page):
    student = met.student()
    page = open_page(viewport=PHONE)
    page.goto(site.url(bronx, "/sign-in/"))
    page.get_by_role("link", name="find your school").click()
    _well(page)
    page.get_by_role("link", name="The Met High School").click()
    page.get_by_role("link", name="Send me a code by e-mail").click()
    _well(page)
    page.get_by_label("E-mail").fill(student.email)
    page.get_by_role("button", name="Send the code").click()
    _well(page)
    with met:
        code = Notice.objects.get(kind="sign_in_code").secret
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(site.url(met, "/"))
