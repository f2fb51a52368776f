"""docs/webhooks.md says what the code does, and its example is run as it stands."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from portico.webhooks.delivery import DELAYS
from portico.webhooks.events import EVENTS
from tests.portico.webhooks.conftest import run, subscribe_to

DOCS = Path(__file__).parents[3] / "docs" / "webhooks.md"


def test_the_table_of_events_is_the_codes():
    with translation.override("en"):
        rows = [f"| `{event.kind}` | {event.of} | {event.about} |" for event in EVENTS]
    said = re.findall(r"^\| `\w+\.\w+` \|.*$", DOCS.read_text(), re.MULTILINE)
    assert said == rows


def test_the_delays_are_the_codes():
    said = "5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours"
    assert said in " ".join(DOCS.read_text().split())
    seconds = [5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24))]
    assert [delay.total_seconds() for delay in DELAYS] == seconds


@pytest.mark.django_db
def test_the_keys_of_data_are_the_codes(subscribed, bronx, met, academy, receiver):
    kinds = {"placement.active": "placement.…", "slot.freed": "slot.…"}
    kinds |= {"opportunity.released": "opportunity.released", "listing.published": "listing.…"}
    kinds |= {"opportunity.held": "opportunity.held"}
    subscribed("placement.active", "slot.freed", "opportunity.released", "opportunity.held")
    admin = bronx.person("district_admin")
    subscribe_to(bronx, "listing.published", person=admin, url=receiver.url)
    met.placement(met.opportunity().id, state="completed")
    academy.placement(met.release(met.opportunity()), state="pursuing")
    run()
    text = DOCS.read_text()
    sent = {call.event: set(call.data) for call in receiver.calls}
    assert sent.keys() == kinds.keys()
    for kind, name in kinds.items():
        (row,) = re.findall(
            rf"^\| `{re.escape(name)}`[^|]* \| (`.*|the .*) \|$", text, re.MULTILINE
        )
        said = set(re.findall(r"`(\w+)`", row)) - {"own", "pool"}
        if kind == "slot.freed":
            assert len(sent[kind]) == 9
            assert sent[kind] < sent["placement.active"]
        else:
            assert said == sent[kind], name


@pytest.mark.django_db
def test_the_example_believes_us_and_nobody_else(subscribed, met, receiver):
    code = re.search(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL).group(1)
    names = {}
    exec(compile(code, str(DOCS), "exec"), names)
    verify = names["verify"]
    ours = subscribed("placement.active")
    met.placement(met.opportunity().id, state="active")
    run()
    (call,) = receiver.calls
    assert verify(ours.secret, call.headers, call.body)
    assert not verify(ours.secret, call.headers, call.body + b" ")
    assert not verify("whsec_" + "A" * 43 + "=", call.headers, call.body)
    old = call.headers | {"webhook-timestamp": "1600000000"}
    assert not verify(ours.secret, old, call.body)
