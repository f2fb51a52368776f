"""What every resource does alike: problems, idempotency, versions, pages, limits, description."""

import pytest

from api import limits
from catalog.models import Site, WishlistItem
from tests.api.conftest import problem_of

pytestmark = pytest.mark.django_db


class TestProblems:
    def test_the_field_at_fault_is_named(self, api, met):
        answer = api(met, met.coordinator()).post("/sites/", {"name": "", "latitude": 95})
        errors = problem_of(answer, 400, "invalid")["errors"]
        assert {error["field"] for error in errors} == {"name", "latitude"}

    def test_a_rules_field_too(self, api, met):
        offer = met.opportunity(capacity=1)
        answer = api(met, met.coordinator()).post(
            f"/opportunities/{offer.id}/release/", {"slots": 2}
        )
        (error,) = problem_of(answer, 409, "no_free_slots")["errors"]
        assert error["field"] == "slots"

    def test_a_models_field_too(self, api, met):
        site_id = met.opportunity().site_id
        answer = api(met, met.coordinator()).post(
            "/opportunities/",
            {
                "site": str(site_id), "title": "A", "description": "B", "field": "arts",
                "start_time": "14:00", "end_time": "09:00",
            },
        )  # fmt: skip
        (error,) = problem_of(answer, 400, "invalid")["errors"]
        assert error["field"] == "end_time"

    @pytest.mark.parametrize(
        ("body", "kind", "status"),
        [("{", "application/json", 400), ("a=b", "application/x-www-form-urlencoded", 415)],
    )
    def test_what_is_no_json(self, met, body, kind, status):
        client = met.client(met.student())
        answer = client.post("/api/v1/wishlist/", body, content_type=kind)
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"

    def test_a_method_there_is_not(self, api, met):
        problem_of(api(met, met.coordinator()).post("/releases/"), 405, "method_not_allowed")

    def test_an_error_leaves_nothing_behind(self, api, met):
        """The site is saved, then the answer fails: both are undone."""
        client = api(met, met.coordinator())
        answer = client.post("/sites/", {"name": "Good"}, Idempotency_Key="x" * 300)
        problem_of(answer, 400, "invalid")
        with met:
            assert not Site.objects.exists()


class TestIdempotency:
    def test_the_same_post_acts_once(self, api, met):
        client = api(met, met.student())
        first = client.post("/wishlist/", {"job": "vet"}, Idempotency_Key="k1")
        again = client.post("/wishlist/", {"job": "vet"}, Idempotency_Key="k1")
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert again["Idempotency-Replayed"] == "true"
        with met:
            assert WishlistItem.objects.count() == 1

    def test_an_act_that_could_not_be_done_twice_answers_twice(self, api, met):
        placement = met.placement(met.opportunity().id)
        client = api(met, met.coordinator())
        answers = [
            client.post(f"/placements/{placement.id}/approve/", Idempotency_Key="once")
            for _time in range(2)
        ]
        assert [answer.status_code for answer in answers] == [200, 200]
        problem_of(client.post(f"/placements/{placement.id}/approve/"), 409, "wrong_state")

    def test_a_key_is_for_one_request(self, api, met):
        client = api(met, met.student())
        client.post("/wishlist/", {"job": "vet"}, Idempotency_Key="k1")
        answer = client.post("/wishlist/", {"job": "nurse"}, Idempotency_Key="k1")
        problem_of(answer, 422, "idempotency_key_reused")

    def test_a_key_is_ones_own(self, api, met):
        for _student in range(2):
            answer = api(met, met.student()).post(
                "/wishlist/", {"job": "vet"}, Idempotency_Key="same"
            )
            assert answer.status_code == 201
        with met:
            assert WishlistItem.objects.count() == 2

    def test_what_failed_may_be_tried_again(self, api, met):
        client = api(met, met.student())
        problem_of(client.post("/wishlist/", {}, Idempotency_Key="k"), 409, "empty")
        answer = client.post("/wishlist/", {"job": "vet"}, Idempotency_Key="k")
        assert answer.status_code == 201


class TestVersions:
    @pytest.fixture
    def client(self, api, met):
        return api(met, met.coordinator())

    @pytest.fixture
    def made(self, client):
        return client.post("/sites/", {"name": "Corner Bakery"})

    def test_two_editors_cannot_overwrite_each_other(self, client, made):
        path = f"/sites/{made.json()['id']}/"
        mine = client.patch(path, {"city": "Bronx"}, If_Match=made["ETag"])
        assert mine.status_code == 200
        assert mine["ETag"] != made["ETag"]
        problem_of(
            client.patch(path, {"city": "Yonkers"}, If_Match=made["ETag"]), 412, "changed_meanwhile"
        )
        assert client.get(path).json()["city"] == "Bronx"
        assert client.get(path)["ETag"] == mine["ETag"]

    def test_without_a_version_nothing_is_changed(self, client, made):
        answer = client.patch(f"/sites/{made.json()['id']}/", {"city": "Bronx"})
        problem_of(answer, 428, "version_required")

    def test_what_is_known_is_not_sent_again(self, client, made):
        path = f"/sites/{made.json()['id']}/"
        answer = client.get(path, If_None_Match=made["ETag"])
        assert (answer.status_code, answer.content) == (304, b"")


class TestPages:
    def test_all_and_none_twice(self, api, met):
        client = api(met, met.coordinator())
        for number in range(5):
            client.post("/sites/", {"name": f"Site {number}"})
        names, cursor = [], None
        while True:
            query = {"size": 2} | ({"cursor": cursor} if cursor else {})
            page = client.get("/sites/", query).json()
            names += [row["name"] for row in page["results"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert names == [f"Site {number}" for number in reversed(range(5))]

    @pytest.mark.parametrize(
        "query",
        [{"size": "0"}, {"size": "101"}, {"size": "x"}, {"size": "9" * 5000}, {"cursor": "x"}],
    )
    def test_nonsense_is_said(self, api, met, query):
        problem_of(api(met, met.coordinator()).get("/sites/", query), 400, "invalid")


class TestLimits:
    def test_every_answer_says_what_is_left(self, api, met):
        client = api(met, met.student())
        first = client.get("/me/")
        assert first["RateLimit-Policy"] == '"read";q=600;w=60'
        assert first["RateLimit"].startswith('"read";r=599;t=')
        assert client.get("/me/")["RateLimit"].startswith('"read";r=598;t=')

    def test_too_many_wait(self, api, met, monkeypatch):
        monkeypatch.setitem(limits.LIMITS, "write", 1)
        client = api(met, met.student())
        assert client.post("/wishlist/", {"job": "vet"}).status_code == 201
        answer = client.post("/wishlist/", {"job": "nurse"})
        problem_of(answer, 429, "throttled")
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert answer["RateLimit"].startswith('"write";r=0;')
        assert client.get("/me/").status_code == 200

    def test_a_counter_that_is_away_does_not_close_the_api(self, api, met, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        answer = api(met, met.student()).get("/me/")
        assert answer.status_code == 200
        assert "RateLimit" not in answer


class TestDescription:
    def test_the_schema_describes_every_operation(self, met):
        answer = met.client().get("/api/v1/schema/")
        described = answer.json()
        assert described["openapi"] == "3.1.0"
        ids = [
            operation["operationId"]
            for operations in described["paths"].values()
            for operation in operations.values()
        ]
        assert len(ids) == len(set(ids)) > 50
        for operations in described["paths"].values():
            for operation in operations.values():
                assert operation["description"], operation["operationId"]
                assert "401" in operation["responses"]

    def test_it_is_made_without_a_warning(self):
        from drf_spectacular.drainage import GENERATOR_STATS

        from api.views import reference

        reference._described.clear()
        GENERATOR_STATS.reset()
        reference.describe()
        assert not GENERATOR_STATS._warn_cache
        assert not GENERATOR_STATS._error_cache

    def test_people_read_it_on_our_own_host(self, met, bronx):
        for client in (met.client(), met.client(met.student()), bronx.client()):
            answer = client.get("/api/v1/")
            assert answer.status_code == 200
            page = answer.content.decode()
            assert "/api/v1/placements/{id}/approve-start/" in page
            assert "<script>" not in page
            assert "style=" not in page
