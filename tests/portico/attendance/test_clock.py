"""Forgotten check-outs, reminders, alerts, the weekly digest: by a clock that stands still."""

import datetime

import pytest

from portico.attendance.actions import (
    add_holiday,
    close_forgotten,
    send_week_digest,
    watch_day,
)
from portico.attendance.hours import minutes, totals
from portico.due.models import DueWork
from portico.due.runner import run_due
from portico.internships.actions import end_placement
from portico.notices.models import Notice
from tests.portico.attendance.days import TUESDAY, active, at, clock_at, tap, worked

pytestmark = pytest.mark.django_db
THURSDAY = TUESDAY + datetime.timedelta(days=2)
FRIDAY = TUESDAY + datetime.timedelta(days=3)


def watch(met, placement):
    with met:
        return watch_day(placement_id=placement.id)


def told(met, kind):
    with met:
        return [notice.person_id for notice in Notice.objects.filter(kind=kind)]


def test_a_forgotten_check_out_is_an_estimate_that_counts_for_nothing(met):
    placement = active(met)
    with clock_at("9:00"):
        day = tap(met, placement)
    with clock_at("15:29"), met:
        assert close_forgotten(attendance_id=day.id) == at("15:30")
    with clock_at("15:30"), met:
        assert close_forgotten(attendance_id=day.id) is None
        assert close_forgotten(attendance_id=day.id) is None, "twice changes nothing"
        day.refresh_from_db()
    assert (day.state, day.check_out_at, day.check_out_source) == (
        "estimated",
        at("14:30"),
        "estimate",
    )
    assert minutes(day) == 330
    assert totals([day]).counted == 0
    assert told(met, "check_out_forgotten") == [placement.student_id]


def test_an_unscheduled_day_is_estimated_at_nothing(met):
    placement = active(met)
    wednesday = TUESDAY + datetime.timedelta(days=1)
    with clock_at("10:00", wednesday):
        day = tap(met, placement)
        assert day.flags == ["unscheduled"]
    with clock_at("19:00", wednesday), met:
        close_forgotten(attendance_id=day.id)
        day.refresh_from_db()
    assert (day.state, minutes(day)) == ("estimated", 0)


def test_the_way_out_may_still_come_after_the_estimate(met):
    placement = active(met)
    with clock_at("9:00"):
        day = tap(met, placement)
    with clock_at("15:30"), met:
        close_forgotten(attendance_id=day.id)
    with clock_at("18:00"):
        late = tap(met, placement, "out", client_time=at("14:10"))
    assert (late.state, late.check_out_at, late.check_out_source) == (
        "closed",
        at("14:10"),
        "offline",
    )


def test_late_early_and_leaving_early(met):
    placement = active(met)
    assert worked(met, placement, start="9:11", end="14:19").flags == ["late", "left_early"]
    assert worked(met, placement, THURSDAY, start="8:00", end="14:30").flags == ["early"]


def test_a_day_without_a_check_in_is_recorded_all_the_same(met):
    placement = active(met)
    with clock_at("14:30"):
        day = tap(met, placement, "out")
    assert (day.flags, day.check_in_at, minutes(day)) == (["no_check_in"], None, 0)


def test_reminder_then_alert_then_the_next_day(met):
    teacher = met.person("teacher")
    placement = active(met, teacher=teacher)
    alice = met.coordinator()
    with clock_at("8:00"):
        assert watch(met, placement) == at("9:05")
    with clock_at("9:05"):
        assert watch(met, placement) == at("9:30")
    assert told(met, "check_in_reminder") == [placement.student_id]
    assert told(met, "student_missing") == []
    with clock_at("9:30"):
        assert watch(met, placement) == at("9:05", THURSDAY)
    assert set(told(met, "student_missing")) == {teacher.id, alice.id}


def test_who_has_come_is_not_alerted_about(met):
    placement = active(met)
    with clock_at("9:00"):
        tap(met, placement)
    with clock_at("9:30"):
        assert watch(met, placement) == at("9:05", THURSDAY)
    assert told(met, "student_missing") == told(met, "check_in_reminder") == []


def test_a_worker_hours_late_does_not_alert_in_the_evening(met):
    placement = active(met)
    with clock_at("20:00"):
        watch(met, placement)
    assert told(met, "student_missing") == []


def test_nobody_is_missing_on_a_holiday(met):
    placement = active(met)
    with met:
        add_holiday(actor=met.coordinator(), first=TUESDAY, last=TUESDAY, name="Snow day")
    with clock_at("9:30"):
        assert watch(met, placement) == at("9:05", THURSDAY)
        day = tap(met, placement)
    assert told(met, "student_missing") == []
    assert day.flags == ["holiday"]


def test_an_ended_placement_is_watched_no_more(met):
    placement = active(met)
    with clock_at("8:00"), met:
        end_placement(placement_id=placement.id, actor=met.coordinator(), completed=True)
        assert watch_day(placement_id=placement.id) is None


def test_the_week_in_a_digest(met):
    teacher = met.person("teacher")
    first, second = active(met, teacher=teacher), active(met, teacher=teacher)
    worked(met, first, pulse=2)
    worked(met, first, THURSDAY)
    with clock_at("16:00", FRIDAY), met:
        again = send_week_digest(teacher_id=teacher.id)
        (notice,) = Notice.objects.filter(kind="week_digest")
    assert again == at("16:00", FRIDAY + datetime.timedelta(days=7))
    lines = notice.data["summary"].splitlines()
    assert (
        f"{first.student.full_name} at {first.site_name}: 2 of 2 days, 11 h"
        in notice.data["summary"]
    )
    assert "pulse 2 of 5" in notice.data["summary"]
    assert any(second.student.full_name in line and "missing 2 times" in line for line in lines)


def test_the_worker_finds_all_of_it_by_its_index(met, bronx):
    placement = active(met)
    with clock_at("9:00"):
        day = tap(met, placement)
    with clock_at("15:30"):
        assert run_due(region="bronx") > 0
        with met:
            day.refresh_from_db()
        assert day.state == "estimated"
        with bronx:
            kinds = dict(DueWork.objects.filter(school="bronx__met").values_list("kind", "due_at"))
    assert "close_forgotten" not in kinds
    assert kinds["expected"] == at("9:05", THURSDAY)
