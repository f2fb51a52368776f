"""Kinds of work in queues of their own: what takes long holds up nothing else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery import Celery, current_app
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.test import Client
from django.utils import timezone

import portico.celery
from portico import cli
from portico.due.actions import plan_work
from portico.due.models import DueWork
from portico.due.queues import messages_waiting, queue_of, queues_with_work
from portico.due.runner import run_due
from portico.due.tasks import wake_regions
from portico.notices.actions import tell
from portico.notices.models import Notice
from portico.settings import queues
from tenants.ids import new_id
from tests.running_site import program, wait_for
from tests.world import Region, School

DATA = {"title": "T", "origin": "O", "reason": "R"}
WORKER = ("celery", "--app", "portico.celery:app", "worker", "--concurrency", "1")
OURS = ("portico.", "sharing.", "tenants.", "catalog.", "api.")


def broker() -> Celery:
    """Where the programs beside the test look for work."""
    return Celery(broker=settings.CACHES["default"]["LOCATION"], set_as_current=False)


def told(school: School) -> list[str]:
    with school:
        return list(Notice.objects.filter(kind="owner_refused").values_list("state", flat=True))


def test_every_task_and_every_kind_has_its_queue() -> None:
    current_app.loader.import_default_modules()
    tasks = {name for name in current_app.tasks if name.startswith(OURS)}
    assert set(queues.TASK_ROUTES) == tasks
    assert set(queues.TASK_ROUTES.values()) <= set(queues.QUEUES)
    named = [kind for kinds in queues.WORK_QUEUES.values() for kind in kinds]
    assert len(named) == len(set(named))
    assert set(named) <= set(settings.DUE_WORK)
    assert set(queues.WORK_QUEUES) <= set(queues.QUEUES)
    assert {queue_of(kind) for kind in ("expire", "no_such_kind")} == {queues.PUNCTUAL}


def test_a_worker_takes_all_of_them_or_those_it_is_told() -> None:
    assert {queue.name for queue in queues.task_queues([])} == set(queues.QUEUES)
    assert [queue.name for queue in queues.task_queues(["mail", "long"])] == ["mail", "long"]
    with pytest.raises(ValueError, match="mial"):
        queues.task_queues(["mial"])


def test_work_is_done_in_its_queue_and_what_nobody_names_in_the_punctual_one(
    committed_db: None, met: School, bronx: Region
) -> None:
    with met:
        tell(kind="owner_refused", person=met.student(), data=DATA)
        plan_work(kind="no_such_kind", subject_id=new_id(), due_at=timezone.now())
    assert queues_with_work(region="bronx") == {"mail", queues.PUNCTUAL}
    assert run_due(region="bronx", queue="webhooks") == 0
    run_due(region="bronx", queue=queues.PUNCTUAL)
    assert told(met) == [Notice.State.WAITING]
    with bronx:
        assert DueWork.objects.get(kind="no_such_kind").attempts == 1
    assert run_due(region="bronx", queue="mail") == 1
    assert told(met) == [Notice.State.SENT]
    assert queues_with_work(region="bronx") == set()


def test_the_beat_wakes_what_has_work_and_leaves_a_long_line_alone(
    committed_db: None, met: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    portico.celery.app.control.purge()
    later = timezone.now() + timedelta(days=1)
    with met:
        plan_work(kind="deliver", subject_id=new_id(), due_at=later)
        plan_work(kind="seal", subject_id=new_id(), due_at=later)
    wake_regions()
    assert set(messages_waiting().values()) == {0}
    with met:
        DueWork.objects.filter(kind="deliver").update(due_at=timezone.now())
    wake_regions()
    wake_regions()
    assert messages_waiting() == {name: 2 * (name == "mail") for name in queues.QUEUES}
    monkeypatch.setattr("portico.due.tasks.LONGEST_LINE", 2)
    wake_regions()
    assert messages_waiting()["mail"] == 2
    portico.celery.app.control.purge()


def test_a_long_export_holds_up_no_mail_of_another_worker(
    committed_db: None, met: School, tmp_path: Path
) -> None:
    """Two real workers; the one of long work waits for a table that somebody has locked."""
    owner = settings.DATABASES["owner"]
    login = {name: owner[name.upper()] for name in ("host", "port", "user", "password")}
    alone = broker()
    with (
        psycopg.connect(**login, dbname=owner["NAME"]) as locking,
        program(tmp_path, "long", *WORKER, "--queues", "long", "--hostname", "l@%h") as (long, log),
        program(tmp_path, "mail", *WORKER, WORKER_QUEUES="mail,deadlines") as (mail, mail_log),
    ):
        locking.execute("LOCK TABLE bronx__academy.attendance_attendance")
        alone.send_task("portico.privacy.tasks.apply_retention", queue="long")
        wait_for(lambda: _somebody_waits(login), process=long, log=log)
        with met:
            tell(kind="owner_refused", person=met.student(), data=DATA)
        alone.send_task("portico.due.tasks.wake_region", args=["bronx", "mail"], queue="mail")
        wait_for(lambda: told(met) == [Notice.State.SENT], process=mail, log=mail_log)
        assert "apply_retention" not in log.read_text()  # not ended: a job is told of when it is
        locking.rollback()
        wait_for(lambda: "apply_retention success" in log.read_text(), process=long, log=log)


def _somebody_waits(login: dict[str, Any]) -> bool:
    with psycopg.connect(**login, dbname=settings.DATABASES["owner"]["NAME"]) as looking:
        (count,) = looking.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE NOT l.granted AND l.locktype = 'relation' AND d.datname = current_database()"
        ).fetchone() or (0,)
    return bool(count)


def test_one_worker_takes_all_queues(committed_db: None, met: School, tmp_path: Path) -> None:
    with met:
        tell(kind="owner_refused", person=met.student(), data=DATA)
    sending = broker()
    with program(tmp_path, "worker", *WORKER) as (process, log):
        sending.send_task("portico.rosters.tasks.forget_old_uploads", queue="upkeep")
        sending.send_task("portico.privacy.tasks.apply_retention", queue="long")
        sending.send_task("portico.due.tasks.wake_regions", queue=queues.PUNCTUAL)
        wait_for(lambda: told(met) == [Notice.State.SENT], process=process, log=log)
        for name in ("forget_old_uploads", "apply_retention"):
            wait_for(
                lambda name=name: f"{name} success" in log.read_text(), process=process, log=log
            )


def test_the_doctor_names_the_queue_that_workers_leave_alone(
    committed_db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    app = portico.celery.app
    assert cli.run(["doctor"]) == 0
    assert "no worker answers" in capsys.readouterr().out
    app.amqp.queues.select(["mail", "deadlines", "webhooks", "upkeep"])
    try:
        with start_worker(app, pool="solo", perform_ping_check=False):
            assert cli.run(["doctor"]) == 1
            said = capsys.readouterr().out
    finally:
        del app.amqp.queues
    assert [line.strip() for line in said.splitlines() if "no worker" in line] == [
        "no worker takes from long"
    ]


def test_what_waits_is_told_by_queue(committed_db: None, client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "a-token"
    portico.celery.app.control.purge()
    portico.celery.app.send_task("portico.privacy.tasks.apply_retention")
    portico.celery.app.send_task("portico.due.tasks.wake_regions")
    portico.celery.app.send_task("portico.due.tasks.wake_regions")
    said = client.get("/metrics", headers={"Authorization": "Bearer a-token"}).content.decode()
    portico.celery.app.control.purge()
    lines = dict(line.rsplit(" ", 1) for line in said.splitlines() if "queue_waiting{" in line)
    assert {name.split('"')[1]: float(count) for name, count in lines.items()} == {
        "deadlines": 2,
        "mail": 0,
        "webhooks": 0,
        "upkeep": 0,
        "long": 1,
    }
