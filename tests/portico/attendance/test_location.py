"""At the site or not; never a coordinate."""

import math
import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portico.attendance.actions import set_share_location
from portico.attendance.location import Fix, distance_m, judge, read_location, rounded
from portico.attendance.models import Where
from tests.portico.attendance.days import active, clock_at, tap

SITE = (40.82, -73.9)
NORTH = 1 / 111_195  # degrees of latitude a meter


def fix(meters, accuracy=20.0):
    return Fix(SITE[0] + meters * NORTH, SITE[1], accuracy)


@pytest.mark.parametrize(
    ("meters", "accuracy", "where"),
    [
        (0, 10, Where.AT_SITE),
        (149, 0, Where.AT_SITE),
        (240, 100, Where.AT_SITE),  # may be within: the doubt is the student's
        (260, 100, Where.AWAY),
        (5_000, 400, Where.AWAY),
        (0, 501, Where.POOR),
    ],
)
def test_the_verdict_takes_radius_and_accuracy_into_account(meters, accuracy, where):
    verdict = judge(fix=fix(meters, accuracy), status="ok", site=SITE, radius_m=150)
    assert verdict.where == where


@pytest.mark.parametrize(
    ("status", "where"),
    [
        ("refused", "refused"),
        ("poor", "poor"),
        ("off", "off"),
        ("unavailable", "unavailable"),
        ("at_site", "unavailable"),  # a phone does not judge itself
    ],
)
def test_without_a_fix(status, where):
    assert judge(fix=None, status=status, site=SITE, radius_m=150).where == where


def test_a_site_without_a_position():
    assert judge(fix=fix(0), status="ok", site=None, radius_m=150).where == Where.UNAVAILABLE


@pytest.mark.parametrize(
    "data",
    [
        None,
        "ok",
        {},
        {"status": "ok"},
        {"status": "ok", "latitude": 91, "longitude": 0, "accuracy": 1},
        {"status": "ok", "latitude": "x", "longitude": 0, "accuracy": 1},
        {"status": "ok", "latitude": math.nan, "longitude": 0, "accuracy": 1},
        {"status": "ok", "latitude": 1, "longitude": 0, "accuracy": -1},
    ],
)
def test_nonsense_is_no_fix(data):
    assert read_location(data)[0] is None


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_distance_is_the_same_both_ways_and_no_more_than_half_the_globe(a, b, c, d):
    there, back = distance_m((a, b), (c, d)), distance_m((c, d), (a, b))
    assert there == pytest.approx(back, abs=1e-3)
    assert 0 <= there <= math.pi * 6_371_000 + 1


@given(st.floats(0, 30_000_000))
def test_a_distance_is_told_roughly(meters):
    assert rounded(meters) % 50 == 0
    assert rounded(meters) <= 100_000


@pytest.mark.django_db
def test_coordinates_are_nowhere_in_the_school(met):
    placement = active(met)
    odd = Fix(40.8277123, -73.9077321, 15)
    with clock_at("9:00"):
        day = tap(met, placement, fix=odd, location_status="ok")
    assert (day.where_in, day.distance_in) == (Where.AWAY, 1_000)
    with met, connection.cursor() as cursor:
        for table in ("attendance_attendance", "attendance_tap", "audit_entry", "notices_notice"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            everything = str(cursor.fetchall())
            # with its dot: four digits alone may be part of an id; a moment's seconds are none
            assert not re.search(r"(?<!:\d\d)\.(8277|9077)", everything)


@pytest.mark.django_db
def test_switched_off_for_good(met):
    placement = active(met)
    with met:
        set_share_location(student=placement.student, share=False)
    with clock_at("9:00"):
        day = tap(met, placement, fix=fix(0), location_status="ok")
    assert (day.where_in, day.distance_in) == (Where.OFF, None)
