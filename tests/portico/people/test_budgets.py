"""The people's and the log's pages cost the same for many as for few."""

import pytest

from portico.privacy.disclosures import DAYS, note_shown
from tests.portico.people.conftest import Staff
from tests.portico.web.budgets import query_budget
from tests.world import School

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(met: School, staff: Staff) -> None:
    offer = met.opportunity(capacity=3)
    for _student in range(3):
        placement = met.placement(offer.id, state="active", teacher=staff.teacher)
        with met:
            note_shown(placements=[placement], to="A mentor", what=DAYS, address="192.0.2.1")


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("page", "path"),
    [
        ("people", "/people/"),
        ("people-person", "/people/{student}/"),
        ("people-substitutes", "/people/substitutes/"),
        ("privacy-log", "/privacy/"),
        ("privacy-log-of-one", "/privacy/?student={student}"),
        ("privacy-retention", "/privacy/retention/"),
        ("privacy-retention-change", "/privacy/retention/change/"),
    ],
)
def test_statements_of_a_page(met: School, staff: Staff, page: str, path: str) -> None:
    client = met.client(staff.coordinator)
    address = path.format(student=staff.student.id)
    assert client.get(address).status_code == 200
    with query_budget(page):
        client.get(address)
