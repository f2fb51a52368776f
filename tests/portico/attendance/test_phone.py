"""The phone's contract: state.json and events/, as the installed page relies on them."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portico.attendance.models import Attendance, Tap
from tests.portico.attendance.days import active, at, clock_at, phone, tap

pytestmark = pytest.mark.django_db


def send(client, placement, kind="in", **facts):
    body = {
        "key": str(uuid.uuid4()),
        "user": str(placement.student_id),
        "placement": str(placement.id),
        "kind": kind,
        **facts,
    }
    return client.post(
        "/check-in/events/",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": body["key"]},
    )


def test_signed_out_state_says_nobody_and_gives_a_token(met):
    body = met.client().get("/check-in/state.json").json()
    assert body["user"] is None
    assert len(body["csrf"]) >= 32
    assert "placements" not in body


def test_state_tells_a_student_about_today(met):
    placement = active(met)
    with clock_at("8:50"):
        response = phone(met, placement).get("/check-in/state.json")
    body = response.json()
    assert body["user"] == str(placement.student_id)
    assert body["now"] == int(at("8:50").timestamp() * 1000)
    assert body["location_allowed"] is True
    (mine,) = body["placements"]
    assert mine["today"] == {"expected": True, "start": "09:00", "end": "14:30"}
    assert (mine["attendance"], mine["to_confirm"]) == (None, [])
    assert "no-cache" in response["Cache-Control"]


def test_in_and_out(met):
    placement = active(met)
    client = phone(met, placement)
    with clock_at("9:02"):
        came = send(client, placement, goals=["Water the beds", " ", "Label seeds", "x", "y"])
    assert came.status_code == 201
    day = came.json()["attendance"]
    assert day["state"] == "open"
    assert [goal["text"] for goal in day["goals"]] == ["Water the beds", "Label seeds", "x"]
    assert came.json()["says"] == "You are checked in since 9:02 a.m."
    with clock_at("14:31"):
        left = send(
            client, placement, "out", done=[0, 7], reflection="Wet.", pulse=4, worry="It is loud."
        )
        state = client.get("/check-in/state.json").json()
    assert left.status_code == 201
    assert left.json()["attendance"]["state"] == "closed"
    assert [goal["done"] for goal in left.json()["attendance"]["goals"]] == [True, False, False]
    assert state["placements"][0]["attendance"]["state"] == "closed"
    with met:
        kept = Attendance.objects.get()
    assert (kept.pulse, kept.reflection, kept.worry) == (4, "Wet.", "It is loud.")
    assert "worry" not in str(left.json()), "what is quiet is not echoed"


def test_a_key_sent_again_gets_the_same_answer_and_changes_nothing(met):
    placement = active(met)
    client = phone(met, placement)
    key = str(uuid.uuid4())
    with clock_at("9:00"):
        first = send(client, placement, key=key)
    with clock_at("11:00"):
        again = send(client, placement, key=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    with met:
        assert Tap.objects.count() == Attendance.objects.count() == 1


def test_signed_out_is_401_and_another_user_409(met):
    placement, other = active(met), met.student()
    assert send(met.client(), placement).status_code == 401
    refused = send(met.client(other), placement)
    assert refused.status_code == 409
    assert refused.json()["code"] == "wrong_user"
    with met:
        assert not Attendance.objects.exists()


def test_a_tap_needs_a_csrf_token(met):
    placement = active(met)
    client = phone(met, placement)
    client.handler.enforce_csrf_checks = True
    with clock_at("9:00"):
        assert send(client, placement).status_code == 403
        client.defaults["HTTP_X_CSRFTOKEN"] = client.get("/check-in/state.json").json()["csrf"]
        assert send(client, placement).status_code == 201


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "around"}, "kind"),
        ({"key": "1"}, "key"),
        ({"pulse": 6}, "pulse"),
        ({"goals": "one"}, "goals"),
        ({"done": ["0"]}, "done"),
        ({"client_time": "2027-02-02T09:00:00"}, "client_time"),
        ({"skew_ms": "slow"}, "skew_ms"),
        ({"kind": "confirm_estimate", "attendance": "x"}, "attendance"),
    ],
)
def test_a_wrong_field_is_named(met, facts, field):
    placement = active(met)
    response = send(phone(met, placement), placement, **facts)
    assert (response.status_code, response.json()["field"]) == (422, field)


def test_another_students_internship_is_unknown(met, academy):
    mine, theirs = active(met), active(met)
    foreign = active(academy)
    client = phone(met, mine)
    for placement in (theirs, foreign):
        response = send(client, placement, user=str(mine.student_id))
        assert (response.status_code, response.json()["code"]) == (422, "unknown_placement")


def test_somebody_elses_key_is_refused(met):
    mine, theirs = active(met), active(met)
    key = uuid.uuid4()
    with clock_at("9:00"):
        tap(met, theirs, key=key)
        response = send(phone(met, mine), mine, key=str(key))
    assert (response.status_code, response.json()["field"]) == (422, "key")


def test_what_ended_meanwhile_is_recorded_and_marked(met):
    from portico.internships.actions import end_placement

    placement = active(met)
    with clock_at("8:00"), met:
        end_placement(placement_id=placement.id, actor=met.coordinator(), completed=True)
    with clock_at("9:00"):
        response = send(phone(met, placement), placement)
    assert response.status_code == 201
    assert "after_end" in response.json()["attendance"]["flags"]


def test_a_tap_from_before_the_end_that_arrives_after_it_is_an_ordinary_day(met):
    from portico.internships.actions import end_placement

    placement = active(met)
    with clock_at("12:00"), met:
        end_placement(placement_id=placement.id, actor=met.coordinator(), completed=True)
    with clock_at("13:00"):
        response = send(phone(met, placement), placement, client_time=at("9:00").isoformat())
    assert "after_end" not in response.json()["attendance"]["flags"]
    with met:
        assert Attendance.objects.get().check_in_source == "offline"


def test_a_check_in_costs_no_more_than_ten_statements(met):
    placement = active(met)
    client = phone(met, placement)
    location = {"status": "ok", "latitude": 40.82, "longitude": -73.9, "accuracy": 20}
    with clock_at("9:00"):
        client.get("/check-in/state.json")
        with CaptureQueriesContext(connection) as statements:
            assert send(client, placement, location=location).status_code == 201
    with clock_at("14:30"), CaptureQueriesContext(connection) as out:
        assert send(client, placement, "out").status_code == 201
    # the test's own transaction makes the tenant's a savepoint: two statements either way
    assert len(statements) <= 10, "\n".join(q["sql"][:90] for q in statements)
    # a check-out asks the mentor, in a savepoint should two wait for each other; and hours later
    # the session notes that it is used
    assert len(out) <= 17, "\n".join(q["sql"][:90] for q in out)


def test_estimate_is_confirmed_from_the_phone(met):
    from portico.attendance.actions import close_forgotten

    placement = active(met)
    with clock_at("9:00"):
        day = tap(met, placement)
    with clock_at("15:30"), met:
        assert close_forgotten(attendance_id=day.id) is None
    client = phone(met, placement)
    thursday = datetime.date(2027, 2, 4)
    with clock_at("9:00", thursday):
        (asked,) = client.get("/check-in/state.json").json()["placements"][0]["to_confirm"]
        assert asked == {
            "attendance": str(day.id),
            "day": "2027-02-02",
            "start": "09:00",
            "end": "14:30",
        }
        response = send(
            client, placement, "confirm_estimate", attendance=asked["attendance"], end="13:00"
        )
        assert response.status_code == 201
        assert client.get("/check-in/state.json").json()["placements"][0]["to_confirm"] == []
    with met:
        day.refresh_from_db()
    assert (day.state, day.check_out_at) == ("closed", at("13:00"))
