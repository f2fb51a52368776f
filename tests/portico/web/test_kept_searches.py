"""A student keeps a search from its results, finds it under Saved, and forgets it."""

import pytest

from catalog.models import SavedSearch
from sharing.saved_searches import MOST_SEARCHES

pytestmark = pytest.mark.django_db
KEEP = "/searches/keep/"


@pytest.fixture
def student(met):
    return met.student()


@pytest.fixture
def client(met, student):
    return met.client(student)


def kept(met):
    with met:
        return list(SavedSearch.objects.all())


def test_the_button_is_where_something_is_searched_for(met, client):
    met.opportunity(title="Urban Farm Apprentice")
    assert "Save this search" not in client.get("/").content.decode()
    assert "Save this search" not in client.get("/?saved=1&sort=newest").content.decode()
    for htmx in ({}, {"HTTP_HX_REQUEST": "true"}):
        html = client.get("/?q=farm&day=4", **htmx).content.decode()
        assert 'value="q=farm&amp;day=4"' in html
        assert "csrfmiddlewaretoken" in html


def test_a_kept_search_is_under_saved_and_asks_the_same_again(met, client):
    query = "q=farm&field=agriculture&day=4&mine=1&open=1&miles=3&sort=newest"
    for _ in range(2):  # a second click keeps it once
        answer = client.post(KEEP, {"query": query}, follow=True)
    assert "We tell you when something new matches" in answer.content.decode()
    (search,) = kept(met)
    assert search.name == "farm · Agriculture · Thursday · For grade 11 · Up to 3 mi · Free now"
    html = client.get("/saved/").content.decode()
    assert search.name in html
    assert f'href="/?{query.replace("&", "&amp;")}"' in html


def test_nothing_and_an_eleventh_are_refused(met, client):
    refused = client.post(KEEP, {"query": "sort=newest"}, follow=True)
    assert "Search for something first" in refused.content.decode()
    for number in range(MOST_SEARCHES + 1):
        answer = client.post(KEEP, {"query": f"q=word{number}"}, follow=True)
    assert "remove one first" in answer.content.decode()
    assert len(kept(met)) == MOST_SEARCHES


def test_it_is_forgotten_and_another_students_stays(met, client):
    met.client(met.student()).post(KEEP, {"query": "q=theirs"})
    client.post(KEEP, {"query": "q=mine"})
    theirs, mine = sorted(kept(met), key=lambda search: search.name, reverse=True)
    assert "theirs" not in client.get("/saved/").content.decode()
    for search in (mine, mine, theirs):
        assert client.post(f"/searches/{search.id}/forget/").headers["Location"] == "/saved/"
    assert kept(met) == [theirs]


def test_a_search_for_one_school_is_no_other_schools(met, academy, client):
    client.post(KEEP, {"query": "q=farm"})
    (search,) = kept(met)
    charlie = academy.client(academy.student())
    charlie.post(f"/searches/{search.id}/forget/")
    assert kept(met) == [search]
    assert met.client(met.coordinator()).post(KEEP, {"query": "q=x"}).status_code == 403
