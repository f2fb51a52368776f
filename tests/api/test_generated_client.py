"""A client generated from the OpenAPI document plays the story, over HTTP, end to end.

An operation the generator cannot read it leaves out, and the test fails.
"""

import datetime
import importlib
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core import mail
from django.utils import timezone

from api.views.reference import describe
from portico.accounts.tokens import make_token
from portico.due.runner import run_due
from portico.reports.rollups import rebuild_rollups
from tests.conftest import Site
from tests.world import Region, School

PACKAGE = "portico_client"


class GeneratedClient:
    """The generated package as one person's program: `alice.call("sites", "list", size=5)`."""

    def __init__(self, site: Site, world: Any, person: Any) -> None:
        with world:
            secret = make_token(person=person, name="a script", access="write")[1]
        client = importlib.import_module(f"{PACKAGE}.client")
        self.client = client.AuthenticatedClient(
            base_url=f"http://127.0.0.1:{site.port}",
            token=secret,
            headers={"Host": world.host},  # the host's name need not resolve where tests run
            raise_on_unexpected_status=True,
        )

    def call(self, kind: str, act: str, *args: Any, **given: Any) -> Any:
        """The parsed answer; what the description does not know raises."""
        operation = f"{kind.replace('-', '_')}_{act}"
        module = importlib.import_module(f"{PACKAGE}.api.{kind.replace('-', '_')}.{operation}")
        return module.sync(*args, client=self.client, **given)


def model(name: str) -> Any:
    return getattr(importlib.import_module(f"{PACKAGE}.models"), name)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The client, generated and importable."""
    description = tmp_path / "openapi.json"
    description.write_text(json.dumps(describe()))
    generator = Path(sys.executable).with_name("openapi-python-client")
    into = ("--meta", "none", "--output-path", tmp_path / PACKAGE)
    said = subprocess.run(
        [generator, "generate", "--path", description, *into],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    words = said.stdout + said.stderr
    assert said.returncode == 0, words
    # files in other formats than text it leaves to the program: the answer's bytes are there
    assert "will not be generated" not in words, words
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_the_story(site: Site, package: None, met: School, academy: School, bronx: Region) -> None:
    teacher = academy.person("teacher", given_name="Tess")
    student = academy.student(teacher=teacher)
    offer = met.opportunity(title="Urban Farm Apprentice", capacity=2)
    alice = GeneratedClient(site, met, met.coordinator())
    charlie = GeneratedClient(site, academy, academy.coordinator())
    tess = GeneratedClient(site, academy, teacher)
    sam = GeneratedClient(site, academy, student)
    dana = GeneratedClient(site, bronx, bronx.person("district_admin"))

    # a school releases what it cannot fill; a student of another finds and requests it
    released = alice.call("opportunities", "release", offer.id, body=model("ReleaseTerms")(slots=2))
    assert released.opportunity.released == 2
    found = sam.call("listings", "list", words="farm")
    assert [one.id for one in found.results] == [released.listing]
    assert found.results[0].origin_name == "The Met High School"
    asked = model("PlacementRequest")(listing=released.listing, message="I like plants.")
    request = [sam.call("placements", "create", body=asked, idempotency_key="k") for _ in range(2)]
    assert request[0] == request[1]
    placement = request[0]
    assert placement.contact is None

    # approved, the mentor's contact shows; the teacher lets the student start
    (case,) = charlie.call("worklist", "list").results
    assert (case.key, case.effect.first_time) == (placement.id, True)
    assert charlie.call("placements", "approve", placement.id).state == "pursuing"
    assert sam.call("placements", "retrieve", placement.id).contact.email == "rosa@example.com"
    assert sam.call("placements", "request_start", placement.id, body=start()).actions == [
        "withdraw"
    ]
    assert tess.call(
        "placements", "approve_start", placement.id, body=model("Despite")()
    ).state == ("active")

    # a day at the site, from a phone that had no network
    now = timezone.now()
    came, left = now - datetime.timedelta(hours=3), now - datetime.timedelta(hours=1)
    taps = [
        tap(placement.id, "in", came, goals=["Water the beds"]),
        tap(placement.id, "out", left, done=[0], pulse=5),
    ]
    answers = [sam.call("check-in", "create", body=one) for one in taps + taps]
    assert answers[:2] == answers[2:], "sent twice, it is one day"
    (day,) = tess.call("days", "list", placement=placement.id).results
    assert (day.minutes, day.standing, day.counts) == (120, "unconfirmed", False)
    assert day.goals[0].done is True

    # the mentor, who has no account, confirms by the link in an e-mail
    run_due(region="bronx")
    (letter,) = [one.body for one in mail.outbox if one.to == ["rosa@example.com"]]
    confirmed = httpx.post(
        f"http://127.0.0.1:{site.port}{re.search(r'/mentor/[^/]+/', letter)[0]}",
        data={"act": "all"},
        headers={"Host": academy.host},
    )
    assert confirmed.status_code == 302
    hours = sam.call("hours", "retrieve", placement.id)
    assert (hours.totals.confirmed, hours.totals.counted) == (120, 120)
    assert hours.weeks[-1].counted_so_far == 120

    # the district sees what was shared and filled, and never a person
    rebuild_rollups(region="bronx")
    (flow,) = dana.call("flows", "retrieve").from_schools
    assert (flow.origin, flow.released, flow.in_use, flow.filled) == ("met", 2, 1, 1)
    assert [(use.school.code, use.filled) for use in flow.users] == [("academy", 1)]
    overview = dana.call("overview", "retrieve")
    assert (overview.released, overview.pool.in_use) == (2, 1)
    assert overview.students is None, "one student is too few to show"
    assert student.family_name not in json.dumps(overview.to_dict())

    # what is wrong is a problem document, parsed too
    again = charlie.call("placements", "approve", placement.id)
    assert (again.status, again.code) == (409, "wrong_state")


def start() -> Any:
    """From today on, on another day of the week: the mentor's mail need not wait for the day."""
    today = timezone.localdate()
    tomorrow = today + datetime.timedelta(days=1)
    return model("StartTerms")(
        starts_on=today,
        ends_on=today + datetime.timedelta(days=90),
        days=[model("Weekday")(tomorrow.isoweekday())],
        start_time="09:00",
        end_time="14:30",
        goals=["Learn to greet visitors"],
    )


def tap(placement: uuid.UUID, kind: str, at: datetime.datetime, **more: Any) -> Any:
    return model("TapTerms")(
        key=uuid.uuid4(), placement=placement, kind=model("TapKind")(kind), client_time=at, **more
    )
