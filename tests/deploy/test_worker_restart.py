"""A worker that is stopped in the middle of a mail: warmly, and outright."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import psycopg
import pytest
from celery import Celery
from django.conf import settings

from portico.due.runner import run_due
from portico.notices.actions import tell
from portico.notices.models import Notice
from tests.mailserver import MailServer
from tests.running_site import program, wait_for
from tests.world import School

DATA = {"title": "T", "origin": "O", "reason": "R"}
WORKER = ("celery", "--app", "portico.celery:app", "worker", "--concurrency", "1")


@contextmanager
def in_the_middle_of_a_mail(
    folder: Path, met: School, server: MailServer
) -> Iterator[tuple["Popen[bytes]", Path]]:
    """A worker whose mail server has not answered yet."""
    with met:
        tell(kind="owner_refused", person=met.student(), data=DATA)
    server.fault = "hang"
    address = f"smtp://127.0.0.1:{server.port}"
    with program(folder, "worker", *WORKER, EMAIL_URL=address) as (process, log):
        Celery(broker=settings.CACHES["default"]["LOCATION"], set_as_current=False).send_task(
            "portico.due.tasks.wake_region", args=["bronx"], queue="mail", ignore_result=True
        )
        wait_for(_a_piece_is_taken, process=process, log=log)
        yield process, log


def _a_piece_is_taken() -> bool:
    """The runner keeps a piece of due work by an advisory lock."""
    with psycopg.connect(settings.DATABASE_URL) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE l.locktype = 'advisory' AND d.datname = %s",
            [settings.DATABASES["default"]["NAME"]],
        ).fetchone() or (0,)
    return bool(count)


def states(met: School) -> list[str]:
    with met:
        return list(Notice.objects.filter(kind="owner_refused").values_list("state", flat=True))


def test_told_to_stop_it_ends_what_it_has_begun(committed_db: None, met: School, tmp_path: Path):
    with MailServer() as server, in_the_middle_of_a_mail(tmp_path, met, server) as (worker, log):
        worker.send_signal(signal.SIGTERM)
        wait_for(lambda: "Warm shutdown" in log.read_text(), process=worker, log=log)
        assert states(met) == [Notice.State.WAITING]
        server.fault = ""
        assert worker.wait(timeout=60) == 0
        assert states(met) == [Notice.State.SENT]
        assert len(server.mails) == 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGQUIT])
def test_killed_outright_it_leaves_the_work_to_the_next(
    committed_db: None, met: School, tmp_path: Path, settings, how: signal.Signals
):
    with MailServer() as server, in_the_middle_of_a_mail(tmp_path, met, server) as (worker, log):
        os.killpg(worker.pid, how)
        worker.wait(timeout=60)
        assert states(met) == [Notice.State.WAITING]
        # The dead worker's lock goes with its session, as soon as the server has seen it gone.
        wait_for(lambda: not _a_piece_is_taken(), process=None, log=log)
        server.fault = ""
        server.use(settings)
        run_due(region="bronx")
        assert states(met) == [Notice.State.SENT]
        assert len(server.mails) == 1
