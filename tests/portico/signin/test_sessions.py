"""Where one is signed in: seen, ended, one browser or all; and a school behind one address."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portico.accounts import throttle
from portico.accounts.known_browsers import COOKIE
from portico.accounts.models import Person
from portico.notices.models import Notice
from portico.signin.models import Session
from tests.portico.signin.conftest import person_signed_in
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1"


def sign_in(world, person, **more):
    client = world.client()
    answer = client.post("/sign-in/", {"username": person.email, "password": PASSWORD}, **more)
    assert answer.status_code == 302
    return client


def test_the_list_says_where_and_since_when_and_shows_no_key(met):
    teacher = met.person("teacher", password=PASSWORD)
    laptop = sign_in(met, teacher)
    sign_in(met, teacher, HTTP_USER_AGENT=PHONE, REMOTE_ADDR="203.0.113.7")
    page = laptop.get("/account/security/").content.decode()
    assert "Safari, iPhone" in page
    assert "203.0.113.7" in page
    assert page.count("with the password") == 2
    assert page.count("this browser") == 1
    with met:
        for session in Session.objects.all():
            assert session.session_key not in page
            assert session.way == "password"


def test_another_browser_is_signed_out_from_here(met):
    teacher = met.person("teacher", password=PASSWORD)
    laptop, phone = sign_in(met, teacher), sign_in(met, teacher)
    rows = laptop.get("/account/security/").context["sessions"]
    mark = next(row["mark"] for row in rows if not row["here"])
    for _ in range(2):  # a second click is harmless
        assert laptop.post(f"/account/security/sessions/{mark}/end/").status_code == 302
    assert phone.get("/teacher/").status_code == 302
    assert laptop.get("/teacher/").status_code == 200


def test_nobody_ends_somebody_elses_session(met):
    teacher, bob = (met.person("teacher", password=PASSWORD) for _ in range(2))
    victim, thief = sign_in(met, teacher), sign_in(met, bob)
    mark = victim.get("/account/security/").context["sessions"][0]["mark"]
    thief.post(f"/account/security/sessions/{mark}/end/")
    assert victim.get("/teacher/").status_code == 200


def test_out_everywhere(met):
    teacher, bob = (met.person("teacher", password=PASSWORD) for _ in range(2))
    laptop, phone, neighbor = (sign_in(met, who) for who in (teacher, teacher, bob))
    assert laptop.post("/account/security/sign-out-everywhere/").headers["Location"] == "/sign-in/"
    assert laptop.get("/teacher/").status_code == phone.get("/teacher/").status_code == 302
    assert neighbor.get("/teacher/").status_code == 200


def test_a_new_password_signs_the_other_browsers_out(met):
    teacher = met.person("teacher", password=PASSWORD)
    laptop, phone = sign_in(met, teacher), sign_in(met, teacher)
    new = {"old": PASSWORD, "password": "another long one", "again": "another long one"}
    path = "/account/security/password/"
    assert laptop.post(path, new | {"old": "wrong"}).status_code == 422
    assert laptop.post(path, new | {"password": "short", "again": "short"}).status_code == 422
    assert phone.get("/teacher/").status_code == 200
    assert laptop.post(path, new).status_code == 302
    assert laptop.get("/teacher/").status_code == 200
    assert phone.get("/teacher/").status_code == 302
    with met:
        assert Session.objects.filter(person=teacher).count() == 1


def test_a_password_chosen_by_a_link_signs_all_browsers_out(met):
    teacher = met.person("teacher", password=PASSWORD)
    phone = sign_in(met, teacher)
    met.client().post("/forgotten/", {"email": teacher.email})
    with met:
        secret = Notice.objects.get(kind="password_link").secret
    new = {"password": "another long one", "again": "another long one"}
    laptop = met.client()
    assert laptop.post(f"/invitation/{secret}/", new).status_code == 302
    assert phone.get("/teacher/").status_code == 302
    assert person_signed_in(laptop) == str(teacher.id)


def test_the_last_use_is_noted_and_costs_ordinary_pages_nothing(met):
    teacher = met.person("teacher", password=PASSWORD)
    client = sign_in(met, teacher)

    def writes() -> list[str]:
        with CaptureQueriesContext(connection) as ran:
            client.get("/teacher/")
        return [
            one["sql"] for one in ran if "signin_session" in one["sql"] and "UPDATE" in one["sql"]
        ]

    assert writes() == []
    later = timezone.now() + timedelta(minutes=20)
    with time_machine.travel(later):
        assert len(writes()) == 1
        assert writes() == []
    with met:
        assert abs(Session.objects.get().last_used_at - later) < timedelta(minutes=1)


def test_sessions_that_have_ended_are_swept_up(met):
    teacher = met.person("teacher", password=PASSWORD)
    sign_in(met, teacher)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        sign_in(met, teacher)
        with met:
            assert Session.objects.count() == 1


def test_a_school_behind_one_address_signs_in_while_one_of_them_attacks(met):
    """Three hundred students at nine o'clock; one computer among them tries everybody's door."""
    students = [met.student(password=PASSWORD) for _ in range(300)]
    attacker = met.client()
    attacker.defaults["REMOTE_ADDR"] = "198.51.100.1"
    for number, student in enumerate(students):
        for _ in range(2 if number % 2 else 1):
            attacker.post("/sign-in/", {"username": student.email, "password": "password1"})
        if number % 2:  # tried twice already, from a network with hundreds of failures
            continue
        sign_in(met, student, REMOTE_ADDR="198.51.100.1")
    again = attacker.post("/sign-in/", {"username": students[-1].email, "password": PASSWORD})
    assert again.status_code == 429  # a third try at one account: not from there, for a while


def test_failures_elsewhere_do_not_shut_out_a_browser_that_was_here_before(met):
    teacher = met.person("teacher", password=PASSWORD)
    mine = sign_in(met, teacher)
    mine.post("/sign-out/")
    attacker = met.client()
    right = {"username": teacher.email, "password": PASSWORD}
    for _ in range(8):
        attacker.post("/sign-in/", right | {"password": "wrong"})
    assert attacker.post("/sign-in/", right).status_code == 429
    assert mine.post("/sign-in/", right).status_code == 302
    mine.post("/sign-out/")
    for _ in range(8):  # and nobody guesses on from a browser that is known
        mine.post("/sign-in/", right | {"password": "wrong"})
    assert mine.post("/sign-in/", right).status_code == 429


def test_a_network_that_is_worn_out_is_still_open_to_known_browsers(met, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_PER_NETWORK", 20)
    there = {"REMOTE_ADDR": "198.51.100.2"}
    teacher, student = met.person("teacher", password=PASSWORD), met.student(password=PASSWORD)
    mine = sign_in(met, teacher, **there)
    mine.post("/sign-out/")
    for number in range(20):
        guess = {"username": f"{number}@example.org", "password": "wrong"}
        met.client().post("/sign-in/", guess, **there)
    new = {"username": student.email, "password": PASSWORD}
    assert met.client().post("/sign-in/", new, **there).status_code == 429
    again = {"username": teacher.email, "password": PASSWORD}
    assert mine.post("/sign-in/", again, **there).status_code == 302


def test_a_cookie_that_is_made_up_makes_no_browser_known(met):
    teacher = met.person("teacher", password=PASSWORD)
    made_up = met.client()
    made_up.cookies[COOKIE] = "made:up:cookie"
    right = {"username": teacher.email, "password": PASSWORD}
    for _ in range(8):
        made_up.post("/sign-in/", right | {"password": "wrong"})
    assert made_up.post("/sign-in/", right).status_code == 429


# --- session and person in one row ----------------------------------------------------


def statements(client, path):
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    return answer, [one["sql"] for one in seen if "SAVEPOINT" not in one["sql"]]


def test_who_asks_costs_one_statement(met):
    client = met.client(met.student())
    client.get("/api/v1/me/")  # the host is known now
    answer, sent = statements(client, "/api/v1/me/")
    assert answer.status_code == 200
    assert len(sent) == 1, sent


def test_the_person_brought_along_is_whole(met):
    """Every column, converted as Django converts it: mail_choices is JSON, groups an array."""
    student = met.student(grade=11)
    with met:
        student.mail_choices, student.groups = {"placements": "daily"}, ["English learners"]
        student.save()
    client = met.client(student)
    client.get("/journey/")
    with met:
        found = client.session
        found.load()
        assert {
            f.attname: getattr(found.person, f.attname) for f in Person._meta.concrete_fields
        } == {
            f.attname: getattr(Person.objects.get(id=student.id), f.attname)
            for f in Person._meta.concrete_fields
        }
        assert not found.person._state.adding


@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"is_service": True}, {"password": "another"}],
    ids=lambda change: next(iter(change)),
)
def test_who_may_not_any_more_is_out_at_the_next_request(met, change):
    student = met.student()
    client = met.client(student)
    assert client.get("/journey/").status_code == 200
    with met:
        Person.objects.filter(id=student.id).update(**change)
    assert client.get("/journey/").status_code == 302


def test_a_session_whose_data_name_somebody_else_is_nobodys_row(met):
    """The column says whose the row is; what is in the data decides."""
    alice, bob = met.student(), met.student()
    client = met.client(alice)
    with met:
        Session.objects.update(person_id=bob.id)
    assert client.get("/api/v1/me/").json()["person"]["email"] == alice.email
