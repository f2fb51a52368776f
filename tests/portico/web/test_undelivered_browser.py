"""Undelivered mail on a phone: a coordinator reads why, and sends it again."""

import pytest

from portico.due.runner import run_due
from portico.notices.actions import tell
from portico.notices.models import Notice
from tests.browser import LAPTOP, PHONE
from tests.mailserver import MailServer
from tests.portico.web.test_student_browser import check_accessible, check_width, sign_in

DATA = {"title": "Urban Farm", "origin": "Academy", "reason": "Full."}


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_a_lost_mail_is_sent_again(site, settings, open_page, met, viewport):
    alice = met.coordinator()
    person = met.student(email="wrong@example.org")
    with met:
        lost = tell(kind="owner_refused", person=person, data=DATA)
        tell(kind="owner_refused", person=met.student(), data=DATA)
    with MailServer() as server:
        server.use(settings)
        server.refused.add(person.email)
        run_due(region="bronx")

    page = open_page(viewport=viewport)
    sign_in(page, site, met, alice)
    page.goto(site.url(met, "/coordinator/undelivered/"))
    page.get_by_text("wrong@example.org").wait_for()
    page.get_by_text("There is no mailbox with this address").wait_for()
    check_accessible(page)
    check_width(page)
    page.get_by_role("button", name="Send again").click()
    page.get_by_text("The mail is on its way again.").wait_for()
    page.get_by_text("Every mail has gone").wait_for()
    check_accessible(page)
    check_width(page)
    with met:
        assert Notice.objects.get(id=lost.id).state == Notice.State.WAITING
