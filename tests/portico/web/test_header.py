"""The frame of a page: places, unread, account; and pages without any of it."""

from types import SimpleNamespace

import pytest
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.web.context import MOST_STANDING, REGION_PLACES, SCHOOL_PLACES, navigation

PLACES = [
    SimpleNamespace(key=f"place{number}", label=f"Place {number}", icon="search", url=f"/{number}/")
    for number in range(1, 9)
]


def _bar(count: int) -> str:
    return render_to_string("header/tab_bar.html", {"nav_items": PLACES[:count], "nav": "place2"})


@pytest.mark.parametrize("count", [1, 4, 5])
def test_up_to_five_places_stand_in_the_bar(count):
    bar = _bar(count)
    assert bar.count("<a ") == count
    assert "<details" not in bar


@pytest.mark.parametrize("count", [6, 8])
def test_of_more_places_four_stand_and_the_rest_are_behind_more(count):
    bar = _bar(count)
    before, _, behind = bar.partition("<details")
    assert before.count("<a ") == 4
    assert behind.count("<a ") == count - 4


def test_places_under_headings_are_behind_more_even_of_a_short_bar():
    group = SimpleNamespace(heading="School", places=PLACES[3:])
    context = {"nav_items": PLACES[:3], "nav_more": [group], "nav": "place5"}
    before, _, behind = render_to_string("header/tab_bar.html", context).partition("<details")
    assert before.count("<a ") == 3
    assert behind.count("<a ") == 5
    assert "School" in behind
    assert render_to_string("base.html", context).count('aria-current="page"') == 2


@pytest.mark.parametrize("kind", ["school", "region"])
def test_somebody_with_every_role_finds_every_place_once(kind):
    everybody = Person(roles=[*Role])
    standing, groups = navigation(everybody, kind=kind)
    behind = [place for group in groups for place in group.places]
    assert len(standing) == MOST_STANDING
    places = SCHOOL_PLACES if kind == "school" else REGION_PLACES
    assert sorted(place.url_name for place in places) == sorted(
        place.url_name for place in (*standing, *behind)
    )


def test_nowhere_to_go_is_no_bar():
    assert render_to_string("header/tab_bar.html", {"nav_items": []}).strip() == ""


def test_the_current_place_is_marked_once_in_bar_and_header():
    page = render_to_string("base.html", {"nav_items": PLACES[:4], "nav": "place2"})
    assert page.count('aria-current="page"') == 2


def test_a_page_begins_with_its_doctype():
    for name in ("base.html", "bare.html", "404.html", "500.html", "email_base.html"):
        assert render_to_string(name).startswith("<!doctype html>"), name


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409"])
def test_an_error_page_leads_on(code):
    request = RequestFactory().get("/nowhere/")
    page = render_to_string(f"{code}.html", {"reason": "It is <closed>."}, request)
    assert 'href="/"' in page
    if code in ("403", "409"):
        assert "It is &lt;closed&gt;." in page


def test_the_500_page_needs_no_context_and_no_built_file():
    page = get_template("500.html").render()
    assert "/static/portico/error.css" in page
    assert "app.css" not in page
