"""A day at the internship, for programs: the phone's own taps, the school's own rules."""

import uuid

import pytest
from django.core.cache import cache

from catalog.models import Term
from catalog.terms import save_term
from portico.attendance.models import Attendance, Certificate, Tap
from tests.api.conftest import problem_of
from tests.portico.attendance.days import TUESDAY, active, clock_at, tap, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def api_at(api):
    """`api_at("9:00", met, person)`: a client, and its clock stands there for each request."""

    class AtClock:
        def __init__(self, clock, world, person):
            with clock_at("6:00"):
                self.api = api(world, person)
            self.clock = clock

        def __getattr__(self, method):
            def ask(*args, **kwargs):
                cache.clear()
                with clock_at(self.clock):
                    return getattr(self.api, method)(*args, **kwargs)

            return ask

    return AtClock


@pytest.fixture
def placement(met):
    return active(met, teacher=met.person("teacher", given_name="Tess"))


class TestCheckIn:
    def body(self, placement, kind="in", **more):
        return {"key": str(uuid.uuid4()), "placement": str(placement.id), "kind": kind, **more}

    def test_one_key_is_one_tap(self, api_at, met, placement):
        phone = api_at("9:02", met, placement.student)
        body = self.body(placement, goals=["Water the beds"])
        first, again = phone.post("/check-in/", body), phone.post("/check-in/", body)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert first.json()["attendance"]["state"] == "open"
        with met:
            assert Tap.objects.count() == 1

    def test_in_and_out_is_a_day(self, api_at, met, placement):
        api_at("9:00", met, placement.student).post(
            "/check-in/", self.body(placement, goals=["Water the beds"])
        )
        out = api_at("14:30", met, placement.student).post(
            "/check-in/", self.body(placement, "out", done=[0], pulse=4, reflection="Sunny.")
        )
        assert out.json()["says"].startswith("You are checked out since 2:30 p.m.")
        (day,) = api_at("15:00", met, placement.student).get("/days/").json()["results"]
        assert (day["minutes"], day["standing"], day["counts"]) == (330, "unconfirmed", False)
        assert day["goals"] == [{"text": "Water the beds", "done": True}]
        assert day["student"]["id"] == str(placement.student_id)

    def test_the_position_is_compared_and_forgotten(self, api_at, met, placement):
        here = {"status": "ok", "latitude": 40.82, "longitude": -73.9, "accuracy": 20}
        answer = api_at("9:00", met, placement.student).post(
            "/check-in/", self.body(placement, location=here)
        )
        assert answer.json()["attendance"]["where"] == "at_site"
        with met:
            day = Attendance.objects.values().get()
        assert 40.82 not in day.values()

    def test_an_estimate_is_confirmed(self, api_at, met, placement):
        with clock_at("9:00"):
            day = tap(met, placement)
        with met:
            Attendance.objects.update(state="estimated", check_out_at=day.scheduled_end)
        phone = api_at("17:00", met, placement.student)
        (waiting,) = phone.get("/check-in/").json()["placements"][0]["to_confirm"]
        assert (waiting["attendance"], waiting["end"]) == (str(day.id), "14:30")
        body = self.body(placement, "confirm_estimate", attendance=str(day.id), end="14:00")
        assert phone.post("/check-in/", body).status_code == 201
        assert phone.get(f"/days/{day.id}/").json()["minutes"] == 300

    def test_another_students_internship_is_refused(self, api_at, met, placement):
        other = active(met)
        answer = api_at("9:00", met, other.student).post("/check-in/", self.body(placement))
        problem_of(answer, 409, "unknown_placement")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [({"kind": "x"}, "kind"), ({"pulse": 6}, "pulse"), ({"key": "x"}, "key")],
    )
    def test_nonsense_is_said(self, api_at, met, placement, wrong, field):
        answer = api_at("9:00", met, placement.student).post(
            "/check-in/", self.body(placement) | wrong
        )
        (error,) = problem_of(answer, 400, "invalid")["errors"]
        assert error["field"] == field


class TestDays:
    def test_each_sees_their_own(self, api_at, met, placement):
        other = active(met, teacher=met.person("teacher"))
        mine, theirs = worked(met, placement), worked(met, other)
        everyone = {
            placement.student: {mine.id},
            placement.student.teacher: {mine.id},
            met.coordinator(): {mine.id, theirs.id},
        }
        for person, sees in everyone.items():
            client = api_at("15:00", met, person)
            rows = client.get("/days/").json()["results"]
            assert {uuid.UUID(row["id"]) for row in rows} == sees
            assert client.get(f"/days/{theirs.id}/").status_code == (
                200 if theirs.id in sees else 404
            )

    def test_narrowed(self, api_at, met, placement):
        day = worked(met, placement)
        worked(met, active(met))
        client = api_at("15:00", met, met.coordinator())
        with met:
            spring = Term(name="Spring", starts_on="2027-02-01", ends_on="2027-06-30")
            save_term(actor=met.coordinator(), term=spring)
        for query, count in (
            ({"student": placement.student_id}, 1),
            ({"placement": placement.id}, 1),
            ({"day": "2027-02-02"}, 2),
            ({"since": "2027-02-03"}, 0),
            ({"state": "open"}, 0),
            ({"mentor_state": "unconfirmed"}, 2),
            ({"term": spring.id}, 2),
            ({"term": uuid.uuid4()}, 0),
        ):
            found = client.get("/days/", query).json()["results"]
            assert len(found) == count, query
        assert day.day == TUESDAY

    def test_the_quiet_words_are_the_coordinators_alone(self, api_at, met, placement):
        day = worked(met, placement, worry="I am left alone.")
        for person, reads in (
            (met.coordinator(), "I am left alone."),
            (placement.student.teacher, None),
            (placement.student, None),
        ):
            client = api_at("15:00", met, person)
            assert client.get(f"/days/{day.id}/").json()["worry"] == reads
        client = api_at("15:00", met, met.coordinator())
        assert client.post(f"/days/{day.id}/seen/").json()["worry_seen_at"] is not None

    def test_entered_and_corrected_with_a_reason(self, api_at, met, placement):
        teacher = api_at("15:00", met, placement.student.teacher)
        body = {
            "placement": str(placement.id),
            "day": "2027-02-01",
            "start": "09:00",
            "end": "12:00",
            "reason": "Paper sheet.",
        }
        made = teacher.post("/days/", body)
        assert made.status_code == 201, made.json()
        assert (made.json()["standing"], made.json()["minutes"]) == ("staff", 180)
        problem_of(teacher.post("/days/", body), 409, "exists")
        times = {"start": "09:00", "end": "13:00", "reason": "Stayed longer."}
        corrected = teacher.post(f"/days/{made.json()['id']}/correct/", times).json()
        assert (corrected["standing"], corrected["minutes"]) == ("corrected", 240)
        no_reason = teacher.post(f"/days/{made.json()['id']}/correct/", times | {"reason": ""})
        problem_of(no_reason, 400, "invalid")
        other = api_at("15:00", met, met.person("teacher"))
        problem_of(other.post("/days/", body), 404, "not_found")
        problem_of(other.post(f"/days/{made.json()['id']}/correct/", times), 404, "not_found")


class TestHours:
    def test_counted_by_week_and_certified(self, api_at, met, placement):
        day = worked(met, placement)
        coordinator = api_at("15:00", met, met.coordinator())
        assert coordinator.get("/hours/").json()["results"][0]["totals"]["counted"] == 0
        problem_of(
            coordinator.post("/certificates/", {"placement": str(placement.id)}), 409, "no_hours"
        )
        times = {"start": "09:00", "end": "14:00", "reason": "As the mentor said."}
        coordinator.post(f"/days/{day.id}/correct/", times)
        student = api_at("15:00", met, placement.student)
        hours = student.get(f"/hours/{placement.id}/").json()
        assert (hours["totals"]["counted"], hours["minutes_required"]) == (300, 6000)
        assert [(week["monday"], week["counted_so_far"]) for week in hours["weeks"]] == [
            ("2027-02-01", 300)
        ]
        made = student.post("/certificates/", {"placement": str(placement.id)}).json()
        again = student.post("/certificates/", {"placement": str(placement.id)}).json()
        assert made == again
        assert made["minutes"] == 300
        assert student.get("/certificates/").json() == [made]
        assert student.get(f"/certificates/{made['code']}/").json() == made
        paper = student.get(f"/certificates/{made['code']}/pdf/", accept="application/json")
        assert (paper.headers["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
        anybody = api_at("15:00", met, met.student())
        for address in (f"/certificates/{made['code']}/", f"/certificates/{made['code']}/pdf/"):
            problem_of(anybody.get(address), 404, "not_found")
        typed = made["code"].lower().replace("-", " ")
        assert anybody.get("/certificates/verify/", {"code": typed}).json() == made
        problem_of(anybody.get("/certificates/verify/", {"code": "AAAA"}), 404, "not_found")
        with met:
            assert Certificate.objects.count() == 1

    def test_terms_of_a_placement_one_editor_at_a_time(self, api_at, met, placement):
        client = api_at("15:00", met, placement.student.teacher)
        path = f"/hours/{placement.id}/"
        seen = client.get(path)["ETag"]
        changed = client.patch(path, {"required_hours": 60}, If_Match=seen)
        assert changed.json()["minutes_required"] == 3600
        problem_of(client.patch(path, {"radius_m": 300}, If_Match=seen), 412, "changed_meanwhile")
        kept = client.patch(path, {"radius_m": 300}, If_Match=changed["ETag"]).json()
        assert (kept["required_hours"], kept["radius_m"]) == (60, 300)


class TestTimeline:
    def test_goals_words_and_visits(self, api_at, met, placement):
        named = {"placement": str(placement.id)}
        teacher = api_at("15:00", met, placement.student.teacher)
        student = api_at("15:00", met, placement.student)
        goals = student.post("/goals/", named | {"goal": 1, "progress": 2}).json()
        assert [(goal["quarters"], goal["said_by"]) for goal in goals] == [
            (0, None),
            (2, placement.student.full_name),
        ]
        assert teacher.get("/goals/", named).json() == goals
        student.post("/timeline/", named | {"text": "I like it."})
        teacher.post("/timeline/", named | {"text": "Watch this.", "staff_only": True})
        visit = named | {"kind": "visit", "day": "2027-02-01", "text": "Saw the roof."}
        teacher.post("/visits/", visit | {"next_step": "Call", "next_on": "2027-02-20"})
        for client, says in (
            (teacher, ["I like it.", "Watch this.", "Saw the roof."]),
            (student, ["I like it."]),
        ):
            entries = client.get("/timeline/", named).json()
            assert {one["text"] for one in entries if one["text"]} == set(says)
        (logged,) = teacher.get("/visits/", {"next_until": "2027-03-01"}).json()["results"]
        assert (logged["next_step"], logged["student"]["id"]) == (
            "Call",
            str(placement.student_id),
        )
        assert teacher.get(f"/visits/{logged['id']}/").json() == logged
        problem_of(student.get("/visits/"), 403, "permission_denied")
        other = api_at("15:00", met, met.student())
        problem_of(other.get("/timeline/", named), 404, "not_found")
        problem_of(other.post("/timeline/", named | {"text": "x"}), 404, "not_found")

    def test_evaluations_keep_the_questions_they_were_asked_with(self, api_at, met, placement):
        coordinator = api_at("15:00", met, met.coordinator())
        made = coordinator.post(
            "/evaluation-forms/",
            {"name": "Mid-term", "questions": [{"kind": "scale", "text": "On time"}]},
        )
        assert made.status_code == 201, made.json()
        form = made.json()
        asked = coordinator.post(
            "/evaluations/", {"placement": str(placement.id), "form": form["id"]}
        ).json()
        path = f"/evaluation-forms/{form['id']}/"
        questions = [{"kind": "text", "text": "What went well?"}]
        changed = coordinator.patch(path, {"questions": questions}, If_Match=made["ETag"])
        assert changed.json()["questions"] == [{"id": "q1", **questions[0]}]
        assert changed.json()["name"] == "Mid-term"
        problem_of(
            coordinator.patch(path, {"name": "x"}, If_Match=made["ETag"]), 412, "changed_meanwhile"
        )
        (kept,) = coordinator.get("/evaluations/", {"answered": "false"}).json()["results"]
        assert kept == asked
        assert kept["questions"] == [
            {"id": "q1", "kind": "scale", "text": "On time", "answer": None}
        ]
        assert coordinator.get("/evaluations/", {"answered": "true"}).json()["results"] == []
        assert coordinator.delete(path).status_code == 204
        assert coordinator.get("/evaluation-forms/").json() == []
        problem_of(
            coordinator.post("/evaluations/", {"placement": str(placement.id), "form": form["id"]}),
            409,
            "form",
        )


class TestSchool:
    def test_what_it_expects(self, api_at, met):
        client = api_at("15:00", met, met.coordinator())
        seen = client.get("/attendance-policy/")
        assert seen.json()["required_hours"] == 100
        changed = client.patch(
            "/attendance-policy/",
            {"required_hours": 80, "questions": ["How do you get there?"]},
            If_Match=seen["ETag"],
        )
        assert (changed.json()["required_hours"], changed.json()["radius_m"]) == (80, 150)
        (question,) = changed.json()["questions"]
        assert question["text"] == "How do you get there?"
        stale = client.patch("/attendance-policy/", {"radius_m": 99}, If_Match=seen["ETag"])
        problem_of(stale, 412, "changed_meanwhile")

    def test_its_calendar(self, api_at, met):
        client = api_at("15:00", met, met.coordinator())
        snow = {"first": "2027-02-02", "last": "2027-02-03", "name": "Snow"}
        assert client.post("/holidays/", snow).json() == [snow]
        assert api_at("9:00", met, met.student()).get("/holidays/").json() == [snow]
        assert client.get("/today/").json()["holiday"] == "Snow"
        assert client.post("/holidays/remove/", snow).json() == []

    def test_who_is_where(self, api_at, met, placement):
        never = active(met, teacher=met.person("teacher"))
        with clock_at("9:00"):
            tap(met, placement)
        everyone = api_at("10:00", met, met.coordinator()).get("/today/").json()
        assert [(row["placement"], row["whereabouts"]) for row in everyone["rows"]] == [
            (str(never.id), "missing"),
            (str(placement.id), "here"),
        ]
        assert (everyone["missing"], everyone["here"]) == (1, 1)
        own = api_at("10:00", met, placement.student.teacher).get("/today/").json()
        assert [row["placement"] for row in own["rows"]] == [str(placement.id)]

    def test_a_students_choices(self, api_at, met, placement):
        client = api_at("15:00", met, placement.student)
        assert client.get("/attendance-choice/").json() == {
            "share_location": True,
            "has_calendar_link": False,
        }
        client.put("/attendance-choice/", {"share_location": False})
        assert client.get("/check-in/").json()["location_allowed"] is False
        address = client.post("/attendance-choice/calendar-link/").json()["address"]
        feed = met.client().get(address.partition(met.host)[2])
        assert feed["Content-Type"].startswith("text/calendar")
        assert client.get("/attendance-choice/").json()["has_calendar_link"] is True
