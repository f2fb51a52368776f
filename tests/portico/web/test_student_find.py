"""Find: the list, its filters in the address, the hero above it."""

import re

import pytest
from django.http import QueryDict

from catalog.actions import add_wish, set_favorite
from portico.web.student.searching import read_criteria, write_address
from tests.portico.web.budgets import query_budget

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def titles(response) -> list[str]:
    """Titles of the cards, in their order."""
    html = response.content.decode()
    return re.findall(r'<h3 class="listing-title"><a [^>]*>([^<]+)</a>', html)


@pytest.fixture
def student(met):
    return met.student()


@pytest.fixture
def client(met, student):
    return met.client(student)


@pytest.fixture
def offers(met, academy, bronx):
    met.opportunity(title="Vet Clinic Assistant", field="agriculture", days=[2, 4], capacity=3)
    pooled = academy.opportunity(title="Podcast Producer", field="arts", days=[1], pay="stipend")
    academy.release(pooled)
    bronx.posting(title="Operations Intern", pay="paid", hourly_rate="16.50", days=[4])


def test_own_and_regional_listings_are_one_list_with_their_origin(client, offers):
    page = client.get("/")
    assert titles(page)[0] == "Vet Clinic Assistant"
    assert set(titles(page)) == {"Vet Clinic Assistant", "Podcast Producer", "Operations Intern"}
    html = page.content.decode()
    for words in ("Your school", "Released by Bronx Academy", "Partner: Bridge Works"):
        assert words in html
    for words in ("Tue &amp; Thu", "$16.50/h", "mi from school", "3 of 3 slots open"):
        assert words in html
    assert "Rosa Mentor" not in html
    assert "718-555-0101" not in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=podcast", {"Podcast Producer"}),
        ("q=podkast", {"Podcast Producer"}),
        ("origin=partner", {"Operations Intern"}),
        ("origin=own&origin=school", {"Vet Clinic Assistant", "Podcast Producer"}),
        ("field=agriculture", {"Vet Clinic Assistant"}),
        ("day=4", {"Vet Clinic Assistant", "Operations Intern"}),
        ("pay=paid", {"Operations Intern"}),
        ("pay=stipend&day=1", {"Podcast Producer"}),
        ("wished=1", {"Podcast Producer"}),
        ("saved=1", {"Vet Clinic Assistant"}),
        ("field=health", set()),
    ],
)
def test_every_filter_narrows_without_javascript(met, student, client, offers, query, expected):
    with met:
        add_wish(student=student, field="arts")
        own = met.opportunity(title="Draft of nobody", publish=False)
        assert own.state == "draft"
    vet_url = re.search(r'/listings/([0-9a-f-]+)/"[^>]*>Vet', client.get("/").content.decode())
    with met:
        set_favorite(student=student, listing_id=vet_url[1], saved=True)
    assert set(titles(client.get(f"/?{query}"))) == expected


def test_chips_say_how_many_and_stay_ticked(client, offers):
    html = client.get("/?origin=own").content.decode()
    assert re.search(r'id="origin-own" type="checkbox" name="origin" value="own" checked', html)
    chips = dict(re.findall(r'id="origin-(\w+)".*?<small>(\d+)</small>', html, re.DOTALL))
    assert chips == {"own": "1", "school": "1", "partner": "1"}


def test_nonsense_in_the_address_is_ignored(client, offers):
    nonsense = "/?field=x&day=9&day=a&miles=-1&sort=evil&cursor=zzz&origin=%00&pay=&mine=1&q=%00"
    assert client.get(nonsense).status_code == 200
    assert len(titles(client.get("/?q=" + "long+" * 500))) == 0


@pytest.mark.parametrize(
    "address",
    [
        "",
        "q=green+roof",
        "origin=own&origin=partner&field=arts&day=2&day=5&pay=paid",
        "mine=1&open=1&remote=1&saved=1&wished=1&miles=3&sort=nearest",
    ],
)
def test_an_address_reads_as_it_was_written(student, address):
    criteria = read_criteria(QueryDict(address), student=student)
    assert write_address(criteria) == address


def test_twenty_a_page_and_more_by_link_or_by_scroll(met, client):
    for number in range(23):
        met.opportunity(title=f"Offer {number}")
    first = client.get("/")
    assert len(titles(first)) == 20
    more = re.search(r'href="(/\?cursor=[^"]+)" rel="next"', first.content.decode())[1]
    plain = client.get(more)
    assert plain.content.startswith(b"<!doctype html>")
    scrolled = client.get(more, **HTMX)
    assert not scrolled.content.strip().startswith(b"<!doctype")
    assert titles(plain) == titles(scrolled)
    assert len(titles(scrolled)) == 3
    assert len(set(titles(first)) | set(titles(scrolled))) == 23
    assert b'rel="next"' not in scrolled.content


def test_htmx_gets_the_results_and_new_chips_under_a_clean_address(client, offers):
    answer = client.get("/?q=&field=arts&sort=best", **HTMX)
    html = answer.content.decode()
    assert "<html" not in html
    assert titles(answer) == ["Podcast Producer"]
    assert 'id="facets" hx-swap-oob="true"' in html
    assert answer["HX-Push-Url"] == "/?field=arts"
    assert "HX-Request" in answer["Vary"]


def test_nothing_found_offers_a_wish(met, client, student):
    html = client.get("/?q=astronaut").content.decode()
    assert "Nothing fits all of this yet" in html
    client.post("/wishes/", {"job": "astronaut", "field": ""})
    with met:
        assert [str(wish) for wish in student.wishes.all()] == ["astronaut"]


def test_the_hero_shows_the_step_the_mentor_and_one_next_thing(met, client, student):
    offer = met.opportunity(title="Luthier Apprentice", site_name="Strings & Co")
    placement = met.placement(offer.id, state="pursuing", student=student)
    html = client.get("/").content.decode()
    for words in ("You are pursuing", "Luthier Apprentice", "Mentor: Rosa Mentor", "14 days left"):
        assert words in html
    assert f'href="/placements/{placement.id}/start/"' in html
    assert html.count("btn-accent") == 1
    assert "718-555-0101" not in html


def test_the_hero_of_a_request_names_no_mentor(met, client, student):
    met.placement(met.opportunity().id, student=student)
    html = client.get("/").content.decode()
    assert "You asked for" in html
    assert "Rosa Mentor" not in html


def test_a_card_shows_the_students_own_state_in_place_of_the_button(met, client, student):
    offer = met.opportunity(title="Mine", capacity=2)
    met.opportunity(title="Other")
    met.placement(offer.id, student=student)
    html = client.get("/").content.decode()
    assert f'href="/listings/{offer.id}/#request"' not in html
    assert html.count("#request") == 1
    assert 'class="pill state-requested"' in html


def test_another_students_states_are_not_in_the_page(met, client):
    other = met.student(given_name="Marker", family_name="Person")
    met.placement(met.opportunity(capacity=2).id, state="pursuing", student=other)
    html = client.get("/").content.decode()
    assert "Marker" not in html
    assert "state-pursuing" not in html


def test_budget_of_the_list(met, client, student, offers):
    met.placement(met.opportunity().id, state="pursuing", student=student)
    for number in range(20):
        met.opportunity(title=f"Offer {number}")
    with query_budget("student-find"):
        client.get("/?day=2")
    with query_budget("student-find-update"):
        client.get("/?day=2", **HTMX)
