"""A small drill: two faults, real processes; and what it looks for is really found."""

import json
import os
import subprocess
import sys

import pytest

from portico.audit.models import Entry
from tests.drill.load import INSIDE, Promise, Reply, Wanted
from tests.drill.looking import Findings, check_promises
from tests.drill.region import Account

FAULTS = ("Celery worker killed", "mail server takes it twice")


def test_two_faults_cost_nobody_anything(tmp_path):
    results = tmp_path / "drill.json"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "TEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.drill", *FAULTS],
        env=kept | {"SIZE": "small", "DRILL_RESULTS": str(results)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    rows = json.loads(results.read_text())
    assert [row["fault"] for row in rows] == list(FAULTS)
    for row in rows:
        assert row["requests"] > 10
        assert (row["lost"], row["doubled"], row["errors"], row["ok"]) == (0, 0, 0, True)
    assert rows[1]["mails_twice"] > 0  # the fault was really there


@pytest.mark.django_db
def test_a_yes_without_its_effect_is_found_and_an_effect_twice_too(met):
    placement = met.placement(met.opportunity().id, state="pursuing")
    kept = Promise(met.schema, "placement_approve", str(placement.id), 0.0)
    found = Findings()
    with met:
        check_promises(met.schema, [kept], found)
        assert found.is_good
        tap = Promise(met.schema, "tap", "7b0c1a52-8f3e-4a6d-9a01-000000000000", 0.0)
        broken = Promise(met.schema, "placement_end_early", str(placement.id), 0.0)
        check_promises(met.schema, [kept, tap, broken], found)
        assert len(found.lost) == 2
        again = Entry.objects.get(action="placement_approve", subject_id=str(placement.id))
        again.pk = None
        again.save(force_insert=True)
        check_promises(met.schema, [kept], found)
    assert len(found.doubled) == 1
    assert "placement_approve" in found.doubled[0]


def test_what_is_a_promise_and_what_shows_how_we_are_made():
    who = Account("bronx__met", "met.bronx.localhost", "s", "p", "h")
    ask = Wanted(who, "/listings/x/request/", "", act="placement_request")
    placed = "01a20d09-30ea-706b-9b23-caaa8acb8ba1"
    assert ask.promised(Reply(302, location=f"/placements/{placed}/")) == (
        "placement_request",
        placed,
    )
    assert ask.promised(Reply(200, "the form again")) is None
    assert Reply(302, location="/sign-in/?next=/").is_signed_out
    assert not Reply(0).is_answer
    assert INSIDE.search('File "/app/x.py", line 3')
    assert not INSIDE.search("Something broke on our side. Try again.")
