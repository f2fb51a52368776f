"""Reports for programs: the pages' own numbers, the same thresholds."""

import datetime
import uuid

import pytest

from catalog.actions import add_wish
from catalog.models import Term
from catalog.terms import save_term
from portico.audit.models import Entry
from portico.internships.models import Placement
from portico.reports.rollups import rebuild_rollups
from portico.reports.small_groups import MINIMUM
from tests.api.conftest import problem_of
from tests.portico.attendance.days import active, clock_at, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(api, met):
    return api(met, met.coordinator())


class TestWorklist:
    def test_what_waits_and_what_a_yes_does(self, coordinator, met):
        offer = met.opportunity(capacity=1)
        first = met.placement(offer.id)
        second = met.placement(offer.id)
        found = coordinator.get("/worklist/").json()
        assert found["counts"] == {"request": 2}
        assert [case["key"] for case in found["results"]] == [str(first.id), str(second.id)]
        late = found["results"][1]
        assert (late["verbs"], late["student"]["id"]) == (["approve"], str(second.student_id))
        assert late["effect"]["first_time"] is True
        assert late["effect"]["waited_longest"] is False
        assert late["effect"]["passed_over"]["placement"] == str(first.id)
        assert coordinator.get("/worklist/", {"kind": "mail"}).json()["results"] == []

    def test_many_at_once_and_one_refused_does_not_stop_the_rest(self, coordinator, met):
        offer = met.opportunity(capacity=1)
        first, second = met.placement(offer.id), met.placement(offer.id)
        gone = uuid.uuid4()
        body = {
            "kind": "request",
            "verb": "approve",
            "keys": [str(first.id), str(second.id), str(gone)],
        }
        worked_off = coordinator.post("/worklist/act/", body).json()
        assert worked_off["done"] == [str(first.id)]
        assert [(one["key"], one["code"]) for one in worked_off["refused"]] == [
            (str(second.id), "no_slot")
        ]
        assert worked_off["gone"] == [str(gone)]
        assert coordinator.post("/worklist/act/", body).json()["done"] == []
        with met:
            assert Placement.objects.get(id=first.id).state == "pursuing"

    def test_a_verb_of_another_kind(self, coordinator):
        body = {"kind": "question", "verb": "approve", "keys": [str(uuid.uuid4())]}
        (error,) = problem_of(coordinator.post("/worklist/act/", body), 400, "invalid")["errors"]
        assert error["field"] == "verb"

    def test_numbers(self, coordinator, met):
        met.placement(met.opportunity().id)
        board = coordinator.get("/board/").json()
        assert (board["numbers"]["requests"], board["numbers"]["students"]) == (1, 1)
        assert board["weeks"][-1]["waiting"] == 1


class TestTerms:
    @pytest.fixture
    def term(self, coordinator):
        today = datetime.date.today()
        body = {
            "name": "Now",
            "starts_on": today.isoformat(),
            "ends_on": (today + datetime.timedelta(days=90)).isoformat(),
        }
        return coordinator.post("/terms/", body)

    def test_made_and_changed(self, coordinator, api, met, term):
        assert term.status_code == 201
        path = f"/terms/{term.json()['id']}/"
        changed = coordinator.patch(path, {"name": "Fall"}, If_Match=term["ETag"])
        assert changed.json()["name"] == "Fall"
        problem_of(
            coordinator.patch(path, {"name": "x"}, If_Match=term["ETag"]), 412, "changed_meanwhile"
        )
        wrong = coordinator.patch(path, {"ends_on": "2001-01-01"}, If_Match=changed["ETag"])
        (error,) = problem_of(wrong, 409, "dates")["errors"]
        assert error["field"] == "ends_on"
        student = api(met, met.student())
        assert student.get(path).json() == changed.json()
        problem_of(student.post("/terms/", {"name": "Mine"}), 403, "permission_denied")

    def test_at_a_glance_page_by_page(self, coordinator, met, term):
        placements = [met.placement(met.opportunity().id) for _number in range(3)]
        path = f"/terms/{term.json()['id']}/glance/"
        first = coordinator.get(path, {"size": 2}).json()
        second = coordinator.get(path, {"size": 2, "cursor": first["next_cursor"]}).json()
        rows = first["results"] + second["results"]
        assert [row["placement"] for row in rows] == [str(one.id) for one in placements[::-1]]
        assert (first["total"], second["next_cursor"]) == (3, None)
        assert {(row["state"], row["column"]) for row in rows} == {("requested", "waiting")}
        assert coordinator.get(path, {"state": "active"}).json()["total"] == 0

    def test_health_with_its_reasons(self, api, met):
        placement = active(met)
        worked(met, placement, pulse=1)
        with met:
            spring = save_term(
                actor=met.coordinator(),
                term=Term(name="Spring", starts_on="2027-02-01", ends_on="2027-06-30"),
            )
        with clock_at("15:00"):
            found = (
                api(met, met.coordinator())
                .get(f"/terms/{spring.id}/glance/", {"health": "bad"})
                .json()
            )
        (row,) = found["results"]
        assert found["levels"] == {"bad": 1}
        assert row["health"] == {
            "level": "bad",
            "reasons": [{"level": "bad", "text": "pulse 1 of 5"}],
        }

    def test_rolled_over(self, coordinator, met, term):
        offer = met.opportunity(term_id=uuid.UUID(term.json()["id"]))
        path = f"/terms/{term.json()['id']}"
        left = coordinator.get(f"{path}/leftovers/").json()
        assert [one["id"] for one in left["offers"]] == [str(offer.id)]
        outcome = coordinator.post(f"{path}/roll-over/", {}).json()
        assert outcome == {"completed": 0, "carried": 0, "archived": 1, "refused": []}
        assert coordinator.get(f"{path}/").json()["archived_at"] is not None
        problem_of(coordinator.post(f"{path}/roll-over/", {}), 409, "archived")


class TestFairness:
    def test_small_groups_are_hidden(self, coordinator, met):
        for _number in range(MINIMUM):
            met.student(grade=11)
        met.student(grade=12)
        found = coordinator.get("/fairness/").json()
        assert found["smallest_group"] == MINIMUM
        assert found["everyone"] == {"placed": 0, "students": MINIMUM + 1}
        shown = {one["grade"]: one["students"] for one in found["grades"]}
        assert shown[12] is None
        assert shown[11] is None, "or grade 12 would be a subtraction"
        assert found["never_placed_count"] == MINIMUM + 1

    def test_groups_are_recorded(self, coordinator, met):
        student = met.student()
        body = {"name": "English learners", "students": [str(student.id)]}
        assert coordinator.post("/groups/", body).json() == [
            {"name": "English learners", "students": 1}
        ]
        assert coordinator.get("/fairness/").json()["groups"] == [
            {"placed": None, "students": None, "group": "English learners"}
        ]
        assert coordinator.post("/groups/", body | {"students": []}).json() == []


class TestDemand:
    def test_wishes_against_slots(self, coordinator, met):
        with met:
            add_wish(student=met.student(), field="health", job="Nurse")
        found = coordinator.get("/demand/").json()
        assert found["field_rows"][0] == {
            "field": "health", "students": 1, "saved": 0, "missed": 0, "own": 0, "region": 0,
            "leads": 0, "gap": 1,
        }  # fmt: skip
        assert found["jobs"] == [{"words": "nurse", "count": 1}]

    def test_places_to_win(self, coordinator):
        made = coordinator.post("/leads/", {"name": "Corner Clinic", "field": "health"})
        assert made.status_code == 201
        path = f"/leads/{made.json()['id']}/"
        changed = coordinator.patch(path, {"state": "contacted"}, If_Match=made["ETag"]).json()
        assert changed["state"] == "contacted"
        assert coordinator.get("/leads/", {"state": "lead"}).json()["results"] == []
        site = coordinator.post(f"{path}won/").json()
        assert site["name"] == "Corner Clinic"
        assert coordinator.get(path).json()["site"] == site["id"]
        problem_of(coordinator.post(f"{path}won/"), 409, "won")

    def test_the_map_is_geojson_with_its_gaps(self, coordinator, met, bronx):
        here = met.opportunity(field="agriculture")
        bronx.posting(field="finance", remote=True)
        with met:
            add_wish(student=met.student(), field="health")
        found = coordinator.get("/asset-map/").json()
        assert found["type"] == "FeatureCollection"
        first, second = found["features"]
        assert first["id"] == str(here.id)
        assert first["geometry"] == {"type": "Point", "coordinates": [-73.9, 40.82]}
        assert first["properties"]["origin"] == "own"
        assert second["geometry"] is None
        assert found["coverage"] == [
            {"field": "health", "students": 1, "slots": 0, "nearest": None, "is_gap": True}
        ]
        own = coordinator.get("/asset-map/", {"origin": "own", "school": "met"}).json()
        assert len(own["features"]) == 1
        problem_of(coordinator.get("/asset-map/", {"school": "nowhere"}), 400, "invalid")


class TestCounts:
    def test_perkins_hides_a_small_class(self, coordinator, met):
        met.student(grade=12)
        found = coordinator.get("/work-based-learning/").json()
        assert (found["took_part"], found["students"]) == (None, None)
        for _number in range(MINIMUM):
            met.student(grade=12)
        assert coordinator.get("/work-based-learning/").json()["students"] == MINIMUM + 1

    def test_the_term_in_numbers(self, coordinator, met, bronx, api):
        met.opportunity(field="arts")
        rebuild_rollups(region="bronx")
        school = coordinator.get("/term-report/").json()
        assert school["opportunities"] == 1
        region = api(bronx, bronx.person("district_admin")).get("/term-report/").json()
        assert (region["term"], region["opportunities"]) == (school["term"], 1)

    def test_the_same_as_a_page_to_print(self, coordinator, met):
        """With a key too: a file is made anew, and each time history says so."""
        for _time in range(2):
            paper = coordinator.post("/term-report/pdf/", Idempotency_Key="one")
            assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
            assert paper.headers["Content-Type"] == "application/pdf"
        with met:
            assert Entry.objects.filter(action="table_exported").count() == 2


class TestExports:
    @pytest.fixture(autouse=True)
    def export_dir(self, settings, tmp_path):
        settings.EXPORT_DIR = str(tmp_path)

    def test_a_file_is_started_followed_and_fetched(self, api, met, coordinator):
        met.opportunity(title="=1+1")
        tables = {one["key"]: one for one in coordinator.get("/exports/").json()}
        assert (tables["opportunities"]["rows"], tables["students"]["about_students"]) == (1, True)
        run = coordinator.post("/exports/", {"table": "opportunities"}).json()
        assert (run["state"], run["rows"], run["percent"]) == ("done", 1, 100)
        assert coordinator.get(f"/exports/{run['id']}/").json() == run
        path = run["file"].partition("/api/v1")[2]
        file = coordinator.get(path)
        assert file["Content-Type"].startswith("text/csv")
        assert b"'=1+1" in b"".join(file.streaming_content)
        with met:
            assert Entry.objects.get(action="table_exported").after["table"] == "opportunities"
        other = api(met, met.person("coordinator"))
        problem_of(other.get(path), 404, "not_found")
        problem_of(coordinator.post("/exports/", {"table": "nonsense"}), 400, "invalid")


class TestRegion:
    @pytest.fixture
    def admin(self, api, bronx):
        return api(bronx, bronx.person("district_admin"))

    def test_at_a_glance_from_rollups(self, admin, met, academy):
        offer = met.opportunity(field="arts", capacity=2)
        listing = met.release(offer, slots=2)
        academy.placement(listing, state="active")
        rebuild_rollups(region="bronx")
        found = admin.get("/overview/").json()
        assert (found["schools"], found["opportunities"], found["released"]) == (3, 1, 2)
        assert found["students"] is None, "one student in the whole region"
        rows = {row["school"]["code"]: row for row in found["by_school"]}
        assert (rows["met"]["released"], rows["academy"]["students"]) == (2, None)
        assert found["pool"] == {"total": 2, "in_use": 1, "free": 1, "listings": 1}
        (flow,) = admin.get("/flows/").json()["from_schools"]
        assert (flow["origin"], flow["released"], flow["filled"]) == ("met", 2, 1)
        assert flow["users"] == [
            {"school": {"code": "academy", "name": "Bronx Academy"}, "in_use": 1, "filled": 1}
        ]

    def test_two_schools_side_by_side(self, admin, met):
        met.opportunity(field="arts")
        rebuild_rollups(region="bronx")
        found = admin.get("/compare/", {"a": "met", "b": "academy"}).json()
        arts = {
            side: next(row for row in found[side]["field_rows"] if row["field"] == "arts")
            for side in ("a", "b")
        }
        assert (arts["a"]["opportunities"], arts["b"]["opportunities"]) == (1, 0)
        assert arts["a"]["started"] is None
        assert found["b"]["school"]["name"] == "Bronx Academy"
        (error,) = problem_of(admin.get("/compare/", {"a": "met", "b": "nowhere"}), 400, "invalid")[
            "errors"
        ]
        assert error["field"] == "b"

    def test_one_school(self, admin, met):
        met.release(met.opportunity())
        rebuild_rollups(region="bronx")
        found = admin.get("/schools/met/").json()
        assert (found["name"], found["numbers"]["released"]) == ("The Met High School", 1)
        assert found["pool"]["total"] == 1
        problem_of(admin.get("/schools/nowhere/"), 404, "not_found")

    def test_what_a_partner_brought(self, api, bronx, met):
        staff = bronx.partner_staff()
        posting = bronx.posting(staff=staff, slots=2)
        bronx.posting(staff=bronx.partner_staff("Harbor House"))
        met.placement(posting.id, state="active")
        rebuild_rollups(region="bronx")
        found = api(bronx, staff).get("/partner-numbers/").json()
        assert found["flow"]["origin_name"] == "Bridge Works"
        assert (found["flow"]["released"], found["flow"]["filled"]) == (2, 1)
        assert [use["school"]["code"] for use in found["flow"]["users"]] == ["met"]
        assert {row["field"] for row in found["demand"]} >= {"management"}
