"""A school admin keeps the school's people; coordinators look."""

import pytest

from portico.accounts.models import Person
from portico.audit.queries import history_of
from portico.notices.models import Notice
from portico.people.actions import add_somebody, change_somebody, set_active
from tenants.errors import Refused
from tests.portico.people.conftest import Staff
from tests.world import School

pytestmark = pytest.mark.django_db
NEW = {
    "given_name": "Nia",
    "family_name": "New",
    "email": "Nia@Example.org",
    "roles": ["teacher", "coordinator"],
}


def test_add_and_invite_on_a_page(met: School, staff: Staff):
    ada = met.client(staff.admin)
    answer = ada.post("/people/new/", NEW)
    with met:
        nia = Person.objects.get(email="nia@example.org")
        assert nia.roles == ["teacher", "coordinator"]
        assert Notice.objects.get(person=nia).kind == "invitation"
        assert [e.action for e in history_of(subject=nia)] == ["person_added"]
    assert answer.headers["Location"] == f"/people/{nia.id}/"
    again = ada.post("/people/new/", NEW)
    assert again.status_code == 422
    assert "Somebody has this e-mail already." in again.content.decode()


def test_change_roles_and_facts(met: School, staff: Staff):
    ada = met.client(staff.admin)
    form = {"given_name": "Samuel", "family_name": "Student", "email": staff.student.email,
            "roles": ["student"], "grade": "12", "teacher": str(staff.deputy.id)}  # fmt: skip
    for _click in range(2):
        assert ada.post(f"/people/{staff.student.id}/edit/", form).status_code == 302
    with met:
        sam = Person.objects.get(id=staff.student.id)
        assert (sam.given_name, sam.grade, sam.teacher_id) == ("Samuel", 12, staff.deputy.id)
        changes = [e for e in history_of(subject=sam) if e.action == "person_changed"]
    assert len(changes) == 1
    assert changes[0].after["grade"] == 12
    assert ada.get(f"/people/{sam.id}/").status_code == 200


def test_a_substitutes_role_is_not_taken_away_by_editing(met: School, staff: Staff):
    person = met.person("substitute_teacher", "teacher")
    facts = {"given_name": "A", "family_name": "B", "email": person.email}
    with met:
        changed = change_somebody(
            actor=staff.admin, person_id=person.id, roles=["coordinator"], **facts
        )
    assert set(changed.roles) == {"coordinator", "substitute_teacher"}


def test_close_and_open_an_account(met: School, staff: Staff):
    theirs, ada = met.client(staff.teacher), met.client(staff.admin)
    assert theirs.get("/teacher/").status_code == 200
    for _click in range(2):
        ada.post(f"/people/{staff.teacher.id}/active/", {"active": "no"})
    assert theirs.get("/teacher/").headers["Location"].startswith("/sign-in/")
    ada.post(f"/people/{staff.teacher.id}/active/", {"active": "yes"})
    with met:
        actions = [e.action for e in history_of(subject=staff.teacher)]
    assert actions == ["person_deactivated", "person_returned"]


def test_nobody_locks_the_school_out(met: School, staff: Staff):
    facts = {"given_name": "Ada", "family_name": "Admin", "email": staff.admin.email}
    with met, pytest.raises(Refused) as refusal:
        set_active(actor=staff.admin, person_id=staff.admin.id, active=False)
    assert refusal.value.code == "yourself"
    with met, pytest.raises(Refused) as refusal:
        change_somebody(actor=staff.admin, person_id=staff.admin.id, roles=["coordinator"], **facts)
    assert refusal.value.code == "last_admin"
    met.person("school_admin")
    with met:
        change_somebody(actor=staff.admin, person_id=staff.admin.id, roles=["coordinator"], **facts)


@pytest.mark.parametrize("roles", [[], ["district_admin"], ["substitute_teacher"]])
def test_roles_that_are_not_given_here(met: School, staff: Staff, roles: list[str]):
    with met, pytest.raises(Refused) as refusal:
        add_somebody(
            actor=staff.admin, email="x@example.org", given_name="X", family_name="Y",
            roles=roles, school_name="Met",
        )  # fmt: skip
    assert refusal.value.code == "roles"


def test_a_coordinator_looks_and_does_not_change(met: School, staff: Staff):
    alice = met.client(staff.coordinator)
    assert "Tom Teach" in alice.get("/people/").content.decode()
    assert "Tom Teach" not in alice.get("/people/?role=student").content.decode()
    assert "Tom Teach" in alice.get("/people/?q=teach+tom").content.decode()
    with met, pytest.raises(Refused):
        set_active(actor=staff.coordinator, person_id=staff.teacher.id, active=False)


def test_a_school_admin_does_what_a_coordinator_does(met: School, staff: Staff):
    ada = met.client(staff.admin)
    for path in ("/coordinator/", "/coordinator/requests/", "/coordinator/settings/"):
        assert ada.get(path).status_code == 200, path
