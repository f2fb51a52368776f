"""What is said beside a start: by what is known of the student's age, and by pay."""

import datetime

import pytest

from portico.accounts.models import Person
from portico.documents.actions import set_student_facts
from portico.internships.models import Placement
from tests.world import START, School

pytestmark = pytest.mark.django_db


def asking(school: School, *, pay: str = "paid", grade: int = 9) -> Placement:
    student = school.student(grade=grade, teacher=school.person("teacher"))
    offer = school.opportunity(pay=pay)
    return school.placement(offer.id, state="start_requested", student=student)


def born(school: School, student: Person, years: int) -> None:
    with school:
        set_student_facts(
            student_id=student.id,
            actor=school.coordinator(),
            birth_date=START.starts_on.replace(year=START.starts_on.year - years),
            is_concentrator=False,
        )


def seen(school: School, placement: Placement) -> list[str]:
    """What the student's, the teacher's and the coordinator's page say."""
    assert placement.student.teacher is not None
    return [
        school.client(person).get(path).content.decode()
        for person, path in (
            (placement.student, f"/placements/{placement.id}/"),
            (placement.student.teacher, f"/teacher/placements/{placement.id}/"),
            (school.coordinator(), f"/coordinator/placements/{placement.id}/"),
        )
    ]


def test_a_start_of_a_fifteen_year_old_is_compared_and_the_source_named(met: School) -> None:
    placement = asking(met)
    born(met, placement.student, 15)
    for page, who in zip(seen(met, placement), ("You are", *["The student is"] * 2), strict=True):
        assert f"{who} 15 on the first day" in page
        assert "5 h 30 min on a school day; at 15 at most 3 h." in page
        assert "29 CFR 570.35" in page
        assert "certifies nothing" in page


def test_an_unknown_age_is_said_as_such(met: School) -> None:
    for page, who in zip(seen(met, asking(met)), ("you are", *["the student is"] * 2), strict=True):
        assert f"If {who} under 16" in page
    for page in seen(met, asking(met, grade=12)):
        assert "under 16" not in page
        assert "certifies nothing" not in page


@pytest.mark.parametrize(
    ("years", "pay", "said"),
    [
        (16, "paid", "No federal limit of hours"),
        (17, "stipend", "No federal limit of hours"),
        (15, "unpaid", "limits on hours do not apply"),
    ],
)
def test_what_to_know_where_nothing_is_against_it(
    met: School, years: int, pay: str, said: str
) -> None:
    placement = asking(met, pay=pay)
    born(met, placement.student, years)
    for page in seen(met, placement):
        assert said in page
        assert "on a school day; at" not in page


def test_a_grown_up_is_nobodys_minor(met: School) -> None:
    placement = asking(met)
    born(met, placement.student, 18)
    for page in seen(met, placement):
        assert "certifies nothing" not in page


def test_it_warns_and_stops_nobody(met: School) -> None:
    placement = asking(met)
    born(met, placement.student, 15)
    answer = met.client(met.coordinator()).post(
        f"/coordinator/placements/{placement.id}/approve_start/"
    )
    assert answer.status_code == 302
    with met:
        assert Placement.objects.get(id=placement.id).state == "active"


def test_the_form_says_it_before_the_student_asks(met: School) -> None:
    student = met.student(grade=9)
    offer = met.opportunity(
        pay="paid",
        starts_on=START.starts_on,
        ends_on=START.ends_on,
        days=[1],
        start_time=datetime.time(15),
        end_time=datetime.time(19, 30),
    )
    placement = met.placement(offer.id, state="pursuing", student=student)
    born(met, student, 14)
    page = met.client(student).get(f"/placements/{placement.id}/start/").content.decode()
    assert "4 h 30 min on a school day; at 14 at most 3 h." in page
    assert "Not after 7 p.m. at 14" in page
