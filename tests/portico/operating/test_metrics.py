"""What Prometheus reads: from two server processes added up, without a school's name in it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from portico.accounts.models import Person
from portico.attendance.actions.taps import NewTap, record_tap
from portico.due.actions import plan_work
from portico.due.models import DueWork
from portico.due.queues import MOST_ATTEMPTS
from portico.due.runner import run_due
from portico.internships.actions import approve_request
from portico.notices.actions import tell
from portico.telemetry.counters import CHECK_INS, DUE_WORK_DONE, NOTICES, POOL_CLAIMS, REQUESTS
from tenants.errors import Refused
from tenants.ids import new_id
from tests.running_site import RunningSite, running_site

TOKEN = "a-token-of-the-test"
DATA = {"title": "T", "origin": "O", "reason": "R"}


def read(site: RunningSite) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = site.get("/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


def value(of, name: str, **labels: str) -> float:
    return of[name, frozenset(labels.items())]


def test_requests_of_all_processes_are_added_up_by_kind_of_tenant(committed_db, met, tmp_path):
    with running_site(tmp_path, METRICS_TOKEN=TOKEN) as site:
        for _ in range(40):
            assert site.get("/sign-in/", host=met.host).status == 200
        assert site.get("/sign-in/", host="bronx.localhost").status == 200
        assert site.get("/not-there/", host=met.host).status == 404
        assert site.get("/", host="nobody.localhost").status == 404
        seen = read(site)
        twice = read(site)
    asked = {"method": "GET", "route": "sign-in", "status": "200"}
    assert value(seen, "portico_requests_total", tenant_kind="school", **asked) == 40
    assert value(twice, "portico_requests_total", tenant_kind="school", **asked) == 40
    assert value(seen, "portico_requests_total", tenant_kind="region", **asked) == 1
    lost = {"method": "GET", "route": "none", "status": "404"}
    assert value(seen, "portico_requests_total", tenant_kind="school", **lost) == 1
    assert value(seen, "portico_requests_total", tenant_kind="none", **lost) == 1
    timed = {"tenant_kind": "school", "route": "sign-in"}
    assert value(seen, "portico_request_seconds_count", **timed) == 40
    assert value(seen, "portico_request_seconds_bucket", le="+Inf", **timed) == 40
    assert value(seen, "portico_request_seconds_sum", **timed) > 0
    assert value(seen, "portico_part_ok", part="database") == 1
    assert value(seen, "portico_tenants", tenant_kind="school") == 3
    held = sum(count for (name, _), count in seen.items() if name == "portico_database_connections")
    assert 1 <= held <= value(seen, "portico_database_connections_limit")


@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer wrong"}])
def test_nobody_reads_it_without_the_token(committed_db, client, settings, sent):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers=sent).status_code == 404


def test_without_a_token_there_is_no_such_page(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_due_work_is_told_by_kind_and_by_the_age_of_the_oldest(committed_db, client, settings, met):
    settings.METRICS_TOKEN = TOKEN
    person = met.student()
    now = timezone.now()
    with met:
        tell(kind="owner_refused", person=person, data=DATA)
        DueWork.objects.filter(kind="deliver").update(due_at=now - timedelta(hours=2))
        plan_work(kind="seal", subject_id=new_id(), due_at=now + timedelta(days=1))
        plan_work(kind="expire", subject_id=new_id(), due_at=now - timedelta(days=1))
        DueWork.objects.filter(kind="expire").update(attempts=MOST_ATTEMPTS)
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    told = dict(re.findall(r"^(portico_[^ ]+) ([0-9.e+]+)$", text, re.M))
    assert told['portico_due_work{kind="deliver"}'] == "1.0"
    assert 'portico_due_work{kind="expire"}' not in told  # given up, not waiting
    assert told["portico_due_work_given_up"] == "1.0"
    assert told["portico_notices_waiting"] == "1.0"
    assert 7200 <= float(told["portico_due_work_oldest_seconds"]) < 7260


def test_no_label_names_a_school_or_a_person(committed_db, client, settings, met):
    settings.METRICS_TOKEN = TOKEN
    student = met.student(given_name="Esperanza", family_name="Quimby", email="esp@example.org")
    met.placement(met.opportunity().id, student=student, state="active")
    met.client(student).get("/?q=Esperanza")
    met.client(student).get("/journey/Quimby/")
    run_due(region="bronx")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    labels = {
        label
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for label in sample.labels.values()
    }
    assert {"school", "find", "deliver"} <= labels
    for word in ("bronx", "met.", "Esperanza", "Quimby", "esp@", str(student.id)):
        assert [label for label in labels if word in label] == []


def test_an_invented_method_makes_no_label_of_its_own(committed_db, client, met):
    before = _methods()
    met.client().generic("BREW", "/sign-in/")
    assert _methods() - before <= {"OTHER"}
    assert "OTHER" in _methods()


def _methods() -> set[str]:
    return {
        sample.labels["method"]
        for family in REQUESTS.collect()
        for sample in family.samples
        if "method" in sample.labels
    }


def counted(counter, **labels: str) -> float:
    return counter.labels(**labels)._value.get()


def test_what_happens_is_counted_once_it_is_committed(committed_db, met, academy, settings):
    taken, none_free = (
        counted(POOL_CLAIMS, outcome="taken"),
        counted(POOL_CLAIMS, outcome="none_free"),
    )
    listing = met.release(met.opportunity(), slots=1)
    first, second = academy.placement(listing), academy.placement(listing)
    charlie = academy.coordinator()
    with academy:
        approve_request(placement_id=first.id, actor=charlie)
    with pytest.raises(Refused), academy:
        approve_request(placement_id=second.id, actor=charlie)
    assert counted(POOL_CLAIMS, outcome="taken") == taken + 1
    assert counted(POOL_CLAIMS, outcome="none_free") == none_free + 1

    sent = counted(NOTICES, outcome="sent")
    done = counted(DUE_WORK_DONE, kind="deliver", outcome="done")
    run_due(region="bronx")
    assert counted(NOTICES, outcome="sent") > sent
    more = counted(DUE_WORK_DONE, kind="deliver", outcome="done") - done
    assert more == counted(NOTICES, outcome="sent") - sent


def test_a_check_in_is_counted_and_a_repeat_is_not(committed_db, met):
    student: Person = met.student()
    placement = met.placement(met.opportunity().id, student=student, state="active")
    tap = NewTap(placement_id=placement.id, key=new_id(), kind="in")
    before = counted(CHECK_INS, kind="in")
    for _ in range(2):
        with met:
            record_tap(student=student, tap=tap)
    assert counted(CHECK_INS, kind="in") == before + 1
