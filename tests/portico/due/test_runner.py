"""Due work that fails: put off, never in the way of the rest, in the end told."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portico import cli
from portico.due.actions import plan_work
from portico.due.models import DueWork
from portico.due.queues import MOST_ATTEMPTS
from portico.due.runner import run_due
from portico.notices.actions import tell
from portico.notices.models import Notice
from tenants.ids import new_id

DATA = {"title": "T", "origin": "O", "reason": "R"}


@pytest.mark.parametrize(
    ("school", "kind"),
    [
        ("bronx__met", "no_such_kind"),  # written by a newer release
        ("bronx__closed", "deliver"),  # a school that is no more
    ],
)
def test_what_cannot_be_done_stops_nothing_else(committed_db, met, bronx, school, kind):
    with bronx:
        DueWork.objects.create(
            school=school, kind=kind, subject_id=new_id(), due_at=timezone.now() - timedelta(days=9)
        )
    person = met.student()
    with met:
        notice = tell(kind="owner_refused", person=person, data=DATA)
    began = timezone.now()
    assert run_due(region="bronx") == 1
    with met:
        notice.refresh_from_db()
    assert notice.state == Notice.State.SENT
    with bronx:
        work = DueWork.objects.get(school=school, kind=kind)
    assert work.attempts == 1
    assert timedelta(seconds=29) < work.due_at - began < timedelta(seconds=60)


def test_after_many_failures_it_rests_and_the_doctor_names_it(committed_db, met, bronx, capsys):
    with met:
        plan_work(kind="no_such_kind", subject_id=new_id(), due_at=timezone.now())
    moment = timezone.now()
    for _ in range(MOST_ATTEMPTS + 2):
        with time_machine.travel(moment, tick=False):
            run_due(region="bronx")
        moment += timedelta(days=1)
    with bronx:
        assert DueWork.objects.get(kind="no_such_kind").attempts == MOST_ATTEMPTS
    assert cli.run(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "bronx__met: no_such_kind of" in said
    assert f"given up after {MOST_ATTEMPTS} attempts" in said
