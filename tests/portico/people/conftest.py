"""A school with an admin, a coordinator, a teacher with a student, and the teacher's deputy."""

from dataclasses import dataclass

import pytest

from portico.accounts.models import Person
from tests.world import School


@dataclass
class Staff:
    admin: Person
    coordinator: Person
    teacher: Person
    student: Person
    deputy: Person  # has no role here yet but a colleague's


@pytest.fixture
def staff(met: School) -> Staff:
    teacher = met.person("teacher", given_name="Tom", family_name="Teach")
    return Staff(
        admin=met.person("school_admin", given_name="Ada", family_name="Admin"),
        coordinator=met.coordinator(),
        teacher=teacher,
        student=met.student(teacher=teacher, given_name="Sam", family_name="Student"),
        deputy=met.person("teacher", given_name="Dee", family_name="Deputy"),
    )
