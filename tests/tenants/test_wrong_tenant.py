"""Every background job, run in a wrong tenant or for a wrong subject, changes nothing.

Both tables below must name every task and every kind of due work there is: a new one
without a row fails.
"""

import contextlib
import hashlib
import uuid

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.core import mail
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import import_string

import portico.celery  # noqa: F401 - the tasks' application
from portico.audit.sealing import seal_history
from portico.due.runner import PutOff
from portico.reports.rollups import refresh_rollups
from portico.webhooks.actions import subscribe
from sharing.school_requests import file_request
from tenants.context import OWNER, tenant_context
from tenants.ids import new_id

OURS = ("portico.", "sharing.", "tenants.", "catalog.", "api.")
# Task → arguments that name what is not there, or is another's.
WRONG_ARGUMENTS = {
    "portico.due.tasks.wake_region": [
        ("queens",),
        ("public", "mail"),
        ("bronx__nowhere", "mail"),
        ("bronx", "no_such_queue"),
    ],
    "portico.reports.tasks.make_export": [
        ("bronx__met", str(uuid.uuid4())),
        ("queens", "{request}"),
        ("bronx", "{request}"),
    ],
    **{
        f"portico.rosters.tasks.{name}": [
            ("bronx__met", str(uuid.uuid4())),
            ("queens", str(uuid.uuid4())),
            ("bronx", "../bronx__met"),
        ]
        for name in ("read_upload", "apply_upload")
    },
    "portico.signin.tasks.send_school_links": [
        ("queens", "rosa@example.com"),
        ("bronx__met", "rosa@example.com"),
        ("bronx", "nobody@example.org"),
    ],
    "sharing.tasks.make_requested_school": [
        ("bronx", str(uuid.uuid4())),
        ("queens", "{request}"),
        ("bronx__met", "{request}"),
    ],
}
# They are told nothing: they read the registry or the disk, and enter what they find there.
TAKES_NOTHING = {
    "portico.due.tasks.wake_regions",
    "portico.privacy.tasks.apply_retention",
    "portico.rosters.tasks.forget_old_uploads",
    "portico.rosters.tasks.pull_rosters",
}


def _contents() -> dict[str, str]:
    """A hash of all rows of every table of the region and its schools, and of the registry."""
    contents = {}
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname LIKE 'bronx%%'"
            " OR tablename IN ('tenants_tenant', 'tenants_domain')"
        )
        for schema, table in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{schema}"."{table}" t ORDER BY 1')
            rows = "\n".join(text for (text,) in cursor.fetchall())
            contents[f"{schema}.{table}"] = hashlib.sha256(rows.encode()).hexdigest()
    return contents


def _ids_of(schema: str) -> list[uuid.UUID]:
    """Every UUID a row of *schema* has as its key."""
    found = []
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = %s AND data_type = 'uuid'"
            " AND column_name IN ('id', 'listing_id')",
            [schema],
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT {column} FROM "{schema}"."{table}" WHERE {column} IS NOT NULL')
            found += [value for (value,) in cursor.fetchall()]
    return found


@pytest.fixture
def clock():
    """It stands still: what is planned, a count or a seal in a minute, is not due meanwhile."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def busy(committed_db, met, academy):
    """Two schools in the middle of everything, all of it sealed and counted."""
    teacher = met.person("teacher")
    with met:
        subscribe(
            actor=met.coordinator(),
            name="n",
            url="https://93.184.215.14/",
            events=["placement.active"],
        )
    for state in ("requested", "pursuing", "start_requested", "active", "completed"):
        met.placement(met.opportunity().id, state=state, teacher=teacher)
    asking = academy.release(academy.opportunity(), ask_owner=True)
    met.placement(asking, state="awaiting_owner")
    met.placement(academy.release(academy.opportunity()), state="pursuing")
    academy.placement(met.release(met.opportunity()), state="pursuing")
    for schema in (met.schema, academy.schema, "bronx"):
        with tenant_context(schema):
            seal_history(subject_id=new_id())
            refresh_rollups()
    return met, academy


def test_every_kind_of_due_work_leaves_another_schools_things_alone(clock, busy):
    met, academy = busy
    before = _contents()
    theirs = [*_ids_of(met.schema), new_id()]
    mine = set(_ids_of(academy.schema))
    tried = 0
    for path in settings.DUE_WORK.values():
        handler = import_string(path)
        for schema in (academy.schema, "bronx"):
            for subject_id in theirs:
                assert subject_id not in mine
                with contextlib.suppress(Exception), tenant_context(schema):
                    handler(subject_id=subject_id)
                tried += 1
    connections["default"].close()
    assert tried > 100
    assert _contents() == before
    assert mail.outbox == []


def test_due_work_done_in_its_own_tenant_does_change_things(busy):
    """So that the test above can fail."""
    met, _academy = busy
    before = _contents()
    outcomes = []
    for subject_id in _ids_of(met.schema):
        with tenant_context(met.schema):
            handler = import_string(settings.DUE_WORK["deliver"])
            outcomes.append(handler(subject_id=subject_id))
    assert not any(isinstance(outcome, PutOff) for outcome in outcomes)
    changed = {name for name, digest in _contents().items() if digest != before[name]}
    assert changed == {"bronx__met.notices_notice"}


def _run(name: str, arguments: tuple[str, ...], request_id: str) -> None:
    filled = [argument.replace("{request}", request_id) for argument in arguments]
    try:
        current_app.tasks[name].apply(args=filled, throw=True)
    finally:
        connections["default"].close()


def test_every_task_given_a_wrong_tenant_changes_nothing(busy):
    current_app.loader.import_default_modules()
    there = {name for name in current_app.tasks if name.startswith(OURS)}
    assert there == set(WRONG_ARGUMENTS) | TAKES_NOTHING
    wanted = {
        "code": "queensbridge",
        "name": "Queensbridge",
        "coordinator_given_name": "A",
        "coordinator_family_name": "B",
        "coordinator_email": "a@example.org",
    }
    filed = file_request(region="bronx", wanted=wanted, inviter="Dana District")
    before = _contents()
    for name, several in WRONG_ARGUMENTS.items():
        for arguments in several:
            with contextlib.suppress(Exception):
                _run(name, arguments, filed.id)
            assert _contents() == before, f"{name}{arguments}"
