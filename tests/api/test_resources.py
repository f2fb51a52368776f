"""Each resource does what it says, through the pages' own actions."""

import datetime

import pytest
from django.utils import timezone

from catalog.models import Term
from portico.internships.models import Placement
from tests.api.conftest import problem_of


class TestListings:
    def test_searched_filtered_counted(self, api, met, academy, bronx):
        met.opportunity(title="Farm Apprentice", days=[4], field="agriculture")
        academy.release(academy.opportunity(title="Farm Shop Helper", field="marketing"))
        bronx.posting(title="Bank Teller", field="finance", pay="paid")
        client = api(met, met.student())
        found = client.get("/listings/", {"words": "farm"}).json()
        assert [row["title"] for row in found["results"]] == ["Farm Apprentice", "Farm Shop Helper"]
        assert found["facets"]["origins"] == {"own": 1, "school": 1}
        assert found["total"] == 2
        assert found["results"][0]["miles"] == pytest.approx(1.05, abs=0.02)
        thursday = client.get("/listings/", {"day": ["4", "5"], "facets": "false"}).json()
        assert [row["title"] for row in thursday["results"]] == ["Farm Apprentice"]
        assert "facets" not in thursday
        one = client.get(f"/listings/{found['results'][1]['id']}/").json()
        assert (one["origin_kind"], one["origin_name"]) == ("school", "Bronx Academy")

    def test_no_contact_anywhere(self, api, met, academy, bronx):
        met.opportunity()
        academy.release(academy.opportunity())
        bronx.posting()
        answer = api(met, met.student()).get("/listings/")
        assert len(answer.json()["results"]) == 3
        for secret in (b"rosa@example.com", b"718-555", b"sam@example.com", b"Rosa Mentor"):
            assert secret not in answer.content

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"day": "8"}, "day"),
            ({"sort": "x"}, "sort"),
            ({"miles": "-1"}, "miles"),
            ({"latitude": "40"}, "longitude"),
            ({"latitude": "nan", "longitude": "1"}, "latitude"),
            ({"words": "\x00"}, "words"),
        ],
    )
    def test_nonsense_is_said(self, api, met, query, field):
        answer = api(met, met.student()).get("/listings/", query)
        assert [error["field"] for error in problem_of(answer, 400, "invalid")["errors"]] == [field]

    def test_a_page_takes_few_queries(self, api, met, bronx, django_assert_max_num_queries):
        for _number in range(5):
            bronx.posting()
        client = api(met, met.student())
        with django_assert_max_num_queries(13):
            client.get("/listings/", {"words": "nonprofit"})


def test_favorites(api, met, bronx):
    listing = bronx.posting(title="Kept")
    bronx.posting(title="Not kept")
    client = api(met, met.student())
    for _twice in range(2):
        assert client.put(f"/favorites/{listing.id}/").status_code == 204
    assert [row["title"] for row in client.get("/favorites/").json()["results"]] == ["Kept"]
    assert client.delete(f"/favorites/{listing.id}/").status_code == 204
    assert client.get("/favorites/").json()["results"] == []


def test_wishlist(api, met):
    client = api(met, met.student())
    wish = client.post("/wishlist/", {"field": "health", "job": "Nurse"}).json()
    assert client.get("/wishlist/").json()["results"] == [wish]
    problem_of(
        api(met, met.student()).delete(f"/wishlist/{wish['id']}/"), 404, "not_found"
    )  # somebody else's
    assert client.delete(f"/wishlist/{wish['id']}/").status_code == 204
    assert client.get("/wishlist/").json()["results"] == []


def test_an_opportunity_from_site_to_pool_and_back(api, met, academy):
    client = api(met, met.coordinator())
    site = client.post(
        "/sites/", {"name": "Kelly Farm", "latitude": 40.82, "longitude": -73.9}
    ).json()
    mentor = client.post("/mentors/", {"site": site["id"], "name": "Rosa"}).json()
    made = client.post(
        "/opportunities/",
        {
            "site": site["id"], "mentor": mentor["id"], "title": "Farmer", "field": "agriculture",
            "description": "Grow.", "capacity": 3, "days": [2, 4], "skills": ["Patience"],
        },
    )  # fmt: skip
    offer = made.json()
    path = f"/opportunities/{offer['id']}/"
    assert (made.status_code, offer["state"], offer["site_name"]) == (201, "draft", "Kelly Farm")
    problem_of(client.post(f"{path}release/", {"slots": 1}), 409, "not_published")
    published = client.post(f"{path}publish/")
    assert published.json()["state"] == "published"
    released = client.post(f"{path}release/", {"slots": 2}).json()
    assert released["opportunity"]["released"] == 2
    theirs = api(academy, academy.student()).get(f"/listings/{released['listing']}/").json()
    assert (theirs["title"], theirs["slots"]) == ("Farmer", 2)
    changed = client.patch(path, {"title": "City Farmer"}, If_Match=client.get(path)["ETag"])
    assert changed.status_code == 200
    theirs = api(academy, academy.student()).get(f"/listings/{released['listing']}/").json()
    assert theirs["title"] == "City Farmer"
    (release,) = client.get("/releases/").json()["results"]
    assert (release["slots"], release["taken"]) == (2, 0)
    recalled = client.post(f"{path}recall/").json()
    assert (recalled["came_back"], recalled["still_held"]) == (2, 0)
    problem_of(
        api(academy, academy.student()).get(f"/listings/{released['listing']}/"), 404, "not_found"
    )
    assert client.post(f"{path}archive/").json()["state"] == "archived"


def test_another_schools_site_is_no_site(api, met, academy):
    theirs = academy.opportunity().site_id
    answer = api(met, met.coordinator()).post("/mentors/", {"site": str(theirs), "name": "X"})
    (error,) = problem_of(answer, 400, "invalid")["errors"]
    assert (error["field"], error["code"]) == ("site", "does_not_exist")


def test_opportunities_can_be_narrowed(api, met):
    met.opportunity(title="A", field="arts")
    met.opportunity(title="B", field="health", publish=False)
    client = api(met, met.coordinator())

    def titles(**query):
        return [row["title"] for row in client.get("/opportunities/", query).json()["results"]]

    assert titles() == ["B", "A"]
    assert titles(state="draft") == ["B"]
    assert titles(field=["arts", "health"], title="a") == ["A"]
    problem_of(client.get("/opportunities/", {"state": "x"}), 400, "invalid")


def test_a_placement_from_request_to_end(api, met):
    offer = met.opportunity()
    teacher = met.person("teacher")
    student = met.student(teacher=teacher)
    pupil, boss, guide = api(met, student), api(met, met.coordinator()), api(met, teacher)
    asked = pupil.post("/placements/", {"listing": str(offer.id), "message": "Plants!"})
    placement = asked.json()
    path = f"/placements/{placement['id']}/"
    assert (asked.status_code, placement["state"], placement["contact"]) == (201, "requested", None)
    assert placement["actions"] == ["withdraw"]
    problem_of(pupil.post("/placements/", {"listing": str(offer.id)}), 409, "already_requested")
    problem_of(pupil.post(f"{path}approve/"), 403, "permission_denied")
    assert boss.post(f"{path}approve/").json()["state"] == "pursuing"
    assert pupil.get(path).json()["contact"]["email"] == "rosa@example.com"
    before = pupil.get(path).json()["deadline"]
    assert boss.post(f"{path}extend/", {"days": 3}).json()["deadline"] > before
    start = {
        "starts_on": "2027-02-01", "ends_on": "2027-06-15", "days": [2, 4],
        "start_time": "09:00", "end_time": "14:00", "goals": ["Learn"],
    }  # fmt: skip
    problem_of(pupil.post(f"{path}request-start/", start | {"ends_on": "2027-01-01"}), 409, "dates")
    assert pupil.post(f"{path}request-start/", start).json()["state"] == "start_requested"
    declined = guide.post(f"{path}decline-start/", {"reason": "Tell me more."}).json()
    assert (declined["state"], declined["reason"]) == ("pursuing", "Tell me more.")
    assert pupil.post(f"{path}request-start/", start).json()["state"] == "start_requested"
    assert guide.post(f"{path}approve-start/").json()["state"] == "active"
    problem_of(boss.post(f"{path}end-early/", {}), 400, "invalid")
    assert boss.post(f"{path}complete/").json()["state"] == "completed"
    listed = boss.get("/placements/", {"state": "completed"}).json()["results"]
    assert [row["id"] for row in listed] == [placement["id"]]


def test_declined_withdrawn_and_ended_early(api, met):
    boss = api(met, met.coordinator())
    for state, who, act, body, after in (
        ("requested", "boss", "decline", {"reason": "Not now."}, "declined"),
        ("pursuing", "student", "withdraw", {}, "withdrawn"),
        ("active", "boss", "end-early", {"reason": "Moved."}, "ended_early"),
    ):
        placement = met.placement(met.opportunity().id, state=state)
        client = boss if who == "boss" else api(met, placement.student)
        answer = client.post(f"/placements/{placement.id}/{act}/", body)
        assert answer.json()["state"] == after


def test_the_owner_is_asked_and_answers(api, met, academy):
    listing = academy.release(academy.opportunity(), ask_owner=True)
    placement = met.placement(listing, state="awaiting_owner")
    owner = api(academy, academy.coordinator())
    (question,) = owner.get("/questions/", {"state": "asked"}).json()["results"]
    assert question["school_name"] == "The Met High School"
    assert question["grade"] == 11
    assert placement.student.family_name not in str(question)
    answer = owner.post(f"/questions/{question['id']}/answer/", {"agreed": False})
    problem_of(answer, 409, "reason_required")
    answer = owner.post(f"/questions/{question['id']}/answer/", {"agreed": True})
    assert answer.json()["state"] == "agreed"
    # somebody else's question is not there
    stranger = api(met, met.coordinator())
    problem_of(
        stranger.post(f"/questions/{question['id']}/answer/", {"agreed": True}), 404, "not_found"
    )


def test_suggestions(api, met):
    pupil, boss = api(met, met.student()), api(met, met.coordinator())
    first, second = (
        pupil.post("/suggestions/", {"site_name": name, "reason": "Bread"}).json()
        for name in ("Bakery", "Zoo")
    )
    assert len(boss.get("/suggestions/", {"state": "new"}).json()["results"]) == 2
    assert api(met, met.student()).get("/suggestions/").json()["results"] == []
    site = boss.post(f"/suggestions/{first['id']}/take-over/").json()
    assert site["name"] == "Bakery"
    problem_of(boss.post(f"/suggestions/{second['id']}/decline/"), 400, "invalid")
    boss.post(f"/suggestions/{second['id']}/decline/", {"answer": "Too far."})
    assert pupil.get(f"/suggestions/{second['id']}/").json()["answer"] == "Too far."
    problem_of(boss.post(f"/suggestions/{second['id']}/decline/", {"answer": "x"}), 409, "answered")


def test_terms_and_schools_and_me(api, met, bronx):
    with met:
        Term.objects.create(
            name="Spring", starts_on=datetime.date(2027, 1, 1), ends_on=datetime.date(2027, 6, 1)
        )
    client = api(met, met.student(grade=10))
    assert [row["name"] for row in client.get("/terms/").json()["results"]] == ["Spring"]
    codes = {"met", "academy", "riverdale"}
    assert {row["code"] for row in client.get("/schools/").json()} == codes
    admin = api(bronx, bronx.person("district_admin"))
    assert {row["code"] for row in admin.get("/schools/").json()} == codes
    me = client.get("/me/").json()
    assert me["person"]["grade"] == 10
    assert me["tenant"] == {"kind": "school", "code": "met", "name": "The Met High School"}


class TestPostings:
    FACTS = {
        "title": "Nonprofit Intern", "site_name": "The Stoop", "description": "Help.",
        "field": "management", "slots": 2, "contact": {"name": "Sam", "email": "sam@example.com"},
    }  # fmt: skip

    def test_a_partner_posts_changes_and_closes(self, api, met, academy, bronx):
        client = api(bronx, bronx.partner_staff())
        made = client.post("/postings/", self.FACTS | {"schools": ["met"]})
        posting = made.json()
        path = f"/postings/{posting['id']}/"
        assert (made.status_code, posting["schools"]) == (201, ["met"])
        here, elsewhere = api(met, met.student()), api(academy, academy.student())
        assert here.get(f"/listings/{posting['id']}/").status_code == 200
        problem_of(elsewhere.get(f"/listings/{posting['id']}/"), 404, "not_found")
        changed = client.patch(
            path, {"schools": None, "contact": {"phone": "718"}}, If_Match=made["ETag"]
        )
        assert changed.json()["contact"]["phone"] == "718"
        assert changed.json()["contact"]["email"] == "sam@example.com"
        assert elsewhere.get(f"/listings/{posting['id']}/").status_code == 200
        closed = client.patch(path, {"state": "closed"}, If_Match=changed["ETag"])
        assert closed.json()["state"] == "closed"
        problem_of(here.get(f"/listings/{posting['id']}/"), 404, "not_found")

    def test_a_school_there_is_not(self, api, bronx):
        client = api(bronx, bronx.partner_staff())
        answer = client.post("/postings/", self.FACTS | {"schools": ["hogwarts"]})
        (error,) = problem_of(answer, 400, "invalid")["errors"]
        assert error["field"] == "schools"

    def test_another_partners_posting_does_not_exist(self, api, bronx):
        listing = bronx.posting(staff=bronx.partner_staff("Another"))
        client = api(bronx, bronx.partner_staff())
        assert client.get("/postings/").json()["results"] == []
        problem_of(client.get(f"/postings/{listing.id}/"), 404, "not_found")
        problem_of(client.patch(f"/postings/{listing.id}/", {}, If_Match="*"), 404, "not_found")

    def test_the_district_sees_the_pool_and_the_partners(self, api, met, bronx):
        met.release(met.opportunity(title="Released"))
        bronx.posting(title="Posted")
        client = api(bronx, bronx.person("district_admin"))
        rows = client.get("/pool/").json()["results"]
        assert {(row["title"], row["origin_kind"]) for row in rows} == {
            ("Released", "school"), ("Posted", "partner"),
        }  # fmt: skip
        (row,) = client.get("/pool/", {"origin_kind": "school"}).json()["results"]
        assert client.get(f"/pool/{row['id']}/").json() == row
        (partner,) = client.get("/partners/").json()["results"]
        assert partner["name"] == "Bridge Works"


def test_a_search_is_kept_and_forgotten(api, met):
    client = api(met, met.student())
    body = {"name": "Farms", "words": "farm", "day": [4], "latitude": 40.8, "longitude": -73.9}
    search = client.post("/saved-searches/", body).json()
    assert search["criteria"] == {"words": "farm", "days": [4]}
    assert client.get("/saved-searches/").json()["results"] == [search]
    problem_of(client.post("/saved-searches/", {"name": "All"}), 409, "empty")
    stranger = api(met, met.student())
    problem_of(stranger.delete(f"/saved-searches/{search['id']}/"), 404, "not_found")
    assert client.delete(f"/saved-searches/{search['id']}/").status_code == 204
    assert client.get("/saved-searches/").json()["results"] == []


def test_synonyms_of_the_region(api, met, bronx):
    met.opportunity(title="Zamboni Driver", field="hospitality")
    client = api(bronx, bronx.person("district_admin"))
    made = client.post("/synonyms/", {"word": "Ice", "means": ["zamboni"]})
    path = f"/synonyms/{made.json()['id']}/"
    pupil = api(met, met.student())

    def found():
        return [row["title"] for row in pupil.get("/listings/", {"words": "ice"}).json()["results"]]

    assert found() == ["Zamboni Driver"]
    problem_of(client.post("/synonyms/", {"word": "ICE", "means": ["x"]}), 409, "taken")
    changed = client.patch(path, {"means": ["skating"]}, If_Match=made["ETag"])
    assert changed.json() == {"id": made.json()["id"], "word": "ice", "means": ["skating"]}
    assert found() == []
    assert client.delete(path).status_code == 204
    problem_of(client.get(path), 404, "not_found")


def test_a_passed_deadline_counts_though_no_worker_ran(api, met):
    placement = met.placement(met.opportunity().id, state="pursuing")
    client = api(met, met.coordinator())
    with met:
        Placement.objects.update(deadline=timezone.now())
    listed = client.get("/placements/", {"state": ["expired"]}).json()["results"]
    assert [row["state"] for row in listed] == ["expired"]
    assert client.get("/placements/", {"state": ["pursuing"]}).json()["results"] == []
    assert client.get(f"/placements/{placement.id}/").json()["contact"] is None


def test_what_nobody_wants_is_released_at_once(api, met):
    wanted, idle = met.opportunity(capacity=2), met.opportunity(capacity=3)
    met.placement(wanted.id)
    client = api(met, met.coordinator())
    assert [one["id"] for one in client.get("/opportunities/unwanted/").json()] == [str(idle.id)]
    body = {"opportunities": [str(idle.id)]}
    (released,) = client.post("/opportunities/release-unwanted/", body).json()
    assert (released["slots"], released["code"]) == (3, "")
    (again,) = client.post("/opportunities/release-unwanted/", body).json()
    assert (again["slots"], again["code"]) == (0, "no_free_slots")


def test_partners_are_kept_by_the_district(api, bronx):
    client = api(bronx, bronx.person("district_admin"))
    made = client.post("/partners/new/", {"name": "Harbor House"})
    assert made.status_code == 201
    path = f"/partners/{made.json()['id']}/"
    changed = client.patch(path, {"about": "By the water."}, If_Match=made["ETag"])
    assert (changed.json()["name"], changed.json()["about"]) == ("Harbor House", "By the water.")
    stale = client.patch(path, {"about": ""}, If_Match=made["ETag"])
    problem_of(stale, 412, "changed_meanwhile")
    person = {"given_name": "Lee", "family_name": "Chan", "email": "lee@harbor.example.org"}
    invited = client.post(f"{path}staff/", person).json()
    problem_of(client.post(f"{path}staff/", person), 400, "invalid")
    closed = client.post(f"{path}staff/active/", {"person": invited["id"], "active": False})
    assert closed.json()["is_active"] is False
    assert client.get(f"{path}staff/").json() == [closed.json()]
    staff = api(bronx, bronx.partner_staff())
    problem_of(staff.get(path), 403, "permission_denied")


def test_a_schools_settings(api, met):
    client = api(met, met.coordinator())
    seen = client.get("/settings/")
    changed = client.patch("/settings/", {"pursuit_days": 21}, If_Match=seen["ETag"])
    assert changed.json() == seen.json() | {"pursuit_days": 21}
    stale = client.patch("/settings/", {"pursuit_days": 5}, If_Match=seen["ETag"])
    problem_of(stale, 412, "changed_meanwhile")
    problem_of(api(met, met.student()).get("/settings/"), 403, "permission_denied")
