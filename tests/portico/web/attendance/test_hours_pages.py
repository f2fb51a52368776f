"""A placement's hours: shown to its own people, put right by staff, certified, in a calendar."""

import datetime
import re

import pytest
from icalendar import Calendar

from portico.attendance.models import Attendance, Certificate
from portico.audit.queries import history_of
from portico.notices.models import Notice
from tests.portico.attendance.days import TUESDAY, active, at, clock_at, worked

pytestmark = pytest.mark.django_db
THURSDAY = TUESDAY + datetime.timedelta(days=2)


@pytest.fixture
def school(met):
    """A placement with two days, its teacher, and a clock that stands after them."""
    teacher = met.person("teacher")
    placement = active(met, teacher=teacher)
    days = [worked(met, placement), worked(met, placement, THURSDAY)]
    with clock_at("16:00", THURSDAY):
        yield met, placement, teacher, days


def correction(day, **facts):
    values = {"start": "9:30", "end": "13:00", "reason": "Left at one", **facts}
    return {f"d{day.id.hex[-8:]}-{name}": value for name, value in values.items()}


def test_who_sees_them(school, academy):
    met, placement, teacher, _days = school
    path = f"/hours/{placement.id}/"
    assert met.client().get(path).status_code == 302
    for person in (placement.student, teacher, met.coordinator()):
        assert met.client(person).get(path).status_code == 200
        assert met.client(person).get(f"{path}timeline/").status_code == 200
    for person in (met.student(), met.person("teacher")):
        assert met.client(person).get(path).status_code == 404
    assert academy.client(academy.coordinator()).get(path).status_code == 404


def test_my_hours_leads_to_the_newest(school):
    met, placement, _teacher, _days = school
    response = met.client(placement.student).get("/hours/")
    assert response.url == f"/hours/{placement.id}/"
    assert "No internship yet" in met.client(met.student()).get("/hours/").content.decode()


def test_unconfirmed_hours_do_not_count(school):
    met, placement, _teacher, days = school
    page = met.client(placement.student).get(f"/hours/{placement.id}/").content.decode()
    assert "0 min of 100 h" in page
    with met:
        Attendance.objects.filter(id=days[0].id).update(mentor_state="confirmed")
    page = met.client(placement.student).get(f"/hours/{placement.id}/").content.decode()
    assert "5 h 30 min of 100 h" in page


def test_staff_correct_a_day_and_the_old_value_stays(school):
    met, placement, teacher, days = school
    url = f"/days/{days[0].id}/correct/"
    browser = met.client(teacher)
    for _click in range(2):
        assert browser.post(url, correction(days[0])).status_code == 302
    with met:
        day = Attendance.objects.get(id=days[0].id)
        assert (day.check_in_at, day.check_out_at) == (at("9:00"), at("14:30"))
        assert (day.corrected_in_at, day.corrected_out_at) == (at("9:30"), at("13:00"))
        (entry,) = history_of(subject=day)
        assert (entry.before["minutes"], entry.after["minutes"]) == (330, 210)
        assert Notice.objects.filter(kind="hours_changed", person=placement.student).count() == 1
    page = browser.get(f"/hours/{placement.id}/").content.decode()
    assert "tapped: 9 a.m. – 2:30 p.m." in page
    assert "3 h 30 min of 100 h" in page


def test_a_correction_needs_a_reason_and_the_right_person(school, academy):
    met, placement, teacher, days = school
    url = f"/days/{days[0].id}/correct/"
    met.client(teacher).post(url, correction(days[0], reason=""))
    assert met.client(placement.student).post(url, correction(days[0])).status_code == 403
    assert met.client(met.person("teacher")).post(url, correction(days[0])).status_code == 404
    foreign = academy.client(academy.coordinator())
    assert foreign.post(url, correction(days[0])).status_code == 404
    with met:
        assert Attendance.objects.get(id=days[0].id).corrected_by == ""


def test_staff_enter_a_day_from_paper(school):
    met, placement, teacher, _days = school
    url = f"/hours/{placement.id}/enter/"
    data = {"day": "2027-02-03", "start": "9:00", "end": "11:00", "reason": "Paper sheet"}
    browser = met.client(teacher)
    assert browser.post(url, data).status_code == 302
    again = browser.post(url, data)
    assert again.status_code == 422
    assert "recorded already" in again.content.decode()
    with met:
        day = Attendance.objects.get(placement=placement, day="2027-02-03")
        assert (day.check_in_source, day.state) == ("staff", "closed")
    page = browser.get(f"/hours/{placement.id}/").content.decode()
    assert "1 day later" in page
    assert "2 h of 100 h" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"day": "2027-02-05"}, "still to come"),
        ({"day": "2027-01-31"}, "before the internship"),
        ({"day": "2027-02-03", "end": "8:00"}, "longer than a day"),
    ],
)
def test_a_day_that_cannot_be_is_refused(school, data, words):
    met, placement, teacher, _days = school
    form = {"start": "9:00", "end": "11:00", "reason": "Paper sheet", **data}
    response = met.client(teacher).post(f"/hours/{placement.id}/enter/", form)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_terms_of_a_placement_are_those_of_the_whole_site(school):
    met, placement, teacher, _days = school
    url = f"/hours/{placement.id}/terms/"
    met.client(teacher).post(url, {"required_hours": "54", "radius_m": "400"})
    assert met.client(teacher).post(url, {"radius_m": "5"}).status_code == 422
    with met:
        placement.refresh_from_db()
    assert (placement.required_hours, placement.radius_m) == (54, 400)


# --- certificates -------------------------------------------------------------------------


def certified(school):
    met, placement, _teacher, days = school
    with met:
        Attendance.objects.filter(id=days[0].id).update(mentor_state="confirmed")
    return met.client(placement.student).post(f"/hours/{placement.id}/certificate/")


def test_a_certificate_is_a_pdf_with_a_code_that_holds(school, academy):
    met, placement, _teacher, _days = school
    response = certified(school)
    assert certified(school).url == response.url, "nothing changed: the same certificate"
    pdf = met.client(placement.student).get(response.url)
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    with met:
        certificate = Certificate.objects.get()
    assert (certificate.minutes, certificate.days) == (330, 1)
    page = met.client().get("/verify/", {"code": certificate.code.lower().replace("-", " ")})
    assert page.status_code == 200
    assert "5 h 30 min" in page.content.decode()
    assert met.client().get("/verify/2222-2222-2222/").status_code == 404
    assert academy.client().get(f"/verify/{certificate.code}/").status_code == 404
    assert met.client(met.student()).get(response.url).status_code == 404


def test_no_certificate_without_hours(school):
    met, placement, _teacher, _days = school
    client = met.client(placement.student)
    assert client.post(f"/hours/{placement.id}/certificate/").status_code == 409


def test_a_name_of_any_latin_letters_can_be_printed(school):
    met, placement, _teacher, _days = school
    with met:
        placement.student.given_name, placement.student.family_name = "Ngọc Łucja", "Đặng-Ñúñez"
        placement.student.save()
    response = certified(school)
    assert met.client(placement.student).get(response.url).content.startswith(b"%PDF-")


# --- the calendar -------------------------------------------------------------------------


def test_the_calendar_has_the_expected_days_without_holidays(school):
    from portico.attendance.actions import add_holiday

    met, placement, _teacher, _days = school
    with met:
        monday = datetime.date(2027, 2, 15)
        add_holiday(
            actor=met.coordinator(),
            first=monday,
            last=monday + datetime.timedelta(days=4),
            name="Winter break",
        )
    browser = met.client(placement.student)
    page = browser.post("/calendar/").content.decode()
    path = re.search(r"/calendar/[\w-]+\.ics", page)[0]
    response = met.client().get(path)
    assert response["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(response.content).walk("VEVENT")
    starts = {event.decoded("dtstart") for event in events}
    assert at("9:00", datetime.date(2027, 2, 9)) in starts
    assert at("9:00", datetime.date(2027, 2, 16)) not in starts
    assert at("9:00", datetime.date(2027, 3, 16)) in starts, "after the clocks have changed"
    browser.post("/calendar/")
    assert met.client().get(path).status_code == 404, "a new address ends the old one"
