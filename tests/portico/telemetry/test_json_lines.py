"""What is written to the logs while people use the site: ids, never who they are."""

import io
import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from portico.accounts.models import Person
from portico.accounts.tokens import make_token
from portico.due.runner import run_due
from portico.notices.models import Notice
from portico.telemetry.json_lines import JsonLines
from tests.world import PASSWORD, School

pytestmark = pytest.mark.django_db
NAMES = {"given_name": "Esperanza", "family_name": "Quimby", "email": "esperanza.q@example.org"}


class Lines:
    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything any logger says, down to DEBUG, as production would write it."""
    taken = Lines()
    handler = logging.StreamHandler(taken.stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield taken
    root.setLevel(level)
    root.removeHandler(handler)


def play(met: School) -> set[str]:
    """A student's way from a wrong password to the first day; what must not be in the logs."""
    student = met.student(**NAMES, password=PASSWORD)
    teacher = met.person("teacher", given_name="Thaddeus", family_name="Okonkwo")
    offer = met.opportunity()
    browser = Client(SERVER_NAME=met.host)
    browser.post("/sign-in/", {"username": student.email, "password": "guessed wrongly"})
    browser.post("/sign-in/", {"username": student.email, "password": PASSWORD})
    browser.get("/", {"q": "a place for Esperanza"})
    browser.post("/forgotten/", {"email": student.email})
    browser.get(f"/listings/{offer.id}/")
    browser.post(f"/listings/{offer.id}/request/")
    placement = met.placement(
        met.opportunity().id, student=student, teacher=teacher, state="start_requested"
    )
    with met:
        secret = Notice.objects.filter(kind="start_requested").latest("created_at").secret
        forgotten = Notice.objects.filter(kind="forgotten").values_list("secret", flat=True)
        secrets = {secret, *forgotten} - {""}
    browser.get(f"/start/{secret}/")
    browser.post(f"/start/{secret}/", {"decision": "approve"})
    tap = {"key": str(uuid.uuid4()), "placement": str(placement.id), "kind": "in"}
    browser.post(
        "/check-in/events/", {**tap, "user": str(student.id)}, content_type="application/json"
    )
    with met:
        _token, token = make_token(person=met.coordinator(), name="Quimby's", access="read")
    browser.get("/api/v1/listings/", headers={"Authorization": f"Bearer {token}"})
    browser.get("/Esperanza/Quimby/")
    run_due(region="bronx")
    session = browser.cookies["portico_session"].value
    people = {"Esperanza", "Quimby", "esperanza", "Okonkwo", "Rosa", "rosa@"}
    return {*people, *secrets, "guessed", PASSWORD, token, session}


def test_a_played_story_leaves_no_name_address_or_secret(met: School, lines: Lines) -> None:
    secrets = play(met)
    assert len(secrets) >= 11
    assert [word for word in secrets if word in lines.text] == []
    routes = {line.get("route") for line in lines.all}
    assert {"sign-in", "find", "start-link", "check-in-events", "none"} <= routes
    asked = [line for line in lines.all if line["logger"] == "portico.telemetry.requests"]
    assert {line["tenant"] for line in asked} == {"bronx__met"}
    assert len({line["request_id"] for line in asked}) == len(asked)


def test_an_error_says_where_and_what_kind_but_not_with_what(met: School, lines: Lines) -> None:
    """PostgreSQL quotes the row that is there twice; Python the text that is no number."""
    student = met.student(**NAMES)
    with met, pytest.raises(IntegrityError) as twice:
        Person.objects.create(**NAMES)
    assert "esperanza.q@example.org" in str(twice.value)
    try:
        try:
            int(student.family_name)
        except ValueError:
            raise twice.value  # noqa: B904
    except IntegrityError:
        logging.getLogger("portico.test").exception("failed for %s", twice.value)
    (line,) = [line for line in lines.all if line["logger"] == "portico.test"]
    assert line["message"] == "failed for IntegrityError"
    types = [error["type"] for error in line["error"]]
    assert types[0] == "django.db.utils.IntegrityError"
    assert any(error.get("sqlstate") == "23505" for error in line["error"])
    assert "test_json_lines.py" in line["error"][0]["trace"][0]
    assert "Quimby" not in json.dumps(line)
    assert "esperanza" not in json.dumps(line)


def test_a_page_that_breaks_is_told_by_its_route_and_request(
    met: School, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**anything: object) -> None:
        raise RuntimeError("Esperanza Quimby at esperanza.q@example.org")

    student = met.student(**NAMES)
    monkeypatch.setattr("portico.web.account.views.send_password_link", broken)
    browser = Client(SERVER_NAME=met.host, raise_request_exception=False)
    answer = browser.post(
        "/forgotten/", {"email": student.email}, headers={"X-Request-ID": "a-proxys-own-id"}
    )
    assert answer.status_code == 500
    assert answer["X-Request-ID"] == "a-proxys-own-id"
    (fault,) = [line for line in lines.all if "error" in line]
    assert fault["message"] == "Internal Server Error"
    assert fault["request_id"] == "a-proxys-own-id"
    assert fault["error"][0]["type"] == "builtins.RuntimeError"
    assert fault["error"][0]["trace"][-1].endswith(" broken")
    (told,) = [line for line in lines.all if line.get("route") == "forgotten"]
    assert (told["status"], told["request_id"]) == (500, "a-proxys-own-id")
    assert "quimby" not in lines.text.lower()
    assert "esperanza" not in lines.text.lower()


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g h", "x" * 65, "né-hors-ascii"])
def test_what_is_no_id_is_not_taken_over(met: School, given: str) -> None:
    answer = met.client().get("/sign-in/", headers={"X-Request-ID": given})
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32
