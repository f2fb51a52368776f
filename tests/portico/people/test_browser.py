"""On a phone: a coordinator finds a student, sees what they see, and stops; mails are chosen."""

import pytest

from portico.audit.models import Entry
from tests.browser import PHONE
from tests.portico.web.test_student_browser import check_accessible, check_width, sign_in


@pytest.fixture
def alice(committed_db, met):
    return met.person("coordinator", "school_admin", given_name="Ana", family_name="Rivera")


def test_seen_as_a_student_and_back(site, open_page, met, alice):
    met.student(given_name="Luz", family_name="Ortiz")
    met.placement(met.opportunity().id, state="pursuing", student=met.student(given_name="Sam"))
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, "/people/"))
    check_accessible(page)
    check_width(page)
    page.get_by_role("link", name="Student", exact=True).click()
    page.get_by_role("link", name="Luz Ortiz").click()
    page.get_by_role("button", name="See as this student").click()
    banner = page.get_by_role("complementary", name="Seen as a student")
    banner.get_by_text("Luz Ortiz").wait_for()
    check_accessible(page)
    check_width(page)
    banner.get_by_role("button", name="Stop").click()
    page.get_by_text("You see your own pages again.").wait_for()
    page.get_by_text("looked at the portal as they see it").wait_for()
    check_accessible(page)
    with met:
        seen = Entry.objects.filter(action__startswith="viewed_as").order_by("id")
        assert [one.actor_label for one in seen] == ["Ana Rivera", "Ana Rivera"]


def test_a_substitute_is_appointed_and_somebody_added(site, open_page, met, alice):
    met.person("teacher", given_name="Tom", family_name="Teach")
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, "/people/substitutes/"))
    check_accessible(page)
    check_width(page)
    page.get_by_label("Teacher who is away").select_option(label="Tom Teach")
    page.get_by_label("Until the end of").fill(
        page.evaluate("new Date().toISOString().slice(0, 10)")
    )
    page.get_by_label("Given name").fill("Sue")
    page.get_by_label("Family name").fill("Sub")
    page.get_by_label("E-mail").fill("sue@example.org")
    page.get_by_role("button", name="Appoint").click()
    page.get_by_text("for Tom Teach, to the end of").wait_for()
    check_accessible(page)
    page.goto(site.url(met, "/people/new/"))
    check_accessible(page)
    check_width(page)
    page.get_by_label("Given name").fill("Nia")
    page.get_by_label("Family name").fill("New")
    page.get_by_label("E-mail").fill("nia@example.org")
    page.get_by_label("coordinator").check()
    page.get_by_role("button", name="Add and invite").click()
    page.get_by_role("heading", name="Nia New").wait_for()
    check_accessible(page)


def test_what_comes_by_mail_is_chosen(site, open_page, met, alice):
    page = open_page(viewport=PHONE)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, "/notices/choices/"))
    check_accessible(page)
    check_width(page)
    page.get_by_role("group", name="New requests and suggestions").get_by_text("once a day").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    with met:
        alice.refresh_from_db()
    assert alice.mail_choices == {"requests": "daily"}
