"""Valkey stopped, or hanging: people sign in, stay signed in and act all the same."""

import os
import signal
import time

import pytest
import redis

from portico import embedded
from portico.internships.models import Placement
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


def _use(settings, url: str) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": url}}


@pytest.fixture(params=["stopped", "hanging"])
def no_valkey(request, settings, tmp_path):
    with embedded.valkey(tmp_path / "valkey") as url:
        process = int(redis.Redis.from_url(url).info("server")["process_id"])
        if request.param == "hanging":
            os.kill(process, signal.SIGSTOP)
            _use(settings, url)
            yield
            os.kill(process, signal.SIGCONT)
            return
    _use(settings, url)
    yield


def test_people_sign_in_and_do_their_work(no_valkey, met):
    student = met.student(password=PASSWORD)
    offer = met.opportunity()
    client = met.client()
    began = time.monotonic()
    wrong = client.post("/sign-in/", {"username": student.email, "password": "wrong"})
    assert wrong.status_code == 200
    right = client.post("/sign-in/", {"username": student.email, "password": PASSWORD})
    assert (right.status_code, right.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    assert client.post(f"/listings/{offer.id}/request/").status_code == 302
    assert client.post("/forgotten/", {"email": student.email}).status_code == 200
    assert time.monotonic() - began < 15
    with met:
        assert Placement.objects.get().student_id == student.id


def test_a_session_outlives_valkey(no_valkey, met):
    client = met.client(met.coordinator())
    assert client.get("/coordinator/").status_code == 200
