"""The district's overview: what it counts, what it hides, and what it costs."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.actions import add_wish
from catalog.fields import Field
from portico.reports.rollups import refresh_rollups
from portico.reports.small_groups import MINIMUM
from tests.browser import LAPTOP, PHONE
from tests.portico.web.budgets import query_budget
from tests.portico.web.test_student_browser import check_accessible, check_width, sign_in

PAGE = "/overview/"


@pytest.fixture
def dana(bronx):
    return bronx.person("district_admin", given_name="Dana", family_name="Admin")


def count_all(*worlds) -> None:
    for world in worlds:
        with world:
            refresh_rollups()


def wishing(world, field: str, students: int) -> None:
    for _ in range(students):
        student = world.student()
        with world:
            add_wish(student=student, field=field)


@pytest.mark.django_db
def test_it_is_the_districts_alone(bronx, dana, met):
    assert bronx.client(dana).get(PAGE).status_code == 200
    assert bronx.client().get(PAGE).headers["Location"] == f"/sign-in/?next={PAGE}"
    assert bronx.client(bronx.partner_staff()).get(PAGE).status_code == 403
    assert met.client(met.person("coordinator")).get(PAGE).status_code == 404


@pytest.mark.django_db
def test_supply_beside_demand(bronx, dana, met, academy):
    offer = met.opportunity(field="health", capacity=5)
    met.release(offer, slots=2)
    met.placement(offer.id, state="active")
    bronx.posting(field="health", slots=3)
    wishing(met, "arts", MINIMUM)
    wishing(academy, "arts", 2)
    count_all(met, academy, bronx)
    page = bronx.client(dana).get(PAGE)
    pairs = {
        pair.label: [part.value for part in pair.parts] for pair in page.context["fields"].pairs
    }
    assert len(pairs) == 14
    assert pairs["Healthcare & Human Services"] == [2 + 2 + 3, 0]
    assert pairs["Arts, Entertainment & Design"] == [0, MINIMUM + 2]
    kpis = {kpi["label"]: kpi["value"] for kpi in page.context["kpis"]}
    assert (kpis["Opportunities"], kpis["Open slots"]) == (2, 7)


@pytest.mark.django_db
def test_what_one_school_alone_wishes_is_hidden_while_it_is_small(bronx, dana, met, academy):
    wishing(met, "arts", 3)
    count_all(met, academy, bronx)

    def shown() -> int | None:
        pairs = bronx.client(dana).get(PAGE).context["fields"].pairs
        return next(pair.parts[1].value for pair in pairs if pair.label.startswith("Arts"))

    assert shown() is None
    wishing(academy, "arts", 1)
    count_all(academy)
    assert shown() == 4  # of two schools: nobody's own number


@pytest.mark.django_db
def test_two_schools_side_by_side(bronx, dana, met, academy, riverdale):
    for _ in range(3):
        met.opportunity(field="energy")
    academy.opportunity(field="finance", publish=False)
    count_all(met, academy, riverdale, bronx)
    client = bronx.client(dana)
    compared = client.get(PAGE).context["compare"]
    assert compared.names[0] == "The Met High School"  # offers most
    assert compared.numbers[1].opportunities == 0
    compared = client.get(PAGE, {"a": "academy", "b": "met"}).context["compare"]
    assert compared.names == ("Bronx Academy", "The Met High School")
    values = {
        pair.label: tuple(part.value for part in pair.parts) for pair in compared.offered.pairs
    }
    assert values["Energy & Natural Resources"] == (0, 3)
    assert values["Financial Services"] == (1, 0)
    wrong = client.get(PAGE, {"a": "nowhere", "b": "../x"})
    assert wrong.context["compare"].names[0] == "The Met High School"


@pytest.mark.django_db
def test_a_schools_small_counts_are_hidden_and_no_total_gives_them_away(bronx, dana, met, academy):
    def walk(world, field: str, count: int) -> None:
        offer = world.opportunity(field=field, capacity=count)
        for _ in range(count):
            world.placement(offer.id, state="active")

    walk(met, "arts", MINIMUM + 1)
    walk(academy, "arts", 2)
    count_all(met, academy, bronx)
    page = bronx.client(dana).get(PAGE, {"a": "met", "b": "academy"})
    started = {
        pair.label: tuple(part.value for part in pair.parts)
        for pair in page.context["compare"].started.pairs
    }
    assert started["Arts, Entertainment & Design"] == (MINIMUM + 1, None)
    totals = {one.field: one.started for _label, one in page.context["field_rows"]}
    assert totals["arts"] is None  # less met's it would be academy's
    assert list(totals.values()).count(None) == 2  # and the total of all would give it away
    compared = page.context["compare"]
    assert compared.numbers[1].students is None


@pytest.mark.django_db
def test_who_released_what_to_whom(bronx, dana, met, academy, riverdale):
    listing = met.release(met.opportunity(capacity=4), slots=4)
    academy.placement(listing, state="active")
    academy.placement(listing, state="completed")
    riverdale.placement(listing, state="pursuing")
    posting = bronx.posting(slots=2)
    met.placement(posting.id, state="active")
    count_all(met, academy, riverdale, bronx)
    page = bronx.client(dana).get(PAGE)
    (row,) = page.context["from_schools"]
    assert (row.origin, row.flow.released, row.flow.in_use, row.flow.filled) == (
        "The Met High School", 4, 2, 2,
    )  # fmt: skip
    assert [(name, use.in_use, use.filled) for name, use in row.users] == [
        ("Bronx Academy", 1, 2),
        ("Riverdale Tech", 1, 0),
    ]
    (partner,) = page.context["from_partners"]
    assert (partner.origin, partner.flow.released, partner.flow.filled) == ("Bridge Works", 2, 1)


@pytest.mark.django_db
def test_schools_that_need_help(bronx, dana, met, academy):
    for _ in range(MINIMUM + 2):
        met.student()
    for _ in range(MINIMUM):
        academy.student()
    academy.opportunity(capacity=9)
    count_all(met, academy, bronx)
    (needy,) = bronx.client(dana).get(PAGE).context["needy"]
    assert (needy.name, needy.never, needy.open_slots) == ("The Met High School", MINIMUM + 2, 0)


@pytest.mark.django_db
def test_weeks_and_terms_count_what_began(bronx, dana, met):
    offer = met.opportunity(capacity=20)
    for _ in range(MINIMUM):
        met.placement(offer.id, state="active")
    met.placement(offer.id, state="declined")
    count_all(met, bronx)
    page = bronx.client(dana).get(PAGE)
    for chart in ("weeks", "terms"):
        assert page.context[chart].rows[-1].values == (MINIMUM, MINIMUM + 1)
        assert page.context[chart].rows[-2].values == (0, 0)


@pytest.mark.django_db
def test_before_anything_is_counted_the_page_stands(bronx, dana):
    page = bronx.client(dana).get(PAGE)
    assert page.status_code == 200
    assert page.context["kpis"][0]["value"] == 0


@pytest.mark.django_db
def test_sums_are_kept_for_seconds(bronx, dana, met, settings):
    settings.OVERVIEW_SECONDS = 10
    client = bronx.client(dana)

    def opportunities() -> int:
        return client.get(PAGE).context["kpis"][0]["value"]

    try:
        assert opportunities() == 0
        met.opportunity()
        count_all(met)
        assert opportunities() == 0
        cache.clear()  # as after ten seconds
        assert opportunities() == 1
    finally:
        cache.clear()


@pytest.mark.django_db
def test_it_asks_no_more_for_more_schools(bronx, dana, met, academy, riverdale):
    client = bronx.client(dana)
    count_all(met, bronx)
    client.get(PAGE)
    with query_budget("district-overview"):
        client.get(PAGE)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    before = statements()
    count_all(academy, riverdale)
    assert statements() == before


def test_it_reads_on_a_phone_and_on_a_laptop(site, open_page, bronx, dana, met, academy):
    met.release(met.opportunity(capacity=2), slots=1)
    academy.opportunity(field=Field.ARTS)
    count_all(met, academy, bronx)
    for viewport in (PHONE, LAPTOP):
        page = open_page(viewport=viewport)
        sign_in(page, site, bronx, dana)
        page.goto(site.url(bronx, PAGE))
        check_accessible(page)
        check_width(page)
    page.get_by_label("And school").select_option(label="Riverdale Tech")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="Two schools side by side").wait_for()
    assert "b=riverdale" in page.url
    page.get_by_text("Show the numbers").first.click()
    page.get_by_role("rowheader", name="Agriculture").first.wait_for()
