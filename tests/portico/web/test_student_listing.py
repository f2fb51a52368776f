"""One internship's page: asking for it, saving it, and what stands in the way."""

import pytest

from catalog.models import Favorite
from portico.internships.models import Placement
from portico.notices.models import Notice
from sharing.actions import recall_slots
from tests.portico.web.budgets import query_budget

pytestmark = pytest.mark.django_db


@pytest.fixture
def student(met):
    return met.student()


@pytest.fixture
def client(met, student):
    return met.client(student)


def placements(met, student) -> list[Placement]:
    with met:
        return list(Placement.objects.filter(student=student))


def test_the_page_says_what_it_is_and_what_happens_next(met, client):
    offer = met.opportunity(
        title="Tutor", skills=["patience"], requirements="Come on time", grades=[10, 11], days=[2]
    )
    html = client.get(f"/listings/{offer.id}/").content.decode()
    for words in (
        "Tutor", "Grow vegetables", "patience", "Come on time", "Grades 10 and 11",
        "mi from school", "1 of 1 open", "You have 14 days to get in touch",
    ):  # fmt: skip
        assert words in html
    assert "Rosa Mentor" not in html
    assert "12 Kelly Street" not in html


def test_the_origin_is_explained(met, academy, bronx, client):
    asked = academy.release(academy.opportunity(), ask_owner=True)
    html = client.get(f"/listings/{asked}/").content.decode()
    assert "Bronx Academy is asked too, without your name." in html
    assert "Bronx Academy agrees too." in html
    html = client.get(f"/listings/{bronx.posting().id}/").content.decode()
    assert "Bridge Works, a nonprofit" in html


def test_asking_twice_is_asking_once(met, client, student):
    offer = met.opportunity()
    path = f"/listings/{offer.id}/request/"
    first = client.post(path, {"message": "I love plants."})
    [placement] = placements(met, student)
    assert placement.message == "I love plants."
    assert first["Location"] == f"/placements/{placement.id}/"
    with met:
        told = Notice.objects.filter(kind="request_new").count()
    assert client.post(path, {"message": "Again"})["Location"] == first["Location"]
    assert placements(met, student) == [placement]
    with met:
        assert Notice.objects.filter(kind="request_new").count() == told == 1


def test_a_double_click_on_the_third_request_is_no_fourth(met, client, student):
    offers = [met.opportunity() for _ in range(4)]
    for offer in offers[:3]:
        client.post(f"/listings/{offer.id}/request/")
    again = client.post(f"/listings/{offers[2].id}/request/")
    assert again.status_code == 302
    refused = client.post(f"/listings/{offers[3].id}/request/", {"message": "My words"})
    assert refused.status_code == 409
    assert "Three of your requests are waiting" in refused.content.decode()
    assert len(placements(met, student)) == 3


def test_a_pool_listing_is_asked_for_the_same_way(academy, met, client, student):
    listing = academy.release(academy.opportunity())
    client.post(f"/listings/{listing}/request/")
    [placement] = placements(met, student)
    assert placement.listing_id == listing


@pytest.mark.parametrize(
    ("facts", "taken", "words"),
    [
        ({"grades": [9]}, False, "This one is for other grades: Grade 9."),
        ({}, True, "All slots are taken right now."),
    ],
)
def test_obstacles_are_said_and_there_is_no_form(met, client, student, facts, taken, words):
    offer = met.opportunity(**facts)
    if taken:
        met.placement(offer.id, state="pursuing")
    html = client.get(f"/listings/{offer.id}/").content.decode()
    assert words in html
    assert f'action="/listings/{offer.id}/request/"' not in html
    assert client.post(f"/listings/{offer.id}/request/").status_code == 409
    assert placements(met, student) == []


def test_a_message_too_long_keeps_the_input(met, client, student):
    offer = met.opportunity()
    answer = client.post(f"/listings/{offer.id}/request/", {"message": "plants " * 200})
    assert answer.status_code == 422
    assert "plants plants" in answer.content.decode()
    assert placements(met, student) == []


def test_requested_already_leads_to_where_it_stands(met, client, student):
    offer = met.opportunity()
    placement = met.placement(offer.id, student=student)
    html = client.get(f"/listings/{offer.id}/").content.decode()
    assert f'href="/placements/{placement.id}/"' in html
    assert "What happens next" not in html


def test_saving_twice_is_saving_once_and_forgetting_too(met, client, student):
    offer = met.opportunity(title="Kept one")
    for verb, number in (("save", 1), ("save", 1), ("forget", 0), ("forget", 0)):
        answer = client.post(
            f"/listings/{offer.id}/{verb}/", HTTP_REFERER=f"http://{met.host}/?q=kept"
        )
        assert answer["Location"] == f"http://{met.host}/?q=kept"
        with met:
            assert Favorite.objects.filter(student=student).count() == number


def test_a_bookmark_by_htmx_answers_with_its_new_self(met, client):
    offer = met.opportunity(title="Kept one")
    html = client.post(f"/listings/{offer.id}/save/", HTTP_HX_REQUEST="true").content.decode()
    assert 'aria-pressed="true"' in html
    assert f'action="/listings/{offer.id}/forget/"' in html
    assert "<html" not in html


def test_the_way_back_is_never_another_host(met, client):
    offer = met.opportunity()
    answer = client.post(f"/listings/{offer.id}/save/", HTTP_REFERER="https://evil.example/")
    assert answer["Location"] == "/saved/"


@pytest.mark.parametrize(
    ("came_from", "way_back"),
    [
        ("http://{host}/?q=farm&amp;day=2", "/?q=farm&amp;day=2"),
        ("http://{host}/saved/", "/"),
        ("https://evil.example/?q=farm", "/"),
    ],
)
def test_the_list_is_gone_back_to_as_it_was(met, client, came_from, way_back):
    offer = met.opportunity()
    address = came_from.format(host=met.host).replace("&amp;", "&")
    page = client.get(f"/listings/{offer.id}/", HTTP_REFERER=address).content.decode()
    assert f'<a class="breadcrumb" href="{way_back}">' in page


def test_saved_shows_what_is_kept_and_what_is_gone(met, academy, client):
    kept, recalled = met.opportunity(title="Kept one"), academy.opportunity(title="Taken back")
    listing = academy.release(recalled)
    for one in (kept.id, listing):
        client.post(f"/listings/{one}/save/")
    with academy:
        recall_slots(actor=academy.coordinator(), opportunity_id=recalled.id)
    html = client.get("/saved/").content.decode()
    assert "Kept one" in html
    assert "Taken back" not in html
    assert f'action="/listings/{listing}/forget/"' in html
    client.post(f"/listings/{listing}/forget/")
    assert "Not offered any more" not in client.get("/saved/").content.decode()


def test_budgets(met, client, student):
    offer = met.opportunity()
    met.placement(met.opportunity().id, state="pursuing", student=student)
    for _ in range(5):
        client.post(f"/listings/{met.opportunity().id}/save/")
    with query_budget("student-listing"):
        client.get(f"/listings/{offer.id}/")
    with query_budget("student-saved"):
        client.get("/saved/")
