"""What comes by e-mail: at once, once a day, never; chosen, and ended by a mail's link."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as site_settings

from portico.due.runner import run_due
from portico.notices.actions import tell
from portico.notices.choosing import choose_mail
from portico.notices.daily import next_daily
from portico.notices.kinds import KINDS
from portico.notices.models import Notice
from portico.notices.topics import ALWAYS, TOPIC_OF, TOPICS, How
from tenants.errors import Refused
from tests.mailserver import MailServer
from tests.world import School

NEW_YORK = ZoneInfo("America/New_York")
WORDS = {
    "title": "Farm",
    "origin": "Bridge Works",
    "reason": "Full",
    "student": "Sam",
    "site": "Growers",
    "placement": "p",
    "starts_on": "2027-02-01",
    "count": 2,
    "name": "art",
    "address": "q=art",
}


@pytest.fixture
def server(settings):
    with MailServer() as server:
        server.use(settings)
        yield server


def choose(school: School, person, **choices: str):
    with school:
        return choose_mail(person_id=person.id, choices=choices)


def told(school: School, person, kind: str) -> Notice:
    with school:
        person.refresh_from_db()
        return tell(kind=kind, person=person, data=WORDS)


def test_every_kind_has_one_topic_or_always_comes_and_is_usual_as_it_is_made():
    assert set(KINDS) == set(TOPIC_OF) | ALWAYS
    assert not set(TOPIC_OF) & ALWAYS
    assert len(TOPIC_OF) == sum(len(topic.kinds) for topic in TOPICS.values())
    for kind, topic in TOPIC_OF.items():
        assert KINDS[kind].mail == (topic.usual == How.NOW), kind
    assert TOPICS["starts"].must
    assert TOPICS["safety"].must


@pytest.mark.django_db
def test_at_once_or_never_as_chosen_and_always_in_the_portal(met: School, server):
    sam, alice = met.student(), met.person("coordinator")
    choose(met, sam, finds="never")
    choose(met, alice, requests="now")
    assert told(met, sam, "search_matches").state == Notice.State.PORTAL
    assert told(met, sam, "owner_refused").state == Notice.State.WAITING
    assert told(met, alice, "request_new").state == Notice.State.WAITING
    assert run_due(region="bronx") == 2
    assert {mail["To"] for mail in server.mails} == {sam.email, alice.email}
    assert b"Farm" in met.client(sam).get("/notices/").content


@pytest.mark.django_db
@pytest.mark.parametrize("choices", [{"starts": "never"}, {"finds": "now"}, {"week": "weekly"}])
def test_what_cannot_be_chosen(met: School, choices: dict):
    teacher = met.person("teacher")
    with pytest.raises(Refused) as refusal:
        choose(met, teacher, **choices)
    assert refusal.value.code == "topic"
    assert told(met, teacher, "start_requested").state == Notice.State.WAITING


@pytest.mark.django_db
def test_once_a_day_is_one_mail_after_school(met: School, server):
    with time_machine.travel(datetime(2027, 3, 10, 9, tzinfo=NEW_YORK), tick=False) as clock:
        alice = met.person("coordinator", language="es")
        choose(met, alice, requests="daily", placements="daily")
        told(met, alice, "request_new")
        told(met, alice, "placement_withdrawn")
        run_due(region="bronx")
        assert server.mails == []
        clock.move_to(datetime(2027, 3, 10, 16, 30, tzinfo=NEW_YORK))
        run_due(region="bronx")
        (mail,) = server.mails
        text = mail.get_payload()[0].get_payload(decode=True).decode()
        assert text.count("– Sam") == 2
        assert text.count("Farm") == 2
        clock.move_to(datetime(2027, 3, 12, 16, 30, tzinfo=NEW_YORK))
        run_due(region="bronx")
        assert len(server.mails) == 1  # a day without news has no mail
        with met:
            assert Notice.objects.filter(person=alice).count() == 2
            assert not Notice.objects.filter(state=Notice.State.DAILY).exists()


@pytest.mark.django_db
def test_whoever_has_left_gets_no_daily_mail(met: School, server):
    with time_machine.travel(datetime(2027, 3, 10, 9, tzinfo=NEW_YORK), tick=False) as clock:
        alice = met.person("coordinator")
        choose(met, alice, requests="daily")
        told(met, alice, "request_new")
        with met:
            alice.is_active = False
            alice.save()
        clock.move_to(datetime(2027, 3, 10, 17, tzinfo=NEW_YORK))
        run_due(region="bronx")
    assert server.mails == []


def test_the_days_mail_is_at_the_same_hour_when_the_clocks_change():
    with time_machine.travel(datetime(2027, 3, 13, 17, tzinfo=NEW_YORK), tick=False):
        assert next_daily(NEW_YORK) == datetime(2027, 3, 14, 16, 30, tzinfo=NEW_YORK)


def stop_path(mail) -> str:
    url = mail["List-Unsubscribe"].strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return url[url.index("/mail/") :]


@pytest.mark.django_db
def test_one_click_in_the_mail_program_ends_that_topic_and_nothing_else(met, academy, server):
    sam = met.student()
    told(met, sam, "search_matches")
    run_due(region="bronx")
    path = stop_path(server.mails[0])
    stranger = met.client()
    assert stranger.get(path).status_code == 200  # a scanner's look changes nothing
    assert told(met, sam, "search_matches").state == Notice.State.WAITING
    stranger.handler.enforce_csrf_checks = True
    for _click in range(2):
        answer = stranger.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert site_settings.SESSION_COOKIE_NAME not in stranger.cookies
    assert sam.full_name.encode() not in answer.content
    assert told(met, sam, "search_matches").state == Notice.State.PORTAL
    assert told(met, sam, "owner_refused").state == Notice.State.WAITING
    with met:
        sam.refresh_from_db()
        assert sam.mail_choices == {"finds": "never"}
    assert academy.client().post(path).status_code == 404  # signed for another school
    assert stranger.post(path.rstrip("/")[:-1] + "x/").status_code == 404


@pytest.mark.django_db
def test_a_daily_mails_link_ends_what_comes_daily(met: School, server):
    with time_machine.travel(datetime(2027, 3, 10, 9, tzinfo=NEW_YORK), tick=False) as clock:
        alice = met.person("coordinator")
        choose(met, alice, requests="daily", placements="now")
        told(met, alice, "request_new")
        clock.move_to(datetime(2027, 3, 10, 17, tzinfo=NEW_YORK))
        run_due(region="bronx")
        met.client().post(stop_path(server.mails[0]))
    with met:
        alice.refresh_from_db()
    assert alice.mail_choices == {"placements": "now"}


@pytest.mark.django_db
def test_what_always_comes_has_no_such_link(met: School, server):
    told(met, met.person("teacher"), "start_requested")
    run_due(region="bronx")
    assert server.mails[0]["List-Unsubscribe"] is None
    assert b"/mail/" not in server.mails[0].as_bytes()


@pytest.mark.django_db
def test_the_page_keeps_choices_and_language(met: School, bronx):
    teacher = met.person("teacher")
    client = met.client(teacher)
    body = client.get("/notices/choices/").content.decode()
    assert "My students&#x27; week" in body
    assert "Starts to approve" in body
    assert "New internships I look for" not in body  # a student's
    form = {"language": "es", "hours": "daily", "week": "never", "substitutes": "now"}
    for _click in range(2):
        assert client.post("/notices/choices/", form).status_code == 302
    with met:
        teacher.refresh_from_db()
    assert teacher.mail_choices == {"hours": "daily", "week": "never"}
    assert teacher.language == "es"
    assert client.post("/notices/choices/", {**form, "week": "hourly"}).status_code == 422
    staff = bronx.client(bronx.partner_staff())
    assert staff.get("/notices/choices/").status_code == 200
