"""Sites, mentors, students' suggestions, and the school's settings."""

import uuid

import pytest

from catalog.actions import suggest_site
from catalog.models import Mentor, Site, Suggestion
from portico.accounts.models import Person
from portico.audit.models import Entry
from portico.notices.models import Notice
from tenants.queries import tenant_by_schema
from tests.portico.web.test_coordinator_pages import address
from tests.world import School

pytestmark = pytest.mark.django_db


def suggestion(school: School) -> tuple[Person, uuid.UUID]:
    student = school.student()
    with school:
        made = suggest_site(
            student=student,
            suggestion=Suggestion(
                site_name="Hunts Point Bakery", address="80 Lafayette Ave", reason="They bake."
            ),
        )
    return student, made.id


def test_add_a_site_then_its_mentor_then_change_both(met: School) -> None:
    alice = met.client(met.coordinator())
    answer = alice.post(
        address("site-add"),
        {"name": "Casita Clinic", "latitude": "40.82", "longitude": "-73.91"},
    )
    with met:
        site = Site.objects.get(name="Casita Clinic")
    assert answer.headers["Location"] == address("site", site.id)
    mentor = {"name": "Ida Nurse", "email": "ida@example.com", "language": "es", "is_active": "on"}
    alice.post(address("mentor-add", site.id), mentor)
    with met:
        made = Mentor.objects.get(name="Ida Nurse")
    assert (made.site_id, made.language, made.is_active) == (site.id, "es", True)
    alice.post(address("mentor-edit", made.id), {**mentor, "is_active": ""})
    alice.post(address("site-edit", site.id), {"name": "Casita Clinic East"})
    with met:
        assert not Mentor.objects.get(id=made.id).is_active
        assert Site.objects.get(id=site.id).name == "Casita Clinic East"
    body = alice.get(address("site", site.id)).content.decode()
    assert "takes nobody now" in body


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "A", "latitude": "40.8"}, "A position needs both numbers."),
        ({"name": "A", "latitude": "400", "longitude": "1"}, "less than or equal to 90"),
    ],
)
def test_a_wrong_site_comes_back_with_its_input(
    met: School, data: dict[str, str], words: str
) -> None:
    answer = met.client(met.coordinator()).post(address("site-add"), {**data, "city": "Kept"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="Kept"' in answer.content.decode()


def test_a_mentor_nobody_can_reach_is_refused(met: School) -> None:
    offer = met.opportunity()
    answer = met.client(met.coordinator()).post(
        address("mentor-add", offer.site_id), {"name": "Ghost", "language": "en"}
    )
    assert "Give an e-mail or a phone number" in answer.content.decode()


def test_take_a_suggestion_over_once(met: School) -> None:
    student, found = suggestion(met)
    alice = met.client(met.coordinator())
    path = address("suggestion-staff", found)
    answer = alice.post(path, {"do": "take_over", "answer": ""})
    with met:
        site = Site.objects.get(name="Hunts Point Bakery")
        assert site.address == "80 Lafayette Ave"
        told = Notice.objects.get(person=student, kind="suggestion_answered")
    assert answer.headers["Location"] == address("site", site.id)
    assert "Thank you" in told.data["answer"]
    again = alice.post(path, {"do": "take_over", "answer": ""})
    assert again.status_code == 422
    assert "answered already" in again.content.decode()
    with met:
        assert Site.objects.filter(name="Hunts Point Bakery").count() == 1


def test_decline_a_suggestion_with_an_answer(met: School) -> None:
    _student, found = suggestion(met)
    alice = met.client(met.coordinator())
    path = address("suggestion-staff", found)
    assert alice.post(path, {"do": "decline", "answer": ""}).status_code == 422
    alice.post(path, {"do": "decline", "answer": "They only take adults."})
    with met:
        assert Suggestion.objects.get(id=found).state == "declined"
    assert "They only take adults." in alice.get(address("suggestions-staff")).content.decode()


def test_settings_change_the_school_at_once_and_no_other(met: School, academy: School) -> None:
    before = tenant_by_schema(academy.schema)
    alice = met.client(met.coordinator())
    wanted = {
        "pursuit_days": "21",
        "short_name": "MET",
        "color": "#4B1D7A",
        "language": "es",
    }
    assert alice.post(address("school-settings"), wanted).status_code == 302
    school = tenant_by_schema(met.schema)
    assert (school.pursuit_days, school.color, school.language) == (21, "#4b1d7a", "es")
    assert tenant_by_schema(academy.schema).color == before.color
    with met:
        entry = Entry.objects.get(action="settings_changed")
    assert (entry.before["pursuit_days"], entry.after["pursuit_days"]) == (14, 21)


@pytest.mark.parametrize(
    ("name", "value"),
    [("pursuit_days", "0"), ("color", "red"), ("language", "tlh"), ("short_name", "x" * 13)],
)
def test_wrong_settings_change_nothing(met: School, name: str, value: str) -> None:
    wanted = {"pursuit_days": "21", "short_name": "Met", "color": "#4b1d7a", "language": "en"}
    answer = met.client(met.coordinator()).post(address("school-settings"), {**wanted, name: value})
    assert answer.status_code == 422
    assert tenant_by_schema(met.schema).pursuit_days == 14
