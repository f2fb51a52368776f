"""History is sealed: what is changed, removed or slipped in is named."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from portico import cli
from portico.audit.actions import record
from portico.audit.models import Entry
from portico.audit.sealing import GAPS_CLOSE_AFTER, SEAL, seal_history, verify_history
from portico.due.models import DueWork
from portico.due.runner import run_due
from tenants.context import OWNER, tenant_context
from tenants.ids import new_id
from tests.portico.audit.told import tell_history

SOON = timedelta(seconds=61)


def _worker_comes(later: timedelta) -> None:
    with time_machine.travel(timezone.now() + later, tick=False):
        run_due(region="bronx")


def _spoil(statement: str) -> None:
    """As somebody with the owner's password could."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SET search_path = bronx__met; {statement}; RESET search_path")


@pytest.fixture
def sealed(committed_db, met):
    """Three seals over a dozen entries."""
    person = met.person("coordinator")
    for _ in range(3):
        with met:
            for number in range(4):
                tell_history(person, number)
            seal_history(subject_id=new_id())
    return met


def test_every_act_is_sealed_within_a_minute_and_then_there_is_nothing_to_do(committed_db, met):
    person = met.person("coordinator")
    with met:
        for number in range(4):
            tell_history(person, number)
    with tenant_context("bronx"):
        assert DueWork.objects.filter(kind=SEAL).count() == 1
    for visit in range(1, 4):
        _worker_comes(visit * 2 * SOON)
        with met:
            verdict = verify_history()
            assert (verdict.faults, verdict.seals) == ([], 1)
            assert verdict.unsealed == 1  # the seal itself, until the next
    with tenant_context("bronx"):
        assert not DueWork.objects.filter(kind=SEAL).exists()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_entry SET actor_label = 'Nobody' WHERE id = {id}", "entry {id} was changed"),
        (
            "UPDATE audit_entry SET at = at - interval '1 second' WHERE id = {id}",
            "entry {id} was changed",
        ),
        ("UPDATE audit_entry SET after = '{{}}' WHERE id = {id}", "entry {id} was changed"),
        ("DELETE FROM audit_entry WHERE id = {id}", "entry {id} is missing"),
        (
            (
                "UPDATE audit_entry SET id = 900000 WHERE id = {id};"
                "UPDATE audit_entry SET id = {id} WHERE id = {id} + 1;"
                "UPDATE audit_entry SET id = {id} + 1 WHERE id = 900000"
            ),
            "entry {id} was changed",
        ),
        (
            "UPDATE audit_entry SET id = 0 WHERE id = {id}",
            "entry 0 was slipped in",
        ),
        (
            (
                "DELETE FROM audit_entry WHERE action = 'sealed' AND id ="
                " (SELECT min(id) FROM audit_entry WHERE action = 'sealed')"
            ),
            "is missing",
        ),
        (
            (
                "UPDATE audit_entry SET after = jsonb_set(after, '{{rows}}', '[]')"
                " WHERE id = (SELECT min(id) FROM audit_entry WHERE action = 'sealed')"
            ),
            "was changed",
        ),
    ],
)
def test_what_was_spoilt_is_named(sealed, statement, found):
    with sealed:
        number = Entry.objects.filter(action="thing_done").order_by("id")[2].id
    _spoil(statement.format(id=number))
    with sealed:
        faults = verify_history().faults
    assert any(found.format(id=number) in fault for fault in faults), faults


def test_the_command_says_so_and_a_kept_head_shows_a_chain_made_anew(sealed, capsys):
    with sealed:
        head = verify_history().head
    assert cli.run(["audit", "verify", "--school", "bronx__met", "--head", head]) == 0
    assert head in capsys.readouterr().out
    _spoil("DELETE FROM audit_entry WHERE action = 'sealed'")
    _spoil("UPDATE audit_entry SET actor_label = 'Nobody'")
    with sealed:
        seal_history(subject_id=new_id())
    assert cli.run(["audit", "verify", "--region", "bronx"]) == 0  # from inside it looks whole
    assert cli.run(["audit", "verify", "--head", head]) == 1
    assert "not part of any chain" in capsys.readouterr().out
    assert cli.run(["audit", "verify", "--school", "bronx__nowhere"]) == 1


def test_an_act_that_commits_late_is_sealed_late(committed_db, met):
    """Its number is older than the seal's, because it began before and ended after."""
    person = met.person("coordinator")
    has_written, may_commit = threading.Event(), threading.Event()

    def slow_act() -> None:
        with tenant_context(met.schema):
            tell_history(person, 1)
            has_written.set()
            may_commit.wait()
        connections["default"].close()

    slow = threading.Thread(target=slow_act)
    slow.start()
    has_written.wait()
    with met:
        tell_history(person, 2)
        seal_history(subject_id=new_id())
    may_commit.set()
    slow.join()
    with met:
        assert (verify_history().faults, verify_history().unsealed) == ([], 2)
        seal_history(subject_id=new_id())
        assert (verify_history().faults, verify_history().unsealed) == ([], 1)
        # the same number, much later, is no act of that time
        gap = Entry.objects.order_by("-id").first().id + 1
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT nextval('bronx__met.audit_entry_id_seq')")
    with met:
        tell_history(person, 3)
        seal_history(subject_id=new_id())
    with (
        time_machine.travel(timezone.now() + GAPS_CLOSE_AFTER + SOON),
        met,
    ):
        Entry.objects.create(
            id=gap, at=timezone.now(), actor_label="forger", action="x", subject_id="1"
        )
        assert verify_history().faults == [f"entry {gap} was slipped in"]


def test_acts_at_once_do_not_wait_for_each_others_seal(committed_db, met):
    """Two open transactions, each with history: neither waits for the other to end."""
    person = met.person("coordinator")
    both_wrote = threading.Barrier(3, timeout=10)

    def act(number: int) -> None:
        with tenant_context(met.schema):
            tell_history(person, number)
            both_wrote.wait()  # broken after ten seconds if one waits for the other
        connections["default"].close()

    actors = [threading.Thread(target=act, args=(number,)) for number in range(2)]
    for actor in actors:
        actor.start()
    both_wrote.wait()
    for actor in actors:
        actor.join()
    _worker_comes(SOON)
    with met:
        assert verify_history().faults == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_label = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TABLE audit_entry",
    ],
)
@pytest.mark.parametrize("world", ["met", "bronx"])
def test_the_database_refuses_to_change_history(request, world, statement):
    world = request.getfixturevalue(world)
    person = world.person("coordinator")
    with world:
        record(action="thing_done", subject=person, actor=person)
    with world, pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute(statement)
