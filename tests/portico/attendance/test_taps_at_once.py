"""Several phones, several resends, one student, the same moment: real threads, real commits."""

import threading
import time
import uuid

from django.db import connections

from portico.attendance.actions.mentor_mail import write_to_mentor
from portico.attendance.mentors import reach_for
from portico.attendance.models import Attendance, Tap
from tenants.context import tenant_context
from tests.portico.attendance.days import active, clock_at, phone

AT_ONCE = 6


def send_at_once(met, placement, keys):
    """The answers to one check-in per key, all let go at the same moment."""
    clients = [phone(met, placement) for _ in keys]
    answers = []
    gate = threading.Barrier(len(keys))

    def press(client, key):
        body = {
            "key": str(key),
            "user": str(placement.student_id),
            "placement": str(placement.id),
            "kind": "in",
        }
        try:
            gate.wait()
            answers.append(client.post("/check-in/events/", body, content_type="application/json"))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=press, args=pair) for pair in zip(clients, keys, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_resends_at_once_are_one_row(committed_db, met):
    placement = active(met)
    with clock_at("9:00"):
        answers = send_at_once(met, placement, [uuid.uuid4()] * AT_ONCE)
    assert sorted(a.status_code for a in answers) == [200] * (AT_ONCE - 1) + [201]
    assert len({a.content for a in answers}) == 1
    with met:
        assert Tap.objects.count() == Attendance.objects.count() == 1


def test_two_phones_at_once_make_one_day(committed_db, met):
    placement = active(met)
    with clock_at("9:00"):
        answers = send_at_once(met, placement, [uuid.uuid4() for _ in range(AT_ONCE)])
    assert [a.status_code for a in answers] == [201] * AT_ONCE
    with met:
        assert (Tap.objects.count(), Attendance.objects.count()) == (AT_ONCE, 1)
        assert Attendance.objects.get().flags.count("again") == 1


def test_a_check_out_does_not_wait_for_the_mentors_message(committed_db, met):
    """The worker has the mentor's row, the tap the due work each needs next: no circle."""
    placement = active(met)
    with clock_at("9:00"):
        send_at_once(met, placement, [uuid.uuid4()])
    with met:
        reach = reach_for(placement)
    worker_has_it, tapped = threading.Event(), threading.Event()

    def work() -> None:
        with tenant_context(met.schema):
            write_to_mentor(reach_id=reach.id)
            worker_has_it.set()
            tapped.wait(20)
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    worker_has_it.wait(20)
    body = {
        "key": str(uuid.uuid4()),
        "user": str(placement.student_id),
        "placement": str(placement.id),
        "kind": "out",
    }
    with clock_at("14:30"):
        began = time.monotonic()
        answer = phone(met, placement).post(
            "/check-in/events/", body, content_type="application/json"
        )
        waited = time.monotonic() - began
    tapped.set()
    worker.join()
    assert answer.status_code == 201
    assert waited < 10  # it would wait for the worker, who waits for this
