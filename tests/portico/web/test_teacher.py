"""A teacher: own students, the starts that wait, and nobody else's placement."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from portico.internships.models import Placement
from tests.portico.web.budgets import query_budget
from tests.portico.web.test_coordinator_pages import address
from tests.world import START, School

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.timedelta(days=20)


@pytest.mark.parametrize("name", ["advisees", "starts"])
def test_pages_open_for_a_teacher_alone(met: School, name: str) -> None:
    path = address(name)
    assert met.client(met.person("teacher")).get(path).status_code == 200
    assert met.client(met.coordinator()).get(path).status_code == 403
    assert met.client(met.student()).get(path).status_code == 403
    assert met.client().get(path).status_code == 302


def test_own_students_with_their_state_and_the_next_step(met: School) -> None:
    teacher, other = met.person("teacher"), met.person("teacher")
    offer = met.opportunity(capacity=9)
    met.placement(
        offer.id, state="pursuing", student=met.student(given_name="Paula", teacher=teacher)
    )
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        met.placement(
            offer.id, state="pursuing", student=met.student(given_name="Xenia", teacher=teacher)
        )
    met.student(given_name="Nora", teacher=teacher)
    met.placement(offer.id, student=met.student(given_name="Otto", teacher=other))
    body = met.client(teacher).get(address("advisees")).content.decode()
    on_the_way, without = body.split("Without an internship")
    assert "Paula" in on_the_way
    assert "14 days left" in on_the_way
    assert "Nora" in without
    assert "Xenia" in without  # her time ran out, though no job has run
    assert "Otto" not in body


def test_approve_a_start_once_and_decline_with_a_reason(met: School) -> None:
    teacher = met.person("teacher")
    offer = met.opportunity(capacity=9)
    yes = met.placement(offer.id, state="start_requested", teacher=teacher)
    no = met.placement(offer.id, state="start_requested", teacher=teacher)
    client = met.client(teacher)
    page = client.get(address("starts")).content.decode()
    assert START.goals[0] in page
    approve = address("placement-teacher-act", yes.id, "approve_start")
    client.post(approve, {"next": address("starts")})
    again = client.post(approve, {"next": address("starts")}, follow=True).content.decode()
    assert "is active now" in again
    decline = address("placement-teacher-act", no.id, "decline_start")
    assert client.post(decline, {"reason": ""}).status_code == 422
    client.post(decline, {"reason": "Change the days."})
    with met:
        assert Placement.objects.get(id=yes.id).state == "active"
        found = Placement.objects.get(id=no.id)
    assert (found.state, found.reason) == ("pursuing", "Change the days.")


def test_another_teachers_student_is_not_for_this_one(met: School, academy: School) -> None:
    offer = met.opportunity(capacity=2)
    theirs = met.placement(offer.id, state="start_requested", teacher=met.person("teacher"))
    elsewhere = academy.placement(academy.opportunity().id, state="start_requested")
    client = met.client(met.person("teacher"))
    for placement, status in ((theirs, 403), (elsewhere, 404)):
        assert client.get(address("placement-teacher", placement.id)).status_code == status
        path = address("placement-teacher-act", placement.id, "approve_start")
        assert client.get(path).status_code == status
        assert client.post(path).status_code == status
    with met:
        assert Placement.objects.get(id=theirs.id).state == "start_requested"


def test_what_only_a_coordinator_does_is_refused(met: School) -> None:
    teacher = met.person("teacher")
    placement = met.placement(met.opportunity().id, teacher=teacher)
    client = met.client(teacher)
    path = address("placement-teacher-act", placement.id, "approve")
    assert path not in client.get(address("placement-teacher", placement.id)).content.decode()
    assert client.post(path).status_code == 403
    with met:
        assert Placement.objects.get(id=placement.id).state == "requested"


def test_a_student_without_a_teacher_may_be_helped_by_any(met: School) -> None:
    placement = met.placement(met.opportunity().id, state="start_requested")
    client = met.client(met.person("teacher"))
    assert placement.student.full_name in client.get(address("starts")).content.decode()
    client.post(address("placement-teacher-act", placement.id, "approve_start"))
    with met:
        assert Placement.objects.get(id=placement.id).state == "active"


@pytest.mark.parametrize("page", ["advisees", "starts"])
def test_pages_cost_the_same_however_many_students(met: School, page: str) -> None:
    teacher = met.person("teacher")
    offer = met.opportunity(capacity=20)
    for state in ("requested", "pursuing", "active", "start_requested") * 3:
        met.placement(offer.id, state=state, teacher=teacher)
    client = met.client(teacher)
    client.get(address(page))
    with query_budget(f"teacher-{page}"):
        client.get(address(page))
