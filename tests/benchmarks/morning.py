"""The morning: students of many schools check in at once; in the afternoon mentors are written to.

Real parts on loopback: granian as in deploy/, PostgreSQL, Valkey, a Celery worker with its
beat. The limit is the same rows (a day, a tap, a piece of due work) written by raw SQL over
as many connections as the server has threads, without HTTP, session, rules or wall.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from portico.attendance.models import Attendance, Tap
from portico.embedded.shared import free_port
from portico.notices.models import Notice
from tenants.context import OWNER, tenant_context
from tenants.names import school_schema
from tenants.setup import set_up_database
from tests.benchmarks.case import Case
from tests.benchmarks.morning_phones import Tapped, send, taps
from tests.benchmarks.morning_region import REGION, Phone, make_morning

SCALES = {"small": (20, 100), "full": (200, 100)}  # schools, students in each
CONNECTIONS = 16
THREADS = 8  # of the server: 2 processes of 4
AGAIN = 500  # taps that come twice
PATIENCE = 900  # seconds until every mail must be out
ROOT = Path(__file__).parents[2]


def measure(scale: str) -> list[Case]:
    set_up_database()
    schools, students = SCALES[scale]
    phones = make_morning(schools=schools, students=students)
    statements = _statements(phones[-1])
    _forget(schools)
    limit = _raw_rate(phones[:4000])
    _forget(schools)
    with _site() as port:
        send(taps(phones[::students], "in"), port=port, connections=4)  # each process has met all
        rest = [phone for n, phone in enumerate(phones) if n % students]
        arriving = taps(rest, "in")
        came = send(arriving, port=port, connections=CONNECTIONS)
        again = send(arriving[:AGAIN], port=port, connections=CONNECTIONS)
        _expect(came, {201: len(rest)})
        _expect(again, {200: len(arriving[:AGAIN])})
        lost, doubled = _compare(schools, {phone.placement for phone in phones})
        with _worker():
            left = send(taps(phones, "out"), port=port, connections=CONNECTIONS)
            _expect(left, {201: len(phones)})
            drained = _wait_for_mail(schools, mentors=-(-students // 5))
    print(f"p50 {came.percentile(0.5):.0f} ms, p95 {came.percentile(0.95):.0f} ms in the morning")
    return [
        Case(
            case=f"check-ins of {len(rest)} students, {schools} schools",
            unit="/s",
            ours=came.rate,
            limit=limit,
            aim="≥ 150 a second",
            ok=came.rate >= 150,
        ),
        Case(
            case="a check-in, 95 of 100",
            unit="ms",
            ours=came.percentile(0.95),
            aim="≤ 300 ms",
            ok=came.percentile(0.95) <= 300,
        ),
        Case(
            case="check-outs beside a working worker",
            unit="/s",
            ours=left.rate,
            limit=limit,
            aim="shown",
            ok=True,
        ),
        Case(
            case="statements a check-in",
            unit="",
            ours=statements,
            limit=5,
            aim="≤ 12",
            ok=statements <= 12,
        ),
        Case(case="lost", unit="taps", ours=lost, aim="0", ok=lost == 0),
        Case(case="twice", unit="days", ours=doubled, aim="0", ok=doubled == 0),
        Case(
            case=f"mentors' mail drained after the last check-out ({schools * -(-students // 5)})",
            unit="s",
            ours=drained,
            aim="≤ 600 s",
            ok=drained <= 600,
        ),
    ]


# --- the parts ---------------------------------------------------------------------------


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portico.settings.prod",
        "SECRET_KEY": settings.SECRET_KEY,  # of the sessions, and of the site's own login
        "BASE_HOST": "localhost",
        "SITE_SCHEME": "http",
        "EMAIL_URL": "dummymail://",
        "DUE_WORK_SECONDS": "2",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
    }


@contextmanager
def _program(*command: str) -> Iterator[None]:
    program = subprocess.Popen(
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        env=_environment(),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        program.terminate()
        program.wait(timeout=30)


@contextmanager
def _site() -> Iterator[int]:
    """The web server as deploy/ runs it; its port once it answers."""
    port = free_port()
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    size = ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "error"]
    with _program("granian", *options, *size, "portico.wsgi:application"):
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                    break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield port


@contextmanager
def _worker() -> Iterator[None]:
    app = ("celery", "--app", "portico.celery:app")
    with ExitStack() as programs:
        folder = programs.enter_context(tempfile.TemporaryDirectory(prefix="portico-bench-"))
        beat = ("beat", "--pidfile=", f"--schedule={folder}/beat", "--loglevel", "ERROR")
        programs.enter_context(
            _program(*app, "worker", "--concurrency", "2", "--loglevel", "ERROR")
        )
        programs.enter_context(_program(*app, *beat))
        yield


# --- the measures -------------------------------------------------------------------------


def _statements(phone: Phone) -> int:
    """SQL statements of one check-in through the whole application, the tenant's own included."""
    client = Client(SERVER_NAME=phone.host)
    client.cookies["portico_session"] = phone.session
    body = {
        "key": str(uuid.uuid4()),
        "user": phone.student,
        "placement": phone.placement,
        "kind": "in",
        "location": {"status": "ok", "latitude": 40.82, "longitude": -73.9, "accuracy": 20},
    }
    client.get("/check-in/state.json")
    with CaptureQueriesContext(connection) as seen:
        response = client.post("/check-in/events/", body, content_type="application/json")
    assert response.status_code == 201, response.content
    return len(seen)


def _raw_rate(phones: list[Phone]) -> float:
    """How many of the same rows a second PostgreSQL takes from plain SQL; `_forget` undoes it."""
    shares = [phones[n::THREADS] for n in range(THREADS)]
    threads = [threading.Thread(target=_write_raw, args=(share,)) for share in shares]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(phones) / (time.perf_counter() - began)


def _forget(schools: int) -> None:
    """The day has not begun: nothing of it is in any school."""
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner:
        for schema in _schemas(schools):
            for table in ("attendance_tap", "attendance_attendance"):
                owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(schema, table)))
        owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(REGION, "due_duework")))


def _write_raw(phones: list[Phone]) -> None:
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner:
        for phone in phones:
            schema = school_schema(region=REGION, school=phone.host.split(".")[0])
            day = uuid.uuid4()
            with owner.transaction():
                owner.execute(_INSERT_DAY.format(sql.Identifier(schema)), [day, phone.placement])
                owner.execute(_INSERT_TAP.format(sql.Identifier(schema)), [uuid.uuid4(), day])
                owner.execute(
                    _INSERT_DUE.format(sql.Identifier(REGION)), [uuid.uuid4(), schema, day]
                )


_INSERT_DAY = sql.SQL(
    "INSERT INTO {}.attendance_attendance (id, placement_id, day, state, check_in_at,"
    " check_in_source, check_out_source, flags, where_in, distance_in, where_out, goals, answers,"
    " reflection, worry, mentor_state, mentor_comment, corrected_by, correction_reason, created_at)"
    " VALUES (%s, %s, current_date, 'open', now(), 'phone', '', '{{}}', 'at_site', 0, '',"
    """ '[{{"text": "Greet every visitor", "done": false}}]', '{{}}', '', '', 'unconfirmed', '',"""
    " '', '', now())"
)
_INSERT_TAP = sql.SQL(
    "INSERT INTO {}.attendance_tap (key, attendance_id, kind, at, received_at, answer)"
    """ VALUES (%s, %s, 'in', now(), now(), '{{"says": "You are checked in since 9:02 a.m."}}')"""
)
_INSERT_DUE = sql.SQL(
    "INSERT INTO {}.due_duework (id, school, kind, subject_id, due_at, attempts)"
    " VALUES (%s, %s, 'close_forgotten', %s, now(), 0)"
    " ON CONFLICT (school, kind, subject_id) DO UPDATE SET due_at = EXCLUDED.due_at"
)


def _expect(tapped: Tapped, statuses: dict[int, int]) -> None:
    if tapped.statuses != statuses:
        raise RuntimeError(f"answers were {tapped.statuses}, not {statuses}")


def _schemas(schools: int) -> list[str]:
    return [school_schema(region=REGION, school=f"s{number}") for number in range(schools)]


def _compare(schools: int, wanted: set[str]) -> tuple[int, int]:
    """Placements without a day, and days or taps too many."""
    days: list[str] = []
    keys = 0
    for schema in _schemas(schools):
        with tenant_context(schema, using=OWNER):
            days += map(str, Attendance.objects.values_list("placement_id", flat=True))
            keys += Tap.objects.count()
    once = set(days)
    return len(wanted - once), (len(days) - len(once)) + (keys - len(days))


def _wait_for_mail(schools: int, *, mentors: int) -> float:
    """Seconds until every mentor has been written to."""
    began = time.perf_counter()
    while True:
        sent = 0
        for schema in _schemas(schools):
            with tenant_context(schema, using=OWNER):
                sent += Notice.objects.filter(kind="mentor_days", state=Notice.State.SENT).count()
        took = time.perf_counter() - began
        if sent >= schools * mentors:
            return took
        if took > PATIENCE:
            raise RuntimeError(f"{sent} of {schools * mentors} mails after {took:.0f} s")
        time.sleep(0.5)
