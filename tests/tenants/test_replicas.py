"""Pages, the API and jobs read from a real standby: what one wrote one sees, walls hold there.

One pair of servers for all of it. While the standby is paused, whoever reads from it sees the
past, which tells who was asked.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import psycopg
import pytest
from django.db import InternalError, ProgrammingError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver

from catalog.models import MissedSearch
from portico.accounts.models import Person
from portico.accounts.tokens import make_token
from portico.reports.exports import tables_here
from portico.reports.exports.runs import DONE, Run, file_run, find_run, make_file
from portico.web.student.views import find
from tenants import replicas
from tenants.lsn import Lsn
from tenants.own_writes import COOKIE
from tenants.provisioning.replication import inspect_replicas
from tests.standby import REPLICA, Outcomes, Pair, until
from tests.world import Region, School

EVERYTHING = Lsn(0)  # has been replayed: nothing is asked for


# --- what one wrote one sees --------------------------------------------------------------


def test_who_wrote_reads_the_primary_until_it_is_replayed(
    standby: Pair, met: School, academy: School
) -> None:
    offer = met.opportunity(title="Glass Blower", capacity=3)
    alice, charlie = met.client(met.coordinator()), academy.client(academy.student())
    standby.catch_up()
    standby.pause()
    outcomes = Outcomes()
    done = alice.post(f"/coordinator/opportunities/{offer.id}/release/", {"slots": "2"})
    assert done.status_code == 302
    assert COOKIE in alice.cookies
    assert "Glass Blower" in alice.get("/coordinator/pool/").content.decode()
    assert outcomes.since == {"behind": 1}
    assert "Glass Blower" not in charlie.get("/").content.decode()  # a moment late
    assert outcomes.since == {"behind": 1, "replica": 1}
    standby.resume()
    standby.catch_up()
    assert "Glass Blower" in charlie.get("/").content.decode()
    assert "Glass Blower" in alice.get("/coordinator/pool/").content.decode()
    assert outcomes.since == {"behind": 1, "replica": 3}


def _with_token(world: School, person: Person) -> Client:
    with world:
        _token, secret = make_token(person=person, name="Test", access="write")
    return Client(SERVER_NAME=world.host, headers={"Authorization": f"Bearer {secret}"})


def test_a_programs_writes_are_known_by_its_token(standby: Pair, met: School) -> None:
    offer, student = met.opportunity(title="Bee Keeper"), met.student()
    writer, other = _with_token(met, student), _with_token(met, student)
    standby.catch_up()
    for program in (writer, other):  # the first use of a token in a minute is a write
        assert program.get("/api/v1/favorites/").json()["results"] == []
    standby.catch_up()
    standby.pause()
    outcomes = Outcomes()
    assert writer.put(f"/api/v1/favorites/{offer.id}/").status_code == 204
    assert len(writer.get("/api/v1/favorites/").json()["results"]) == 1
    assert other.get("/api/v1/favorites/").json()["results"] == []
    assert outcomes.since == {"behind": 1, "replica": 1}


def test_without_valkey_programs_read_the_primary(
    standby: Pair, met: School, settings: Any
) -> None:
    program = _with_token(met, met.student())
    standby.catch_up()
    nowhere = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": nowhere}
    outcomes = Outcomes()
    assert program.get("/api/v1/listings/").status_code == 200
    assert outcomes.since == {}


# --- one page, one server -----------------------------------------------------------------


def _asked_of_primary(captured: CaptureQueriesContext) -> list[str]:
    """But for where the log stands, which a process asks now and then."""
    return [one["sql"] for one in captured.captured_queries if "pg_current_wal" not in one["sql"]]


def test_a_search_is_read_at_the_replica_alone(standby: Pair, met: School) -> None:
    met.opportunity(title="Glass Blower")
    browser = met.client(met.student())
    browser.get("/sign-in/")  # this process knows the host from here on
    standby.catch_up()
    outcomes = Outcomes()
    with CaptureQueriesContext(connections["default"]) as at_primary:
        page = browser.get("/")
    assert "Glass Blower" in page.content.decode()
    assert outcomes.since == {"replica": 1}
    assert _asked_of_primary(at_primary) == []
    assert COOKIE not in browser.cookies


def test_a_vain_search_is_counted_by_the_primary(standby: Pair, met: School) -> None:
    browser = met.client(met.student())
    standby.catch_up()
    outcomes = Outcomes()
    assert browser.get("/?q=xylophonist").status_code == 200
    assert outcomes.since == {"replica": 1}
    assert COOKIE in browser.cookies  # it was a write
    with met:
        assert MissedSearch.objects.get(words="xylophonist").count == 1


def test_a_message_is_shown_once(standby: Pair, met: School) -> None:
    browser = met.client(met.coordinator())
    offer = met.opportunity(title="Glass Blower", capacity=3)
    browser.post(f"/coordinator/opportunities/{offer.id}/release/", {"slots": "2"})
    standby.catch_up()
    outcomes = Outcomes()
    said = "2 slots are in the pool."
    assert said in browser.get("/coordinator/pool/").content.decode()
    standby.catch_up()
    assert said not in browser.get("/coordinator/pool/").content.decode()
    assert outcomes.since == {"replica": 2}


def _declared(kind: str) -> Iterator[tuple[str, str]]:
    """Name and path of every address that says it may be read from a replica."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, prefix + str(one.pattern))
            elif "get" in getattr(one.callback, "actions", {"get": ""}):
                view = getattr(one.callback, "cls", one.callback)
                if getattr(view, "reads_replica", False):
                    yield one.name or "", f"/{prefix}{one.pattern}"

    yield from walk(get_resolver(f"portico.web.urls_{kind}").url_patterns, "")


# API: of the other kind of host; needs a run in the cache, and a file.
NOT_HERE = {"school": {"api-overview", "api-compare", "api-flows", "api-partner-numbers",
                       "api-schools-detail", "api-pool-list", "api-pool-detail"},
            "region": {"api-board", "api-fairness", "api-demand", "api-asset-map",
                       "api-work-based-learning", "api-listings-list", "api-listings-detail",
                       "api-favorites-list", "api-favorites-detail"}}  # fmt: skip
OF_A_RUN = {"api-exports-detail", "api-exports-file"}
OF_STUDENTS = {"find", "api-favorites-list", "api-favorites-detail"}
OF_PARTNERS = {"partner-numbers", "api-partner-numbers"}


def test_whatever_is_declared_is_read_at_the_replica_alone(
    standby: Pair, met: School, academy: School, bronx: Region
) -> None:
    offer, given = met.opportunity(capacity=2), academy.opportunity(capacity=2)
    listing = academy.release(given)
    met.placement(offer.id, state="active")
    staff = bronx.client(bronx.partner_staff())
    by_kind: dict[str, tuple[Client, set[str], Client]] = {
        "school": (met.client(met.student()), OF_STUDENTS, met.client(met.coordinator())),
        "region": (staff, OF_PARTNERS, bronx.client(bronx.person("district_admin"))),
    }
    standby.catch_up()
    for kind, (few, of_few, most) in by_kind.items():
        few.get("/sign-in/"), most.get("/sign-in/")
        asked = 0
        for name, path in _declared(kind):
            if name in NOT_HERE[kind] | OF_A_RUN:
                continue
            path = path.replace("<str:pk>", "met").replace("<uuid:pk>", str(listing))
            path += "?a=met&b=academy" if name == "api-compare" else ""
            outcomes = Outcomes()
            with CaptureQueriesContext(connections["default"]) as at_primary:
                answer = (few if name in of_few else most).get(path)
            assert (answer.status_code, outcomes.since) == (200, {"replica": 1}), name
            assert _asked_of_primary(at_primary) == [], name
            asked += 1
        assert asked >= 12


# --- walls, and nothing written -----------------------------------------------------------


def test_the_wall_stands_at_the_replica(standby: Pair, met: School, academy: School) -> None:
    academy.student()
    with (
        replicas.replica_context(met.schema, using=REPLICA, replayed=EVERYTHING),
        connections[REPLICA].cursor() as cursor,
    ):
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (met.schema,)
        with pytest.raises(ProgrammingError, match="permission denied for schema"):
            cursor.execute("SELECT count(*) FROM bronx__academy.accounts_person")
    with replicas.replica_context(met.schema, using=REPLICA, replayed=EVERYTHING):
        assert not Person.objects.filter(grade__gt=99).exists()
        with pytest.raises(InternalError, match="read-only transaction"):
            Person.objects.update(grade=9)


def test_a_page_that_writes_all_the_same_is_answered_by_the_primary(
    standby: Pair, met: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(find, "writing_context", nullcontext)
    browser = met.client(met.student())
    standby.catch_up()
    outcomes = Outcomes()
    assert browser.get("/?q=balalaika").status_code == 200
    assert outcomes.since == {"wrote": 1}
    assert [one.levelname for one in caplog.records if "replica1: wrote" in one.message] == [
        "ERROR"
    ]
    with met:
        assert MissedSearch.objects.get(words="balalaika").count == 1


# --- behind, in conflict, away ------------------------------------------------------------


def test_one_that_lags_too_long_is_not_read(standby: Pair, met: School, settings: Any) -> None:
    browser = met.client(met.student())
    standby.catch_up()
    standby.pause()
    met.opportunity(title="Glass Blower Again")
    settings.REPLICA_MOST_LAG = 0
    outcomes = Outcomes()
    assert "Glass Blower Again" in browser.get("/").content.decode()
    assert outcomes.since == {"behind": 1}


def test_a_server_that_is_no_standby_is_not_read(standby: Pair, met: School) -> None:
    browser = met.client(met.student())
    facts = connections[REPLICA].settings_dict
    connections[REPLICA].close()
    port, facts["PORT"] = facts["PORT"], connections["default"].settings_dict["PORT"]
    outcomes = Outcomes()
    assert browser.get("/").status_code == 200
    assert outcomes.since == {"behind": 1}
    connections[REPLICA].close()
    facts["PORT"] = port


def test_what_recovery_breaks_off_is_asked_of_the_primary(
    standby: Pair, met: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL cancels a statement that holds up the log; here a lock the primary took."""
    browser = met.client(met.student())
    standby.catch_up()

    def lock_at_primary() -> None:
        until(
            lambda: standby.ask_standby(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            )
        )
        with psycopg.connect(standby.primary) as owner:
            owner.execute("LOCK TABLE bronx__met.catalog_site IN ACCESS EXCLUSIVE MODE")

    threads = []

    def placements_of(*, student: Person) -> list[Any]:
        if connections[REPLICA].in_atomic_block:
            threads.append(threading.Thread(target=lock_at_primary))
            threads[0].start()
            with connections[REPLICA].cursor() as cursor:
                cursor.execute("SELECT count(*) FROM catalog_site, pg_sleep(3600)")
        return []

    monkeypatch.setattr(find, "placements_of", placements_of)
    outcomes = Outcomes()
    assert browser.get("/").status_code == 200
    threads[0].join()
    assert outcomes.since == {"conflict": 1}
    monkeypatch.undo()
    standby.catch_up()
    assert browser.get("/").status_code == 200
    assert outcomes.since == {"conflict": 1, "replica": 1}


# --- jobs ---------------------------------------------------------------------------------


def _export(met: School) -> tuple[Person, Run]:
    alice = met.coordinator()
    with met:
        return alice, file_run(
            actor=alice, table=tables_here("school")["opportunities"], file_format="csv"
        )


def _made(met: School, alice: Person, run: Run) -> str:
    make_file(schema=met.schema, run_id=run.id)
    with met:
        found = find_run(run_id=uuid.UUID(run.id), person=alice)
    assert found is not None
    assert found.state == DONE
    return found.path.read_text()


def test_a_long_export_is_read_from_the_replica(
    standby: Pair, met: School, settings: Any, tmp_path: Any
) -> None:
    settings.EXPORT_DIR = str(tmp_path)
    met.opportunity(title="Taken Out")
    alice, run = _export(met)
    outcomes = Outcomes()
    assert "Taken Out" in _made(met, alice, run)  # it waits for what is committed
    assert outcomes.since == {"replica": 1}


def test_an_export_does_not_wait_for_ever(
    standby: Pair, met: School, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EXPORT_DIR = str(tmp_path)
    monkeypatch.setattr(replicas, "JOB_WAITS", 0.0)
    standby.pause()
    met.opportunity(title="Taken Out Late")
    alice, run = _export(met)
    outcomes = Outcomes()
    assert "Taken Out Late" in _made(met, alice, run)
    assert outcomes.since == {"behind": 1}


# --- how it is found ----------------------------------------------------------------------


def test_the_doctor_names_replicas(standby: Pair, met: School, settings: Any) -> None:
    standby.catch_up()
    (finding,) = inspect_replicas()
    assert finding.about.startswith("replica1 at 127.0.0.1:")
    assert finding.is_good
    settings.REPLICA_MOST_LAG = 0
    standby.pause()
    met.student()
    (finding,) = inspect_replicas()
    assert "more than REPLICA_MOST_LAG" in finding.off[0]


def test_one_that_dies_while_it_is_read_is_left_alone(
    pair: Pair, followed: None, met: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last test: there is no standby any more."""
    met.opportunity(title="Glass Blower at Last")
    browser = met.client(met.student())
    pair.catch_up()
    real, killed = find.placements_of, []

    def placements_of(*, student: Person) -> list[Any]:
        if not killed:
            killed.append(connections[REPLICA].in_atomic_block)
            pair.kill_standby()
        return real(student=student)

    monkeypatch.setattr(find, "placements_of", placements_of)
    outcomes = Outcomes()
    assert "Glass Blower at Last" in browser.get("/").content.decode()
    assert killed == [True]
    assert outcomes.since == {"away": 1}
    assert browser.get("/").status_code == 200  # it is not even asked
    assert outcomes.since == {"away": 1}
    replicas.forget()  # some seconds later
    assert browser.get("/").status_code == 200
    assert outcomes.since == {"away": 2}
    (finding,) = inspect_replicas()
    assert "refused" in finding.off[0]
