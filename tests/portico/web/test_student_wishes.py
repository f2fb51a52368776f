"""Wishes and suggestions."""

import pytest

from catalog.actions import MOST_WISHES, decline_suggestion, take_over_suggestion
from catalog.models import Suggestion, WishlistItem
from tests.portico.web.budgets import query_budget

pytestmark = pytest.mark.django_db
PLACE = {"site_name": "Fordham Paws", "reason": "I want to be a vet.", "field": ""}


@pytest.fixture
def student(met):
    return met.student()


@pytest.fixture
def client(met, student):
    return met.client(student)


def wishes(met, student) -> list[tuple[str, str]]:
    with met:
        found = WishlistItem.objects.filter(student=student).order_by("id")
        return list(found.values_list("field", "job"))


def test_wishing_for_a_job_a_field_or_both(met, client, student):
    for field, job in (("health", ""), ("", "Vet"), ("arts", "Sound engineer"), ("", " Vet ")):
        assert client.post("/wishes/", {"field": field, "job": job}).status_code == 302
    assert wishes(met, student) == [("health", ""), ("", "Vet"), ("arts", "Sound engineer")]
    html = client.get("/wishes/").content.decode()
    for words in ("Healthcare &amp; Human Services", "Vet", "Sound engineer"):
        assert words in html


@pytest.mark.parametrize("data", [{}, {"job": "  "}, {"field": "magic"}, {"job": "x" * 81}])
def test_an_empty_or_odd_wish_is_refused_beside_its_field(met, client, student, data):
    answer = client.post("/wishes/", data)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert wishes(met, student) == []


def test_a_wish_is_removed_once_and_twice(met, client, student):
    client.post("/wishes/", {"job": "Vet"})
    with met:
        wish = student.wishes.get()
    for _click in range(2):
        assert client.post(f"/wishes/{wish.id}/remove/").status_code == 302
    assert wishes(met, student) == []


def test_twenty_wishes_are_enough(met, client, student):
    for number in range(MOST_WISHES + 1):
        client.post("/wishes/", {"job": f"Job {number}"})
    assert len(wishes(met, student)) == MOST_WISHES
    html = client.get("/wishes/").content.decode()
    assert "20 wishes are enough." in html
    assert 'name="job"' not in html


def test_a_suggestion_and_its_answers_are_read(met, client, student):
    assert client.post("/suggestions/", PLACE).status_code == 302
    client.post("/suggestions/", PLACE | {"site_name": "Bronx Bikeworks"})
    html = client.get("/suggestions/").content.decode()
    assert html.count("Being read") == 2
    with met:
        paws, bikes = Suggestion.objects.filter(student=student).order_by("id")
        alice = met.coordinator()
        take_over_suggestion(actor=alice, suggestion_id=paws.id, answer="Great idea, we call.")
        decline_suggestion(actor=alice, suggestion_id=bikes.id, answer="They closed.")
    html = client.get("/suggestions/").content.decode()
    for words in ("Taken up", "Great idea, we call.", "Not this time", "They closed."):
        assert words in html


def test_a_suggestion_without_a_reason_keeps_what_was_written(met, client, student):
    answer = client.post("/suggestions/", {"site_name": "Fordham Paws", "reason": ""})
    assert answer.status_code == 422
    assert 'value="Fordham Paws"' in answer.content.decode()
    with met:
        assert not Suggestion.objects.filter(student=student).exists()


def test_suggestions_are_ones_own(met, client):
    other = met.client(met.student())
    other.post("/suggestions/", PLACE | {"site_name": "Marker place"})
    assert "Marker place" not in client.get("/suggestions/").content.decode()


def test_budgets(client):
    for number in range(5):
        client.post("/wishes/", {"job": f"Job {number}"})
        client.post("/suggestions/", PLACE)
    with query_budget("student-wishes"):
        client.get("/wishes/")
    with query_budget("student-suggestions"):
        client.get("/suggestions/")
