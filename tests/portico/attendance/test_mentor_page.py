"""The mentor's link: confirm, correct, "not my intern". No account; GET changes nothing."""

import datetime

import pytest

from portico.attendance.mentors import make_link
from portico.attendance.models import Attendance, MentorReach
from portico.audit.queries import history_of
from portico.notices.models import Notice
from tests.portico.attendance.days import TUESDAY, active, at, clock_at, worked

pytestmark = pytest.mark.django_db
WEDNESDAY, THURSDAY, FRIDAY = (TUESDAY + datetime.timedelta(days=n) for n in (1, 2, 3))


@pytest.fixture
def two_days(met):
    placement = active(met)
    return [worked(met, placement), worked(met, placement, THURSDAY)]


def link_to(met, days, *, when=THURSDAY):
    with clock_at("15:00", when), met:
        reach = MentorReach.objects.get()
        return f"/mentor/{make_link(reach=reach, purpose='days', subjects=[d.id for d in days])}/"


def now(met, day):
    with met:
        return Attendance.objects.get(id=day.id)


def answer(client, url, day, verdict, **facts):
    return client.post(url, {"act": "day", "attendance": day.id, "verdict": verdict, **facts})


def test_opening_the_link_changes_nothing(met, two_days):
    url = link_to(met, two_days)
    with clock_at("15:01", THURSDAY):
        for response in (met.client().get(url), met.client().head(url)):
            assert response.status_code == 200
            assert response["Referrer-Policy"] == "no-referrer"
            assert "portico_session" not in response.cookies
    assert [now(met, day).mentor_state for day in two_days] == ["unconfirmed"] * 2


def test_one_button_confirms_all_and_a_second_click_is_harmless(met, two_days):
    url = link_to(met, two_days)
    with clock_at("15:01", THURSDAY):
        for _click in range(2):
            response = met.client().post(url, {"act": "all"}, follow=True)
            assert "Thank you! All days are confirmed." in response.content.decode()
    confirmed = [now(met, day) for day in two_days]
    assert {day.mentor_state for day in confirmed} == {"confirmed"}
    with met:
        assert [e.action for e in history_of(subject=confirmed[0])] == ["attendance_confirm"]
        assert MentorReach.objects.get().last_answered_at == at("15:01", THURSDAY)


def test_a_correction_keeps_what_was_tapped(met, two_days):
    url = link_to(met, two_days)
    with clock_at("15:01", THURSDAY):
        response = answer(
            met.client(),
            url,
            two_days[0],
            "correct",
            start="9:30",
            end="13:00",
            comment="Left  at one",
        )
    assert response.status_code == 302
    day = now(met, two_days[0])
    assert (day.check_in_at, day.check_out_at) == (at("9:00"), at("14:30"))
    assert (day.corrected_in_at, day.corrected_out_at) == (at("9:30"), at("13:00"))
    assert (day.mentor_state, day.mentor_comment) == ("corrected", "Left at one")
    with met:
        (entry,) = history_of(subject=day)
        assert (entry.before["minutes"], entry.after["minutes"]) == (330, 210)
        assert entry.actor_label == "Rosa Mentor"
        assert Notice.objects.filter(kind="hours_changed", person=day.placement.student).exists()


def test_not_my_intern_is_told_to_the_coordinator(met, two_days):
    url = link_to(met, two_days)
    with clock_at("15:01", THURSDAY):
        answer(met.client(), url, two_days[0], "not_mine", comment="Never came")
    assert now(met, two_days[0]).mentor_state == "disputed"
    with met:
        (told,) = Notice.objects.filter(kind="hours_disputed")
        assert told.person_id == met.coordinator().id


def test_an_answer_may_be_amended_until_the_next_day_is_over(met, two_days):
    url = link_to(met, two_days)
    with clock_at("15:01", THURSDAY):
        answer(met.client(), url, two_days[0], "not_mine")
    with clock_at("23:59", FRIDAY):
        answer(met.client(), url, two_days[0], "confirm")
    assert now(met, two_days[0]).mentor_state == "confirmed"
    with clock_at("0:00", FRIDAY + datetime.timedelta(days=2)):
        late = answer(met.client(), url, two_days[0], "not_mine")
    assert late.status_code == 422
    assert now(met, two_days[0]).mentor_state == "confirmed"


@pytest.mark.parametrize(
    "times",
    [{}, {"start": "9:00"}, {"start": "x", "end": "10:00"}, {"start": "9:00", "end": "8:00"}],
)
def test_times_that_cannot_be_are_refused(met, two_days, times):
    url = link_to(met, two_days)
    with clock_at("15:01", THURSDAY):
        response = answer(met.client(), url, two_days[0], "correct", **times)
    assert response.status_code == 422
    assert now(met, two_days[0]).mentor_state == "unconfirmed"


def test_a_link_answers_only_its_own_days(met, two_days):
    url = link_to(met, two_days[:1])
    with clock_at("15:01", THURSDAY):
        assert answer(met.client(), url, two_days[1], "confirm").status_code == 422
    assert now(met, two_days[1]).mentor_state == "unconfirmed"


def test_dead_links(met, academy, two_days):
    url = link_to(met, two_days)
    assert met.client().get("/mentor/nonsense/").status_code == 410
    with clock_at("15:00", THURSDAY + datetime.timedelta(days=14)):
        assert met.client().get(url).status_code == 410
        assert met.client().post(url, {"act": "all"}).status_code == 410
    with clock_at("15:01", THURSDAY):
        assert academy.client().post(url, {"act": "all"}).status_code == 410, "another school"
    assert now(met, two_days[0]).mentor_state == "unconfirmed"


def test_preferences(met, two_days):
    url = link_to(met, two_days)
    with clock_at("15:01", THURSDAY):
        client = met.client()
        client.post(url, {"act": "preferences", "often": "weekly", "language": "es"})
        page = client.get(url).content.decode()
    assert 'lang="es"' in page
    with met:
        reach = MentorReach.objects.get()
    assert (reach.often, reach.language) == ("weekly", "es")


def test_the_page_shows_the_schools_time(met, two_days):
    with clock_at("15:01", THURSDAY):
        page = met.client().get(link_to(met, two_days)).content.decode()
    assert 'value="09:00"' in page
    assert 'value="14:30"' in page
    assert page.count("Answer this day…") == 2
