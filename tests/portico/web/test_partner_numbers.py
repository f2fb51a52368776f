"""A partner's numbers: its own slots by school, what is in demand, nobody's name."""

import pytest

from catalog.actions import add_wish
from portico.reports.rollups import refresh_rollups
from tests.browser import PHONE
from tests.portico.web.test_student_browser import check_accessible, check_width, sign_in

PAGE = "/partner/numbers/"


@pytest.fixture
def sam(bronx):
    return bronx.partner_staff()


def count_all(*worlds) -> None:
    for world in worlds:
        with world:
            refresh_rollups()


@pytest.mark.django_db
def test_it_is_partner_staffs_alone(bronx, sam):
    assert bronx.client(sam).get(PAGE).status_code == 200
    assert bronx.client(bronx.person("district_admin")).get(PAGE).status_code == 403
    assert bronx.client().get(PAGE).status_code == 302


@pytest.mark.django_db
def test_its_slots_by_school_and_never_a_student(bronx, sam, met, academy):
    posting = bronx.posting(staff=sam, slots=4)
    others = bronx.posting(staff=bronx.partner_staff("The Stoop"), slots=9)
    student = met.student(given_name="Zephyrine", family_name="Quillfeather")
    met.placement(posting.id, state="active", student=student)
    met.placement(posting.id, state="completed")
    academy.placement(posting.id, state="pursuing")
    academy.placement(others.id, state="active")
    count_all(met, academy, bronx)
    page = bronx.client(sam).get(PAGE)
    flow = page.context["flow"]
    assert (flow.released, flow.in_use, flow.filled) == (4, 2, 2)
    assert page.context["fill_rate"] == 50
    assert [(one.school, one.in_use, one.filled, one.share) for one in page.context["schools"]] == [
        ("The Met High School", 1, 2, 100),
        ("Bronx Academy", 1, 0, 0),
    ]
    assert "Zephyrine" not in page.content.decode()
    assert "Quillfeather" not in page.content.decode()


@pytest.mark.django_db
def test_what_is_wished_for_most_comes_first(bronx, sam, met, academy):
    for world in (met, academy):
        student = world.student()
        with world:
            add_wish(student=student, field="energy")
    met.opportunity(field="health", capacity=5)
    count_all(met, academy, bronx)
    pairs = bronx.client(sam).get(PAGE).context["demand"].pairs
    assert pairs[0].label == "Energy & Natural Resources"
    assert [part.value for part in pairs[0].parts] == [0, 2]
    assert pairs[-1].label == "Healthcare & Human Services"


def test_it_reads_on_a_phone(site, open_page, bronx, sam, met):
    met.placement(bronx.posting(staff=sam).id, state="active")
    count_all(met, bronx)
    page = open_page(viewport=PHONE)
    sign_in(page, site, bronx, sam)
    page.goto(site.url(bronx, PAGE))
    check_accessible(page)
    check_width(page)
