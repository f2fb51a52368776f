"""The outbox and a real mail server: at least once, the same Message-ID, backing off."""

import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connections, transaction
from django.utils import timezone

from portico.due.models import DueWork
from portico.due.runner import _take, run_due
from portico.internships import actions
from portico.internships.models import Placement
from portico.internships.states import State
from portico.notices.actions import mark_read, send_again, tell
from portico.notices.delivery import MOST_ATTEMPTS, deliver_notice
from portico.notices.models import Notice
from tenants.context import tenant_context
from tests.mailserver import MailServer, SilentServer

HALF_A_MINUTE = timedelta(seconds=31)


@pytest.fixture
def server(settings):
    with MailServer() as server:
        server.use(settings)
        yield server


def _write(school, count: int = 1) -> list[Notice]:
    person = school.student()
    with school:
        return [
            tell(
                kind="owner_refused",
                person=person,
                data={"title": "T", "origin": "O", "reason": "R"},
            )
            for _ in range(count)
        ]


def _again(notice: Notice, school) -> Notice:
    with school:
        notice.refresh_from_db()
    return notice


@pytest.mark.django_db
def test_a_mail_goes_once_however_often_the_worker_looks(server, met):
    (notice,) = _write(met)
    assert run_due(region="bronx") == 1
    assert run_due(region="bronx") == 0
    assert server.ids == [f"<{notice.id}@localhost>"]
    assert server.mails[0]["To"] == notice.email
    assert _again(notice, met).state == Notice.State.SENT


@pytest.mark.django_db
def test_a_server_gone_after_the_mail_gets_it_again_with_the_same_id(server, met):
    (notice,) = _write(met)
    server.fault = "drop"
    run_due(region="bronx")
    assert _again(notice, met).state == Notice.State.WAITING
    server.fault = ""
    assert run_due(region="bronx") == 0  # not before its time
    with time_machine.travel(timezone.now() + HALF_A_MINUTE):
        run_due(region="bronx")
    assert server.ids == [f"<{notice.id}@localhost>"] * 2
    assert _again(notice, met).state == Notice.State.SENT


@pytest.mark.django_db
def test_a_worker_killed_before_it_noted_the_yes_sends_again(server, met):
    (notice,) = _write(met)
    with met:
        deliver_notice(subject_id=notice.id)
        transaction.set_rollback(True)
    run_due(region="bronx")
    assert server.ids == [f"<{notice.id}@localhost>"] * 2
    assert _again(notice, met).attempts == 1


@pytest.mark.django_db
def test_a_server_that_hangs_costs_one_wait_a_run_and_holds_up_nothing_else(
    settings, met, academy, bronx
):
    with time_machine.travel(timezone.now() - timedelta(days=15), tick=False):
        placement = met.placement(met.opportunity().id, state="pursuing")
    notices = [*_write(met, 10), *_write(academy, 10)]
    with SilentServer() as silent:
        silent.use(settings, timeout=0.3)
        began = time.monotonic()
        run_due(region="bronx")
        assert time.monotonic() - began < 3  # twenty waits would be six seconds
    with met:
        placement.refresh_from_db()
        assert placement.state == State.EXPIRED
        tried = list(Notice.objects.filter(attempts__gt=0))
        assert [(one.state, one.last_error) for one in tried] == [
            ("waiting", "SMTPServerDisconnected")
        ]
    with MailServer() as server:
        server.use(settings)
        with time_machine.travel(timezone.now() + HALF_A_MINUTE):
            run_due(region="bronx")
        assert {f"<{notice.id}@localhost>" for notice in notices} <= set(server.ids)
        assert len(server.ids) == len(set(server.ids))


@pytest.mark.django_db
def test_a_server_out_of_reach_is_tried_for_a_day_with_growing_pauses(settings, met):
    with MailServer() as server:
        server.use(settings)  # stopped again: nobody listens at its port
    (notice,) = _write(met)
    pauses = []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        now = timezone.now()
        with met:
            outcome = deliver_notice(subject_id=notice.id)
        if attempt < MOST_ATTEMPTS:
            pauses.append(round((outcome.until - now).total_seconds()))
    assert pauses[:6] == [30, 60, 120, 240, 480, 900]
    assert 20 * 3600 < sum(pauses) < 30 * 3600
    assert outcome is None
    assert _again(notice, met).state == Notice.State.FAILED
    assert notice.last_error == "ConnectionRefusedError"


@pytest.mark.django_db
def test_an_address_nobody_has_is_given_up_at_once_and_the_others_go(server, met):
    lost, found = *_write(met), *_write(met)
    server.refused.add(lost.email)
    run_due(region="bronx")
    assert _again(lost, met).state == Notice.State.FAILED
    assert lost.last_error == "SMTPRecipientsRefused 550"
    assert _again(found, met).state == Notice.State.SENT
    server.refused.clear()
    with met:
        assert send_again(notice_id=lost.id)
        assert not send_again(notice_id=lost.id)  # a second click
    run_due(region="bronx")
    assert _again(lost, met).state == Notice.State.SENT


@pytest.mark.django_db
def test_not_now_is_not_never_and_about_one_mail_only(server, met):
    notices = _write(met, 3)
    server.fault = "later"
    run_due(region="bronx")
    with met:
        waiting = Notice.objects.filter(state=Notice.State.WAITING, attempts=1)
        assert waiting.count() == len(notices)


@pytest.mark.django_db
def test_a_notice_that_cannot_be_written_is_given_up_and_told(server, met):
    person = met.student()
    with met:
        broken = tell(kind="owner_refused", person=person, data={})
    (fine,) = _write(met)
    run_due(region="bronx")
    assert _again(broken, met).state == Notice.State.FAILED
    assert broken.last_error == "NotWritten KeyError"
    assert _again(fine, met).state == Notice.State.SENT


def test_two_workers_at_once_send_each_mail_once(committed_db, server, met, academy):
    notices = [*_write(met, 15), *_write(academy, 15)]
    gate = threading.Barrier(3)

    def work() -> None:
        gate.wait()
        run_due(region="bronx")
        connections["default"].close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(server.ids) == sorted(f"<{notice.id}@localhost>" for notice in notices)


def test_nobody_waits_to_read_while_the_mail_server_hangs(committed_db, settings, met):
    (notice,) = _write(met)
    with SilentServer() as silent:
        silent.use(settings, timeout=4)

        def work() -> None:
            run_due(region="bronx")
            connections["default"].close()

        worker = threading.Thread(target=work)
        worker.start()
        _wait_until(lambda: _is_taken(notice))
        began = time.monotonic()
        with met:
            assert mark_read(person=notice.person) == 1
        assert time.monotonic() - began < 2
        worker.join()
    assert _again(notice, met).read_at is not None
    assert notice.state == Notice.State.WAITING


def _is_taken(notice: Notice) -> bool:
    """Whether a worker has the notice's due work."""
    with tenant_context("bronx"):
        work = DueWork.objects.get(subject_id=notice.id)
        return not _take(work.id)


def _wait_until(happened, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.mark.django_db
def test_every_placement_notice_is_written_with_the_act_or_not_at_all(met):
    alice = met.coordinator()
    placement = met.placement(met.opportunity().id)
    with met:
        actions.approve_request(placement_id=placement.id, actor=alice)
        transaction.set_rollback(True)
    with met:
        assert Placement.objects.get(id=placement.id).state == State.REQUESTED
        assert not Notice.objects.filter(kind="request_approved").exists()
