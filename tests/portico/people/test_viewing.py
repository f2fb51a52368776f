"""A coordinator sees the portal as a student does: shown, logged, and without a trace else."""

import pytest
from django.urls import reverse

from catalog.models import Favorite, MissedSearch
from portico.audit.models import Entry
from portico.internships.models import Placement
from portico.notices.actions import tell
from portico.notices.models import Notice
from portico.people.viewing import begin_viewing
from portico.web.people.viewing import SESSION_KEY
from tenants.errors import Refused
from tests.portico.people.conftest import Staff
from tests.world import School

pytestmark = pytest.mark.django_db


def path(name: str, *args: object) -> str:
    return reverse(name, urlconf="portico.web.urls_school", args=args)


@pytest.fixture
def viewer(met: School, staff: Staff):
    """Alice's browser, seeing as Sam does."""
    client = met.client(staff.coordinator)
    assert client.post(path("view-as", staff.student.id)).headers["Location"] == "/"
    return client


def test_shows_what_the_student_sees_under_a_banner(met: School, staff: Staff, viewer):
    placement = met.placement(met.opportunity().id, state="pursuing", student=staff.student)
    mine = met.client(staff.student).get(path("journey")).content.decode()
    seen = viewer.get(path("journey")).content.decode()
    assert placement.title in mine
    assert placement.title in seen
    assert "You see the portal as <b>Sam Student</b> does" in seen
    assert "You see the portal as" not in mine
    assert viewer.get(path("placement", placement.id)).status_code == 200
    assert viewer.get(path("board")).status_code == 403  # Sam has no board


def test_it_is_in_the_students_history_by_name(met: School, staff: Staff, viewer):
    viewer.post(path("view-as-stop"))
    viewer.post(path("view-as-stop"))
    with met:
        lines = Entry.objects.filter(subject_id=str(staff.student.id)).order_by("id")
        assert [(line.action, line.actor_id) for line in lines] == [
            ("viewed_as", staff.coordinator.id),
            ("viewed_as_ended", staff.coordinator.id),
        ]
    body = viewer.get(path("person", staff.student.id)).content.decode()
    assert "looked at the portal as they see it" in body


def test_nothing_is_written(met: School, staff: Staff, viewer):
    offer = met.opportunity()
    refused = [
        viewer.post(path("save-listing", offer.id)),
        viewer.post(path("request-listing", offer.id), {"interest": "I like plants."}),
        viewer.post(path("wishes"), {"field": "arts"}),
        viewer.post(path("opportunity-state", offer.id), {"action": "pause"}),
        viewer.post("/api/v1/favorites/", {}, content_type="application/json"),
        viewer.put("/api/v1/favorites/", {}, content_type="application/json"),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    viewer.get("/?q=zamboni")  # a student's would be kept as a missed search
    with met:
        assert not Favorite.objects.exists()
        assert not Placement.objects.exists()
        assert not MissedSearch.objects.exists()
    met.client(staff.student).get("/?q=zamboni")
    with met:
        assert MissedSearch.objects.count() == 1


def test_what_is_the_students_alone_stays_theirs(met: School, staff: Staff, viewer):
    """Notices may hold a link that signs in; the API and the phone's check-in are no pages."""
    with met:
        secret = tell(kind="invitation", person=staff.student, secret="s3cr3t-of-sam",
                      data={"school": "Met", "inviter": "A"})  # fmt: skip
    for address in (
        path("notices"),
        path("calendar-link"),
        path("check-in"),
        path("check-in-state"),
        path("tokens"),
        "/api/v1/me/",
    ):
        answer = viewer.get(address)
        assert answer.status_code == 403, address
        assert b"s3cr3t-of-sam" not in answer.content
    with met:
        assert Notice.objects.get(id=secret.id).read_at is None


def test_it_ends_when_one_may_no_longer_and_with_the_session(met: School, staff: Staff, viewer):
    with met:
        staff.coordinator.roles = ["teacher"]
        staff.coordinator.save()
    answer = viewer.get("/teacher/")
    assert answer.status_code == 200
    assert b"You see the portal as" not in answer.content
    with met:
        assert SESSION_KEY not in viewer.session
    viewer.post(path("sign-out"))
    assert viewer.get("/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("who", ["teacher", "coordinator", "admin"])
def test_not_over_staff(met: School, staff: Staff, who: str):
    other = getattr(staff, who)
    with met, pytest.raises(Refused) as refusal:
        begin_viewing(actor=staff.coordinator, student_id=other.id)
    assert refusal.value.code == "not_a_student"


def test_not_a_student_who_is_staff_too_and_not_by_a_teacher(met: School, staff: Staff):
    both = met.person("student", "coordinator")
    with met, pytest.raises(Refused):
        begin_viewing(actor=staff.coordinator, student_id=both.id)
    with met, pytest.raises(Refused) as refusal:
        begin_viewing(actor=staff.teacher, student_id=staff.student.id)
    assert refusal.value.code == "forbidden"


def test_not_across_schools(met: School, academy: School, staff: Staff):
    charlie = academy.student()
    client = met.client(staff.coordinator)
    assert client.post(path("view-as", charlie.id)).status_code == 404
    with met:
        session = client.session
        assert SESSION_KEY not in session
        session[SESSION_KEY] = str(charlie.id)  # even a forged session finds nobody
        session.save()
    assert b"You see the portal as" not in client.get(path("board")).content
