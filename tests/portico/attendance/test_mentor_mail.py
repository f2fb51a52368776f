"""One message a mentor: after the last of their interns has left, or once a week."""

import datetime

import pytest

from portico.attendance.actions import note_quiet_mentor, write_to_mentor
from portico.attendance.models import Attendance, MentorLink, MentorReach
from portico.due.models import DueWork
from portico.notices.models import Notice
from tests.portico.attendance.days import TUESDAY, active, at, clock_at, tap, worked

pytestmark = pytest.mark.django_db
THURSDAY = TUESDAY + datetime.timedelta(days=2)
FRIDAY = TUESDAY + datetime.timedelta(days=3)


def reach_of(met):
    with met:
        return MentorReach.objects.get()


def mails(met):
    with met:
        return list(Notice.objects.filter(kind="mentor_days").order_by("created_at"))


def send(met):
    with met:
        return write_to_mentor(reach_id=MentorReach.objects.get().id)


def test_check_out_plans_the_mentors_message(met, bronx):
    worked(met, active(met))
    reach = reach_of(met)
    assert (reach.email, reach.name) == ("rosa@example.com", "Rosa Mentor")
    with bronx:
        assert DueWork.objects.filter(kind="mentor_mail", subject_id=reach.id).exists()


def test_the_message_has_the_days_goals_and_no_secret_after_sending(met):
    placement = active(met)
    with clock_at("9:00"):
        tap(met, placement, goals=("Water the beds", "Label seeds"))
    with clock_at("14:30"):
        tap(met, placement, "out", done=(0,), pulse=1, worry="Quiet words", reflection="Mine")
        assert send(met) is None
    (mail,) = mails(met)
    summary = mail.data["summary"]
    assert f"{placement.student.full_name}, Tuesday, February 2: 9 a.m. – 2:30 p.m." in summary
    assert "✓ Water the beds" in summary
    assert "– Label seeds" in summary
    for private in ("Quiet words", "Mine", "pulse"):
        assert private not in str(mail.data)
    with met:
        link = MentorLink.objects.get()
    assert mail.secret not in link.secret_hash


def test_two_interns_one_message_after_the_last_has_left(met):
    first, second = active(met), active(met)
    with clock_at("9:00"):
        tap(met, first)
        tap(met, second)
    with clock_at("13:00"):
        tap(met, first, "out")
        assert send(met) == at("15:45"), "the other is still there"
        assert mails(met) == []
    with clock_at("14:30"):
        tap(met, second, "out")
        assert send(met) is None
        assert send(met) is None, "nothing new"
    (mail,) = mails(met)
    assert first.student.full_name in mail.data["summary"]
    assert second.student.full_name in mail.data["summary"]


def test_a_mentor_of_a_listing_of_the_region_is_written_to_as_well(met, academy):
    """Own and pooled interns of one mentor are one message, after the last has left."""
    listing = academy.release(academy.opportunity())
    own = active(met)
    with clock_at("12:00", datetime.date(2027, 1, 20)):
        pooled = met.placement(listing, state="active")
    with clock_at("9:00"):
        tap(met, own)
        tap(met, pooled)
    with clock_at("13:00"):
        tap(met, own, "out")
        assert send(met) == at("15:45"), "the pooled intern is still there"
    with clock_at("14:30"):
        tap(met, pooled, "out")
        assert send(met) is None
    (mail,) = mails(met)
    assert pooled.student.full_name in mail.data["summary"]


def test_a_second_message_of_one_day_waits_for_the_next(met):
    first = active(met)
    worked(met, first, end="13:00")
    with clock_at("13:00"):
        assert send(met) is None
    second = active(met)
    with clock_at("16:00"):
        tap(met, second)
        tap(met, second, "out")
        assert send(met) == at("17:00", TUESDAY + datetime.timedelta(days=1))


def test_weekly_is_friday_afternoon(met):
    placement = active(met)
    worked(met, placement)
    with met:
        MentorReach.objects.update(often="weekly")
    with clock_at("14:30"):
        assert send(met) == at("16:00", FRIDAY)
    worked(met, placement, THURSDAY)
    with clock_at("16:00", FRIDAY):
        assert send(met) is None
    (mail,) = mails(met)
    assert mail.data["count"] == "2 days"


def test_a_spanish_mentor_is_written_to_in_spanish(met):
    worked(met, active(met))
    with met:
        MentorReach.objects.update(language="es")
    with clock_at("14:30"):
        send(met)
    (mail,) = mails(met)
    assert mail.language == "es"
    assert "martes, 2 de febrero" in mail.data["summary"]


def test_silence_for_two_weeks_is_told_once(met):
    teacher = met.person("teacher")
    placement = active(met, teacher=teacher)
    worked(met, placement)
    with clock_at("14:30"):
        send(met)
    later = TUESDAY + datetime.timedelta(days=14)
    with clock_at("14:30", later), met:
        assert note_quiet_mentor(reach_id=MentorReach.objects.get().id) is None
        told = Notice.objects.filter(kind="mentor_quiet")
        assert {notice.person_id for notice in told} == {teacher.id, met.coordinator().id}
    assert reach_of(met).quiet_since == at("14:30", later)


def test_a_mentor_who_answered_is_not_quiet(met):
    worked(met, active(met))
    later = TUESDAY + datetime.timedelta(days=14)
    answered = at("9:00", later - datetime.timedelta(days=3))
    with met:
        MentorReach.objects.update(last_answered_at=answered)
    with clock_at("14:30", later), met:
        again = note_quiet_mentor(reach_id=MentorReach.objects.get().id)
        assert not Notice.objects.filter(kind="mentor_quiet").exists()
    assert again == answered + datetime.timedelta(days=14)


def test_an_estimate_is_not_put_to_the_mentor(met):
    placement = active(met)
    worked(met, placement)
    with met:
        Attendance.objects.update(state="estimated")
    with clock_at("20:00"):
        assert send(met) is None
    assert mails(met) == []
