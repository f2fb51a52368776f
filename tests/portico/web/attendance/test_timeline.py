"""Goals, feedback, visits, evaluations: one timeline, each to those it is for."""

import re

import pytest

from portico.attendance.models import MentorLink, TimelineEntry
from portico.attendance.queries import policy
from portico.audit.models import Entry
from portico.notices.models import Notice
from tests.portico.attendance.days import active, clock_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(met):
    teacher = met.person("teacher", given_name="Tess")
    placement = active(met, teacher=teacher)
    with clock_at("15:00"):
        yield met, placement, teacher


def say(client, placement, what, **data):
    return client.post(f"/hours/{placement.id}/say/{what}/", data)


def page(client, placement):
    return client.get(f"/hours/{placement.id}/timeline/").content.decode()


def test_feedback_of_staff_and_student_stands_together(school):
    met, placement, teacher = school
    student, staff = met.client(placement.student), met.client(teacher)
    assert say(student, placement, "feedback", text="I like the greenhouse.").status_code == 302
    say(staff, placement, "feedback", text="Good start.")
    say(staff, placement, "feedback", text="Talk to the family.", staff_only="on")
    say(student, placement, "feedback", text="Mine.", staff_only="on")
    seen = page(student, placement)
    assert "I like the greenhouse." in seen
    assert "Good start." in seen
    assert "Mine." in seen, "a student cannot hide words from themselves"
    assert "Talk to the family." not in seen
    assert "Talk to the family." in page(staff, placement)


def test_progress_of_a_goal(school):
    met, placement, teacher = school
    staff = met.client(teacher)
    say(staff, placement, "progress", prefix="g1", **{"g1-goal": 1, "g1-progress": 3})
    say(staff, placement, "progress", prefix="g1", **{"g1-goal": 1, "g1-progress": 2})
    assert "50% · Tess" in page(staff, placement)
    wrong = say(staff, placement, "progress", prefix="g1", **{"g1-goal": 9, "g1-progress": 2})
    assert wrong.status_code == 422


def test_visits_are_logged_for_staff(school):
    met, placement, teacher = school
    data = {
        "kind": "visit",
        "day": "2027-02-02",
        "text": "Saw the roof.",
        "next_step": "Bring boots",
        "next_on": "2027-02-09",
    }
    staff, student = met.client(teacher), met.client(placement.student)
    assert say(staff, placement, "visit", **data).status_code == 302
    assert "Saw the roof. Next: Bring boots" in page(staff, placement)
    assert "Saw the roof." not in page(student, placement)
    assert say(student, placement, "visit", **data).status_code == 403
    assert say(staff, placement, "visit", **{**data, "day": "2027-02-03"}).status_code == 422


def form(met):
    alice = met.client(met.coordinator())
    questions = "scale: On time\ncompetency: Works with others\ntext: What should be next?"
    alice.post(
        "/coordinator/attendance/",
        {"act": "evaluation", "name": "Mid-term", "questions": questions},
    )
    with met:
        return policy().evaluation_forms[0]


def test_an_evaluation_goes_to_the_mentor_by_link(school):
    met, placement, teacher = school
    asked = form(met)
    assert say(met.client(teacher), placement, "evaluation", form_id=asked["id"]).status_code == 302
    with met:
        mail = Notice.objects.get(kind="mentor_evaluation")
        assert MentorLink.objects.get().purpose == "evaluation"
    url = f"/mentor/{mail.secret}/"
    browser = met.client()
    assert "On time" in browser.get(url).content.decode()
    with met:
        assert TimelineEntry.objects.get().answered_at is None, "GET changes nothing"
    incomplete = browser.post(url, {"q1": "4", "q2": "9", "q3": ""})
    assert incomplete.status_code == 422
    for last in ("3", "4"):
        assert browser.post(url, {"q1": "4", "q2": last, "q3": "Plants."}).status_code == 302
    with met:
        entry = TimelineEntry.objects.get()
    assert entry.answers == {"q1": 4, "q2": 4, "q3": "Plants."}
    seen = page(met.client(placement.student), placement)
    assert "On time 4 of 5 · Works with others fully · What should be next? “Plants.”" in seen


def test_a_form_is_changed_and_what_was_asked_before_keeps_its_questions(school):
    met, placement, _teacher = school
    asked = form(met)
    coordinator = met.client(met.coordinator())
    say(coordinator, placement, "evaluation", form_id=asked["id"])
    address = f"/coordinator/evaluation-forms/{asked['id']}/"
    assert asked["questions"][0]["text"] in coordinator.get(address).content.decode()
    changed = {"name": "Half way", "questions": "text: What went well?"}
    for _twice in range(2):
        assert coordinator.post(address, changed).status_code == 302
    with met:
        (stands,) = policy().evaluation_forms
        entry = TimelineEntry.objects.get(kind="evaluation")
    assert (stands["id"], stands["name"]) == (asked["id"], "Half way")
    assert [one["text"] for one in stands["questions"]] == ["What went well?"]
    assert entry.form == asked
    wrong = coordinator.post(address, {"name": "Half way", "questions": "What went well?"})
    assert wrong.status_code == 422


def test_a_form_is_removed(school):
    met, placement, _teacher = school
    asked = form(met)
    coordinator = met.client(met.coordinator())
    say(coordinator, placement, "evaluation", form_id=asked["id"])
    address = f"/coordinator/evaluation-forms/{asked['id']}/"
    for _twice in range(2):
        assert coordinator.post(f"{address}remove/").status_code == 302
    assert coordinator.get(address).status_code == 404
    with met:
        assert policy().evaluation_forms == []
        assert TimelineEntry.objects.get(kind="evaluation").form == asked
        told = Entry.objects.filter(action="evaluation_form_removed")
        assert [one.after for one in told.order_by("id")] == [{"form": "Mid-term"}, {"form": ""}]


def test_only_staff_ask_for_evaluations_and_only_with_a_form(school):
    met, placement, teacher = school
    asked = form(met)
    student = met.client(placement.student)
    assert say(student, placement, "evaluation", form_id=asked["id"]).status_code == 403
    assert say(met.client(teacher), placement, "evaluation", form_id="x").status_code == 409
    assert say(met.client(teacher), placement, "nonsense").status_code == 404


def test_expectations_are_the_coordinators(school):
    met, placement, teacher = school
    path = "/coordinator/attendance/"
    assert met.client(teacher).get(path).status_code == 403
    assert met.client().get(path).status_code == 302
    alice = met.client(met.coordinator())
    numbers = {
        "act": "numbers",
        "required_hours": 150,
        "late_minutes": 5,
        "grace_minutes": 20,
        "radius_m": 200,
        "questions": "How are you getting there?\n\nWhat will you learn?",
    }
    assert alice.post(path, numbers).status_code == 302
    first = met.client(placement.student).get("/check-in/state.json").json()
    questions = first["placements"][0]["questions"]
    assert [one["text"] for one in questions] == [
        "How are you getting there?",
        "What will you learn?",
    ]
    alice.post(path, {**numbers, "questions": "What will you learn?"})
    second = met.client(placement.student).get("/check-in/state.json").json()
    assert second["placements"][0]["questions"] == questions[1:], "a question keeps its id"
    assert alice.post(path, {**numbers, "radius_m": 5}).status_code == 422
    alice.post(
        path, {"act": "holiday", "first": "2027-02-15", "last": "2027-02-19", "name": "Break"}
    )
    assert "Break" in alice.get(path).content.decode()
    alice.post("/coordinator/holidays/remove/", {"first": "2027-02-15", "name": "Break"})
    assert not re.search(r"queue-name.>Break", alice.get(path).content.decode())
