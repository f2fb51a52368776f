"""A code by e-mail, and finding one's school, tell a stranger nothing."""

import re
import time

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portico.accounts.models import Person
from portico.due.models import DueWork
from portico.notices.models import Notice
from portico.signin import tasks
from portico.signin.finding import send_school_links
from tests.portico.signin.conftest import person_signed_in

pytestmark = pytest.mark.django_db


def ask(world, email):
    client = world.client()
    answer = client.post("/sign-in/code/", {"email": email})
    assert answer.headers["Location"] == "/sign-in/code/type/"
    return client


def code_of(world) -> str:
    with world:
        return Notice.objects.get(kind="sign_in_code").secret


def test_a_code_signs_in_once(met):
    student = met.student()
    client = ask(met, student.email.upper())
    code = code_of(met)
    assert re.fullmatch(r"\d{4} \d{4}", code)
    done = client.post("/sign-in/code/type/", {"code": code})
    assert (done.status_code, done.headers["Location"]) == (302, "/")
    assert person_signed_in(client) == str(student.id)
    client.post("/sign-out/")
    assert (
        client.post("/sign-in/code/type/", {"code": code}).headers["Location"] == "/sign-in/code/"
    )


def test_back_to_the_page_one_came_for(met):
    teacher = met.person("teacher")
    client = met.client()
    client.get("/sign-in/code/", {"next": "/teacher/starts/"})
    client.post("/sign-in/code/", {"email": teacher.email})
    done = client.post("/sign-in/code/type/", {"code": code_of(met)})
    assert done.headers["Location"] == "/teacher/starts/"


def test_three_tries_and_ten_minutes(met):
    student = met.student()
    client = ask(met, student.email)
    code = code_of(met)
    for _ in range(3):
        assert client.post("/sign-in/code/type/", {"code": "1"}).status_code == 422
    assert client.post("/sign-in/code/type/", {"code": code}).status_code == 422
    assert person_signed_in(client) == ""
    with met:
        Notice.objects.all().delete()
    late = ask(met, student.email)
    with time_machine.travel(time.time() + 601):
        assert late.post("/sign-in/code/type/", {"code": code_of(met)}).status_code == 422


def test_a_code_is_for_the_browser_that_asked(met):
    student = met.student()
    ask(met, student.email)
    other = ask(met, "nobody@example.org")
    assert other.post("/sign-in/code/type/", {"code": code_of(met)}).status_code == 422
    assert person_signed_in(other) == ""


def test_asking_does_not_say_who_has_an_account_nor_how_long_it_takes(met):
    """The same page after the same statements: those for nobody are undone."""
    student = met.student()
    with met:
        closed = Person.objects.get(id=met.student().id)
        Person.objects.filter(id=closed.id).update(is_active=False)
    asked = {}
    for email in (student.email, "nobody@example.org", closed.email):
        client = met.client()
        with CaptureQueriesContext(
            connection,
        ) as ran:
            answer = client.post("/sign-in/code/", {"email": email})
        page = client.get("/sign-in/code/type/").content.decode().replace(email, "")
        asked[email] = (
            answer.status_code,
            re.sub(r"[A-Za-z0-9]{64}", "", page),
            [
                query["sql"].split()[:3]
                for query in ran.captured_queries
                if "INSERT" in query["sql"]
            ],
        )
    first, *others = asked.values()
    assert others[0] == others[1]
    assert others[0][:2] == first[:2]
    assert len(others[0][2]) == len(first[2])
    with met:
        assert Notice.objects.count() == 1
        assert DueWork.objects.filter(school=met.schema, kind="deliver").count() == 1


def test_a_code_is_no_news_and_not_kept(met):
    student = met.student()
    client = ask(met, student.email)
    client.post("/sign-in/code/type/", {"code": code_of(met)})
    code = code_of(met)
    with met:
        assert not Notice.objects.filter(read_at__isnull=True).exists()
        Notice.objects.update(secret="")  # as once the e-mail is on its way
    assert code not in client.get("/notices/").content.decode()


def test_asking_too_often_is_slowed_down(met):
    student = met.student()
    for _ in range(8):
        ask(met, student.email)
    assert met.client().post("/sign-in/code/", {"email": student.email}).status_code == 429
    ask(met, met.student().email)  # the one beside them is not


def test_the_schools_by_name_are_for_anybody(bronx, met, academy):
    page = bronx.client().get("/find-school/").content.decode()
    assert f"//{met.host}" in page
    assert f"//{academy.host}" in page
    narrowed = bronx.client().get("/find-school/", {"q": "academy"}).content.decode()
    assert f"//{met.host}" not in narrowed
    assert f"//{academy.host}" in narrowed
    assert "No school is called that" in bronx.client().get("/find-school/?q=xyz").content.decode()


def test_by_email_the_page_only_wakes_a_worker(bronx, met, monkeypatch):
    """Nobody is looked for while the visitor waits: known or not, the same work is done."""
    sent = []
    monkeypatch.setattr(tasks.send_school_links, "delay", lambda *given: sent.append(given))
    known = met.student(email="ana@students.example.org")
    answers = set()
    for email in (known.email, "nobody@example.org"):
        answer = bronx.client().post("/find-school/", {"email": email})
        answers.add(re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode()))
    assert len(answers) == 1
    assert sent == [("bronx", known.email), ("bronx", "nobody@example.org")]


def test_the_worker_mails_each_account_its_own_schools_page(bronx, met, academy):
    for world in (met, academy, bronx):
        role = "district_admin" if world is bronx else "teacher"
        world.person(role, email="ana@example.org")
    met.person("teacher", email="other@example.org")
    assert send_school_links(region="bronx", email=" Ana@example.org ") == 3
    for world in (met, academy, bronx):
        with world:
            assert Notice.objects.get(kind="school_link").email == "ana@example.org"
    assert send_school_links(region="bronx", email="nobody@example.org") == 0
    assert send_school_links(region="queens", email="ana@example.org") == 0
    assert send_school_links(region="bronx__met", email="ana@example.org") == 0


def test_the_sign_in_page_of_a_region_leads_there(bronx, met):
    assert "/find-school/" in bronx.client().get("/sign-in/").content.decode()
    assert "/find-school/" not in met.client().get("/sign-in/").content.decode()
