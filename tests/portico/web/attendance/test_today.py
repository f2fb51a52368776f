"""Who is where today: the coordinator's school, the teacher's students, nobody else's."""

import datetime

import pytest

from portico.attendance.models import Attendance, MentorReach
from portico.attendance.today import board
from tests.portico.attendance.days import TUESDAY, active, clock_at, tap, worked

pytestmark = pytest.mark.django_db


def client(met, person):
    with clock_at("6:00"):
        return met.client(person)


def states(met, clock, **narrowed):
    with clock_at(clock), met:
        return {row.placement.id: str(row.whereabouts) for row in board(**narrowed).rows}


def test_expected_missing_here_left(met):
    early, late, never = active(met), active(met), active(met)
    assert set(states(met, "8:00").values()) == {"expected"}
    with clock_at("9:00"):
        tap(met, early)
        tap(met, late)
    with clock_at("12:00"):
        tap(met, late, "out")
    assert states(met, "9:29")[never.id] == "expected"
    assert states(met, "12:00") == {early.id: "here", late.id: "left", never.id: "missing"}


def test_a_teacher_sees_own_students_alone(met):
    teacher, other = met.person("teacher"), met.person("teacher")
    mine, theirs = active(met, teacher=teacher), active(met, teacher=other)
    assert set(states(met, "9:00", teacher=teacher)) == {mine.id}
    with clock_at("9:00"):
        page = client(met, teacher).get("/teacher/today/").content.decode()
    assert mine.student.full_name in page
    assert theirs.student.full_name not in page


def test_missing_ones_come_first_and_the_board_asks_for_itself_again(met):
    here, missing = active(met), active(met)
    with clock_at("9:00"):
        tap(met, here)
    with clock_at("9:45"):
        browser = client(met, met.coordinator())
        page = browser.get("/coordinator/today/").content.decode()
        part = browser.get("/coordinator/today/", headers={"HX-Request": "true"}).content.decode()
    assert page.index(missing.student.full_name) < page.index(here.student.full_name)
    assert 'hx-trigger="every 30s"' in part
    assert "<html" not in part


def test_worries_are_the_coordinators_alone(met):
    teacher = met.person("teacher")
    day = worked(met, active(met, teacher=teacher), worry="It is too loud.")
    alice = met.coordinator()
    with clock_at("15:00"):
        for path in ("/teacher/today/", f"/hours/{day.placement_id}/"):
            assert "too loud" not in client(met, teacher).get(path).content.decode()
        browser = client(met, alice)
        assert "too loud" in browser.get("/coordinator/today/").content.decode()
        url = f"/today/worries/{day.id}/seen/"
        assert client(met, teacher).post(url).status_code == 403
        for _click in range(2):
            assert browser.post(url).status_code == 302
        assert "too loud" not in browser.get("/coordinator/today/").content.decode()


def test_silent_and_unreachable_mentors_are_shown(met):
    worked(met, active(met))
    with met:
        MentorReach.objects.update(bounced_at=datetime.datetime(2027, 2, 2, tzinfo=datetime.UTC))
    with clock_at("15:00"):
        page = client(met, met.coordinator()).get("/coordinator/today/").content.decode()
    assert "Rosa Mentor" in page
    assert "mail comes back" in page


def test_disputed_days_wait_until_the_school_settles_them(met):
    day = worked(met, active(met))
    with met:
        Attendance.objects.filter(id=day.id).update(mentor_state="disputed")
    with clock_at("15:00"):
        browser = client(met, met.coordinator())
        assert "Disputed hours" in browser.get("/coordinator/today/").content.decode()


def test_who_may_open_it(met, academy):
    student, teacher, alice = met.student(), met.person("teacher"), met.coordinator()
    with clock_at("9:00"):
        for path, allowed in (("/coordinator/today/", alice), ("/teacher/today/", teacher)):
            assert met.client().get(path).status_code == 302
            for person in (student, teacher, alice):
                expected = 200 if person is allowed else 403
                assert met.client(person).get(path).status_code == expected, (path, person.roles)


def test_the_page_costs_the_same_however_many_students(met, django_assert_max_num_queries):
    teacher = met.person("teacher")
    for _n in range(4):
        worked(met, active(met, teacher=teacher))
    with clock_at("15:00", TUESDAY):
        browser = met.client(teacher)
        with django_assert_max_num_queries(22):
            browser.get("/teacher/today/")
