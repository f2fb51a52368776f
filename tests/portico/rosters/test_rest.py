"""A OneRoster 1.2 service, asked over real HTTP, gives what its zip would."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from portico import cli
from portico.accounts.models import Person
from portico.rosters.http import ServiceError
from portico.rosters.oneroster import read_oneroster
from portico.rosters.rest import download, read_service
from tests.portico.rosters.exports import small_school
from tests.portico.rosters.service import Service, met_service, running
from tests.world import School

TODAY = datetime.date(2026, 11, 24)


def fetched(service: Service, folder: Path) -> Any:
    described = folder / "oneroster.toml"
    described.write_text(service.toml())
    path = folder / "fetched.zip"
    download(read_service(described), path)
    return read_oneroster(path, today=TODAY)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"most": 1},
        {"most": 500},
        {"tells_total": False},
        {"busy": 2},
        {"stale_after": 3},
    ],
)
def test_it_says_what_the_files_say(options: dict[str, Any], tmp_path: Path) -> None:
    with running(met_service(**options)) as service:
        online = fetched(service, tmp_path)
    offline = read_oneroster(small_school("1.2").write(tmp_path), today=TODAY)
    assert online.complete
    assert online.orgs == offline.orgs
    assert online.sessions == offline.sessions
    assert online.teachers == offline.teachers
    facts = ("id", "given_name", "family_name", "email", "grade", "roles")
    assert sorted(
        [getattr(one, fact) for fact in facts] for one in online.members["o-met"]
    ) == sorted([getattr(one, fact) for fact in facts] for one in offline.members["o-met"])


def test_concentrators_are_in_its_metadata(tmp_path: Path) -> None:
    service = met_service()
    service.collections["users"][1]["metadata"] = {"cteConcentrator": True}
    service.collections["users"][2]["metadata"] = {"cteConcentrator": "false", "bus": "4"}
    with running(service):
        found = fetched(service, tmp_path)
    marks = {one.given_name: one.concentrator for one in found.members["o-met"]}
    assert marks == {"Dana": None, "Luz": True, "Kofi": False}


def test_records_that_shift_while_they_are_read_come_once(tmp_path: Path) -> None:
    service = met_service()
    service.collections["users"].append(dict(service.collections["users"][0]))
    with running(service):
        assert len(fetched(service, tmp_path).members["o-met"]) == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"client_id": "somebody"}, "401"),
        ({"secret": "wrong"}, "/token: 401"),
        ({"redirect": "https://elsewhere.example.org/"}, "302"),
        ({"stale_after": 0}, "orgs?limit=500&offset=0&sort=sourcedId: 401"),
        ({"collections": {"orgs": []}}, "academicSessions?limit=500&offset=0&sort=sourcedId: 404"),
    ],
)
def test_what_the_service_answers_is_said_and_no_secret(
    options: dict[str, Any], said: str, tmp_path: Path
) -> None:
    service = met_service()
    for name, value in options.items():
        setattr(service, name, value)
    with running(service), pytest.raises(ServiceError) as caught:
        fetched(service, tmp_path)
    assert said in str(caught.value)
    assert service.secret not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base_url = 'x'", "missing 3 required"),
        ("base_url = ", "oneroster.toml: Invalid value"),
        (
            """base_url='http://sis.example.org'
            token_url='https://sis.example.org/t'
            client_id='a'
            client_secret='b'""",
            "http://sis.example.org is not https",
        ),
    ],
)
def test_a_description_that_is_no_good(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "oneroster.toml"
    path.write_text(text)
    with pytest.raises(ServiceError, match=r"oneroster\.toml") as caught:
        read_service(path)
    assert said in str(caught.value)


@pytest.mark.usefixtures("schools_as_they_were")
def test_the_command_takes_a_description(tmp_path: Path, met: School) -> None:
    with running(met_service()) as service:
        path = tmp_path / "oneroster.toml"
        path.write_text(service.toml())
        arguments = ["roster", str(path), "--region", "bronx", "--school", "met"]
        assert cli.run(arguments) == 0
        with met:
            assert Person.objects.filter(roles=["student"]).count() == 2
        service.secret = "changed"
        path.write_text(service.toml())
        assert cli.run(arguments) == 1
