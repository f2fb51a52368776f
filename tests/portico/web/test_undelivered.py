"""Mails that did not go: staff see why and send them again."""

import uuid

import pytest

from portico.due.runner import run_due
from portico.notices.actions import tell
from portico.notices.models import Notice
from tests.mailserver import MailServer

pytestmark = pytest.mark.django_db
DATA = {"title": "Urban Farm", "origin": "Academy", "reason": "Full."}
PLACES = [
    ("met", "coordinator", "/coordinator/undelivered/"),
    ("bronx", "district_admin", "/undelivered/"),
]


@pytest.fixture
def lost(met, settings):
    """A mail to an address nobody has."""
    person = met.student(email="wrong@example.org")
    with met:
        notice = tell(kind="owner_refused", person=person, data=DATA)
    with MailServer() as server:
        server.use(settings)
        server.fault = "refuse"
        run_due(region="bronx")
    return notice


@pytest.mark.parametrize(("world", "role", "path"), PLACES)
def test_who_may_see_it(request, world, role, path):
    world = request.getfixturevalue(world)
    assert world.client(world.person(role)).get(path).status_code == 200
    other = world.person("teacher" if role == "coordinator" else "partner_staff")
    assert world.client(other).get(path).status_code == 403
    assert world.client(other).post(f"{path}{uuid.uuid4()}/again/").status_code == 403
    assert world.client().get(path).headers["Location"].startswith("/sign-in/")
    assert world.client(world.person(role)).post(f"{path}{uuid.uuid4()}/again/").status_code == 404


def test_a_lost_mail_is_shown_with_its_reason_and_sent_again(met, lost, settings):
    client = met.client(met.coordinator())
    assert "1 mail could not be delivered" in client.get("/notices/").content.decode()
    page = client.get("/coordinator/undelivered/").content.decode()
    assert "wrong@example.org" in page
    assert "There is no mailbox with this address" in page
    with met:
        lost.person.email = "right@example.org"
        lost.person.save()
    for _click in range(2):
        answer = client.post(f"/coordinator/undelivered/{lost.id}/again/")
        assert answer.headers["Location"] == "/coordinator/undelivered/"
    with MailServer() as server:
        server.use(settings)
        run_due(region="bronx")
        assert [mail["To"] for mail in server.mails] == ["right@example.org"]
    with met:
        lost.refresh_from_db()
    assert lost.state == Notice.State.SENT
    assert "could not be delivered" not in client.get("/notices/").content.decode()


def test_a_student_hears_nothing_of_lost_mails(met, lost):
    page = met.client(lost.person).get("/notices/").content.decode()
    assert "could not be delivered" not in page


def test_another_schools_lost_mail_is_not_there(met, academy, lost):
    client = academy.client(academy.coordinator())
    assert "wrong@example.org" not in client.get("/coordinator/undelivered/").content.decode()
    assert client.post(f"/coordinator/undelivered/{lost.id}/again/").status_code == 404


def test_mails_still_tried_are_told_apart(met, settings):
    person = met.student()
    with met:
        tell(kind="owner_refused", person=person, data=DATA)
    with MailServer() as server:
        server.use(settings)
        server.fault = "later"
        run_due(region="bronx")
    page = met.client(met.coordinator()).get("/coordinator/undelivered/").content.decode()
    assert "Still being tried" in page
    assert "Every mail has gone" in page
    assert "takes no mail at the moment" in page
