"""A mail goes within moments of the act; a dead broker is nobody's trouble."""

import time

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.db import transaction

import portico.celery
from portico.due import waking
from portico.notices.actions import tell
from portico.notices.models import Notice
from tests.mailserver import MailServer

DATA = {"title": "T", "origin": "O", "reason": "R"}


@pytest.fixture
def fresh_thread():
    waking._forget_after_fork()
    yield
    waking._forget_after_fork()


def test_a_worker_is_woken_by_the_commit(committed_db, settings, fresh_thread, met):
    person = met.student()
    portico.celery.app.control.purge()
    with (
        MailServer() as server,
        start_worker(portico.celery.app, pool="solo", perform_ping_check=False),
    ):
        server.use(settings)
        began = time.monotonic()
        with met:
            notice = tell(kind="owner_refused", person=person, data=DATA)
        while not server.mails and time.monotonic() < began + 20:
            time.sleep(0.02)
        assert server.ids == [f"<{notice.id}@localhost>"]


def test_what_is_rolled_back_wakes_nobody(committed_db, fresh_thread, met):
    person = met.student()
    waking._forget_after_fork()
    with met:
        tell(kind="owner_refused", person=person, data=DATA)
        transaction.set_rollback(True)
    assert waking._thread is None


@pytest.mark.parametrize(
    "broker",
    [
        "redis://127.0.0.1:1/0",  # refuses
        "redis://192.0.2.1:6379/0",  # an address nobody answers from (RFC 5737)
    ],
)
def test_a_dead_broker_costs_an_act_nothing(committed_db, monkeypatch, fresh_thread, met, broker):
    person = met.student()
    dead = Celery("dead", broker=broker, set_as_current=False)
    dead.conf.broker_transport_options = {"socket_connect_timeout": 1, "socket_timeout": 1}
    monkeypatch.setattr(portico.celery, "app", dead)
    with met:
        assert Notice.objects.count() == 0
    began = time.monotonic()
    with met:
        tell(kind="owner_refused", person=person, data=DATA)
    assert time.monotonic() - began < 1
    with met:
        assert Notice.objects.filter(state=Notice.State.WAITING).count() == 1
