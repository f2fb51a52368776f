"""My journey, a placement's own page, asking to start, stepping back."""

import datetime
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.states import OPEN, REVEALING, State
from portico.notices.models import Notice
from tests.portico.internships.test_queries import TRACKS, placed
from tests.portico.web.budgets import query_budget

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2027, 1, 12, 15, 0, tzinfo=datetime.UTC)
SECOND = timedelta(seconds=1)
FORM = {
    "starts_on": "2027-02-01",
    "ends_on": "2027-06-15",
    "days": ["2", "4"],
    "start_time": "09:00",
    "end_time": "14:30",
    "goal_1": "Learn to greet visitors",
    "goal_3": "Keep a log",
}


def read(met, placement) -> Placement:
    with met:
        return Placement.objects.get(id=placement.id)


@pytest.fixture
def student(met):
    return met.student(teacher=met.person("teacher", given_name="Tom", family_name="Teach"))


@pytest.fixture
def client(met, student):
    return met.client(student)


@pytest.fixture
def pursuing(met, student):
    return met.placement(met.opportunity().id, state="pursuing", student=student)


@pytest.mark.parametrize("state", TRACKS)
def test_every_state_has_its_page_and_its_place_in_the_journey(met, academy, state):
    placement = placed(met, academy, state)
    client = met.client(placement.student)
    html = client.get(f"/placements/{placement.id}/").content.decode()
    dots = re.findall(r'<li class="is-(\w+)"', html)
    assert " ".join(dots) == TRACKS[state]
    assert ("718-555-0101" in html) == (state in REVEALING)
    assert placement.title in client.get("/journey/").content.decode()
    can_withdraw = client.get(f"/placements/{placement.id}/withdraw/").status_code == 200
    assert can_withdraw == (state in OPEN)


def test_contact_can_be_called_and_written_to(client, pursuing):
    html = client.get(f"/placements/{pursuing.id}/").content.decode()
    assert 'href="tel:718-555-0101"' in html
    assert 'href="mailto:rosa@example.com"' in html
    assert "12 Kelly Street" in html


def test_the_contact_is_gone_with_the_second_of_the_deadline(met, student):
    with time_machine.travel(NOW, tick=False):
        placement = met.placement(met.opportunity().id, state="pursuing", student=student)
    path = f"/placements/{placement.id}/"
    with time_machine.travel(placement.deadline - SECOND, tick=False):
        html = met.client(student).get(path).content.decode()
        assert "rosa@example.com" in html
        assert "until 10 a.m. today" in html
    with time_machine.travel(placement.deadline, tick=False):
        client = met.client(student)
        for page in (path, "/", "/journey/"):
            html = client.get(page).content.decode()
            assert "rosa@example.com" not in html
            assert "Rosa Mentor" not in html
        html = client.get(path).content.decode()
        assert "Time is up" in html
        assert "Time was up." in html  # in the history, though no worker has run
        assert "Find another internship" in html
    assert read(met, placement).state == State.PURSUING


@pytest.mark.parametrize(
    ("day", "leads"),
    [(2, True), (3, False), (4, True)],  # Tuesday and Thursday are the placement's
    ids=["a day there", "another day", "the next day there"],
)
def test_the_first_page_leads_to_the_check_in_on_a_day_there(met, student, day, leads):
    with time_machine.travel(NOW, tick=False):
        met.placement(met.opportunity().id, state="active", student=student)
    with time_machine.travel(datetime.datetime(2027, 2, day, 15, tzinfo=datetime.UTC), tick=False):
        html = met.client(student).get("/").content.decode()
    assert ("Check in or out" in html) == leads
    assert ("See where it stands" in html) != leads


def test_a_pool_contact_is_there_while_held(met, academy, student, client):
    listing = academy.release(academy.opportunity())
    placement = met.placement(listing, state="pursuing", student=student)
    html = client.get(f"/placements/{placement.id}/").content.decode()
    assert "rosa@example.com" in html
    assert "Released by Bronx Academy" in html
    client.post(f"/placements/{placement.id}/withdraw/")
    assert "rosa@example.com" not in client.get(f"/placements/{placement.id}/").content.decode()


def test_a_no_and_its_reason_are_read(met, client, student):
    placement = met.placement(met.opportunity().id, state="declined", student=student)
    for path in ("/journey/", f"/placements/{placement.id}/"):
        assert "Another student first." in client.get(path).content.decode()


def test_the_form_begins_with_what_the_offer_says(met, client, student):
    offer = met.opportunity(
        days=[1, 3], start_time=datetime.time(13), end_time=datetime.time(17),
        starts_on=datetime.date(2027, 2, 1), ends_on=datetime.date(2027, 6, 15),
    )  # fmt: skip
    placement = met.placement(offer.id, state="pursuing", student=student)
    html = client.get(f"/placements/{placement.id}/start/").content.decode()
    for value in ("2027-02-01", "2027-06-15", "13:00", "17:00"):
        assert f'value="{value}"' in html
    assert re.findall(r'value="(\d)"[^>]*checked', html) == ["1", "3"]


def test_asking_to_start_stops_the_clock_and_asks_the_teacher_once(met, client, student, pursuing):
    path = f"/placements/{pursuing.id}/start/"
    with time_machine.travel(timezone.now(), tick=False):
        assert client.post(path, FORM)["Location"] == f"/placements/{pursuing.id}/"
    placement = read(met, pursuing)
    assert placement.state == State.START_REQUESTED
    assert placement.goals == ["Learn to greet visitors", "Keep a log"]
    assert (placement.days, placement.deadline) == ([2, 4], None)
    assert client.post(path, FORM).status_code == 302
    with met:
        assert Notice.objects.filter(kind="start_requested").count() == 1
    html = client.get(f"/placements/{pursuing.id}/").content.decode()
    assert "Tom Teach reads it next." in html
    assert "Tue &amp; Thu, 9:00–2:30" in html
    assert "Feb 1 – Jun 15, 2027" in html


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"ends_on": "2027-01-01"}, "ends_on", "The last day must not be before the first."),
        ({"end_time": "08:00"}, "end_time", "The end must be after the start."),
        ({"days": []}, "days", "Choose at least one day of the week."),
        ({"goal_1": ""}, "goal_1", "Write at least one goal."),
        ({"goal_1": "  "}, "goal_1", "Write at least one goal."),
        ({"starts_on": "soon"}, "starts_on", "Enter a valid date."),
        ({"days": ["9"]}, "days", "Select a valid choice."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_input_is_kept(
    met, client, pursuing, change, field, words
):
    answer = client.post(f"/placements/{pursuing.id}/start/", FORM | change)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html[html.index(f'id="id_{field}_error"') :][:900]
    assert "Keep a log" in html
    assert read(met, pursuing).state == State.PURSUING


def test_not_yet_comes_with_the_reason_and_the_form_filled(met, client, student, pursuing):
    client.post(f"/placements/{pursuing.id}/start/", FORM)
    with met:
        actions.decline_start(
            placement_id=pursuing.id, actor=student.teacher, reason="Add a goal about people."
        )
    assert "Add a goal about people." in client.get("/").content.decode()
    html = client.get(f"/placements/{pursuing.id}/start/").content.decode()
    assert "Add a goal about people." in html
    assert 'value="Learn to greet visitors"' in html
    assert "Tom Teach said: not yet." in client.get(f"/placements/{pursuing.id}/").content.decode()


def test_the_start_form_is_for_a_pursuit_alone(met, client, student):
    placement = met.placement(met.opportunity().id, student=student)
    assert client.get(f"/placements/{placement.id}/start/").status_code == 302
    assert client.post(f"/placements/{placement.id}/start/", FORM).status_code == 302
    assert read(met, placement).state == State.REQUESTED


def test_stepping_back_asks_first_and_happens_once(met, client, pursuing):
    path = f"/placements/{pursuing.id}/withdraw/"
    assert "Step back?" in client.get(path).content.decode()
    assert read(met, pursuing).state == State.PURSUING
    for _click in range(2):
        assert client.post(path, {"reason": "Too far"}).status_code == 302
    placement = read(met, pursuing)
    assert (placement.state, placement.reason) == (State.WITHDRAWN, "Too far")
    with met:
        assert Notice.objects.filter(kind="placement_withdrawn").count() == 1


def test_one_student_never_reads_of_another(met, client, pursuing):
    met.placement(
        met.opportunity(title="Marker of another").id,
        state="pursuing",
        student=met.student(),
    )
    for path in ("/journey/", f"/placements/{pursuing.id}/"):
        assert "Marker of another" not in client.get(path).content.decode()


def test_budgets(met, client, student, pursuing):
    for _ in range(3):
        met.placement(met.opportunity().id, state="declined", student=student)
    with query_budget("student-journey"):
        client.get("/journey/")
    with query_budget("student-placement"):
        client.get(f"/placements/{pursuing.id}/")
    with query_budget("student-start-request"):
        client.get(f"/placements/{pursuing.id}/start/")
