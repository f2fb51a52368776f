"""The teacher's link: reading changes nothing, one button decides, once, without a sign-in."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portico.accounts.models import LinkToken, Person
from portico.audit.models import Entry
from portico.internships import actions
from portico.internships.models import Placement
from portico.notices.models import Notice
from tests.world import START, School

pytestmark = pytest.mark.django_db


def asked(school: School, *, teacher: Person | None = None) -> tuple[Placement, str]:
    """A start that waits for a teacher, and the path of the link in the e-mail."""
    teacher = teacher or school.person("teacher")
    placement = school.placement(school.opportunity().id, state="start_requested", teacher=teacher)
    with school:
        notice = Notice.objects.get(kind="start_requested", person=teacher)
    return placement, f"/start/{notice.secret}/"


def state_of(school: School, placement: Placement) -> str:
    with school:
        return Placement.objects.get(id=placement.id).state


def test_reading_shows_the_request_and_changes_nothing(met: School) -> None:
    placement, path = asked(met)
    client = met.client()
    for answer in (client.get(path), client.head(path), client.get(path + "?utm=mail")):
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
    body = client.get(path).content.decode()
    for words in (placement.student.full_name, placement.site_name, *START.goals):
        assert words in body
    assert "rosa@example.com" not in body
    assert state_of(met, placement) == "start_requested"
    with met:
        assert LinkToken.objects.get(subject_id=placement.id).used_at is None


def test_one_button_approves_without_cookies(met: School) -> None:
    placement, path = asked(met)
    client = Client(SERVER_NAME=met.host, enforce_csrf_checks=True)
    answer = client.post(path, {"answer": "approve"})
    assert answer.status_code == 200
    assert "Approved" in answer.content.decode()
    assert state_of(met, placement) == "active"
    with met:
        entry = Entry.objects.get(action="placement_approve_start")
        assert entry.via == "link"
        assert entry.actor_id == placement.student.teacher_id
    again = client.post(path, {"answer": "approve"})
    assert again.status_code == 410
    assert "decided already" in again.content.decode()
    with met:
        assert Entry.objects.filter(action="placement_approve_start").count() == 1


def test_the_other_declines_with_a_reason(met: School) -> None:
    placement, path = asked(met)
    client = met.client()
    refused = client.post(path, {"answer": "decline", "reason": " "})
    assert refused.status_code == 422
    assert state_of(met, placement) == "start_requested"
    answer = client.post(path, {"answer": "decline", "reason": "Change the days."})
    assert answer.status_code == 200
    with met:
        found = Placement.objects.get(id=placement.id)
    assert (found.state, found.reason) == ("pursuing", "Change the days.")
    assert client.get(path).status_code == 410


def test_dead_links_say_why(met: School) -> None:
    client = met.client()
    unknown = client.get("/start/no-such-secret/")
    assert unknown.status_code == 410
    assert "a part of it is missing" in unknown.content.decode()

    placement, path = asked(met)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8), tick=False):
        expired = client.get(path)
        assert expired.status_code == 410
        assert "Its time has passed" in expired.content.decode()
        assert client.post(path, {"answer": "approve"}).status_code == 410
    assert state_of(met, placement) == "start_requested"


def test_a_decision_made_elsewhere_closes_the_link(met: School) -> None:
    placement, path = asked(met)
    with met:
        actions.approve_start(placement_id=placement.id, actor=met.coordinator())
    answer = met.client().get(path)
    assert answer.status_code == 410
    assert "decided already" in answer.content.decode()
    assert "Active" in answer.content.decode()


def test_a_student_who_withdrew_leaves_nothing_to_decide(met: School) -> None:
    placement, path = asked(met)
    with met:
        actions.withdraw_placement(placement_id=placement.id, actor=placement.student)
    client = met.client()
    for answer in (client.get(path), client.post(path, {"answer": "approve"})):
        assert answer.status_code == 410
        assert "withdrew" in answer.content.decode()
    assert state_of(met, placement) == "withdrawn"


def test_a_teacher_who_no_longer_advises_cannot_decide(met: School) -> None:
    placement, path = asked(met)
    with met:
        student = placement.student
        student.teacher = met.person("teacher")
        student.save()
    answer = met.client().post(path, {"answer": "approve"})
    assert answer.status_code == 410
    assert "not for you to decide" in answer.content.decode()
    assert placement.student.full_name not in answer.content.decode()
    assert state_of(met, placement) == "start_requested"


def test_a_link_is_of_one_school_and_one_purpose(met: School, academy: School) -> None:
    placement, path = asked(met)
    assert academy.client().get(path).status_code == 410
    assert academy.client().post(path, {"answer": "approve"}).status_code == 410
    secret = path.split("/")[2]
    assert met.client().get(f"/invitation/{secret}/").status_code == 410
    assert state_of(met, placement) == "start_requested"


def test_the_page_speaks_the_teachers_language(met: School) -> None:
    _placement, path = asked(met, teacher=met.person("teacher", language="es"))
    answer = met.client().get(path)
    assert re.search(r'<html lang="es"', answer.content.decode())


def test_a_second_wish_has_its_own_link(met: School) -> None:
    placement, path = asked(met)
    client = met.client()
    client.post(path, {"answer": "decline", "reason": "Change the days."})
    with met:
        actions.request_start(placement_id=placement.id, actor=placement.student, start=START)
        secret = Notice.objects.filter(kind="start_requested").latest("created_at").secret
    assert client.get(path).status_code == 410
    assert client.get(f"/start/{secret}/").status_code == 200


def test_a_placement_that_is_gone_is_a_dead_link(met: School) -> None:
    _placement, path = asked(met)
    with met:
        LinkToken.objects.update(subject_id=uuid.uuid4())
    assert met.client().get(path).status_code == 410
    assert met.client().post(path, {"answer": "approve"}).status_code == 410
