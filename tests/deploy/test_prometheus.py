"""Alerts ask for numbers that exist, with labels they have; the runbook knows each alert."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from portico.operating.gauges import Gauges

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
GROUPS = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"]
ALERTS: list[dict[str, Any]] = [rule for group in GROUPS for rule in group["rules"]]
OPERATING = (ROOT / "docs" / "operating.md").read_text()
ENDINGS = re.compile(r"_(total|bucket|sum|count)$")


@pytest.fixture
def told(db: None) -> dict[str, set[str]]:
    """Every number of ours by name, with the labels it may have."""
    gauges = {family.name: set(family._labelnames) for family in Gauges().collect()}
    counted = {
        collector._name: set(collector._labelnames)
        for collector in REGISTRY._collector_to_names
        if getattr(collector, "_name", "").startswith("portico_")
    }
    return gauges | counted


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_asks_for_what_is_told(alert: dict[str, Any], told: dict[str, set[str]]) -> None:
    asked = re.findall(r"(portico_\w+)(?:\{([^}]*)\})?", alert["expr"])
    for name, labels in asked:
        family = ENDINGS.sub("", name)
        assert family in told
        assert set(re.findall(r"(\w+)[=!]", labels)) <= told[family]
    assert asked or alert["expr"].startswith("up{")
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"]


def test_the_runbook_says_what_to_do_about_each() -> None:
    for alert in ALERTS:
        assert f"**{alert['alert']}**" in OPERATING


def test_every_number_is_in_the_table(told: dict[str, set[str]]) -> None:
    listed = {ENDINGS.sub("", name) for name in re.findall(r"`(portico_\w+)`", OPERATING)}
    assert listed == set(told)
