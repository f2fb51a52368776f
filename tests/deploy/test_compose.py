"""compose.yaml: whole, consistent, and naming only what exists."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from portico.cli import cli
from portico.settings.queues import QUEUES

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
IMAGE = COMPOSE["x-app"]["image"]
OURS = [name for name, service in SERVICES.items() if service["image"] == IMAGE]


def test_the_parts_are_all_there() -> None:
    always = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert always == {"postgres", "valkey", "setup", "web", "worker", "beat", "caddy"}
    assert OURS == ["setup", "web", "worker", "worker-long", "beat"]


def test_the_worker_of_its_own_takes_what_it_is_said_to_and_the_first_the_rest() -> None:
    long = SERVICES["worker-long"]
    assert long["profiles"] == ["long"]
    theirs = long["environment"]["WORKER_QUEUES"].split(",")
    text = (DEPLOY / "compose.yaml").read_text()
    (rest,) = re.findall(r"# WORKER_QUEUES=(\S+)", text)
    assert sorted([*theirs, *rest.split(",")]) == sorted(QUEUES)
    assert long["environment"].items() >= SERVICES["beat"]["environment"].items()


def test_the_build_finds_its_file() -> None:
    build = COMPOSE["x-app"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_services_that_can_tell_they_are_ready(name: str) -> None:
    for other, wanted in SERVICES[name].get("depends_on", {}).items():
        if wanted["condition"] == "service_healthy":
            checked = SERVICES[other].get("healthcheck", {"test": None} if other == "web" else None)
            assert checked, f"{other} has no health check"
        else:
            assert wanted["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] == "no"


def test_web_is_checked_by_its_image() -> None:
    assert "healthcheck" not in SERVICES["web"]
    assert "\nHEALTHCHECK " in (DEPLOY / "Dockerfile").read_text()


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_are_declared_and_mounted_files_exist(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source = re.sub(r"\$\{CERTIFICATES:-.*?\}", ".", volume).split(":")[0]
        if source.startswith("."):
            assert (DEPLOY / source).exists()
        else:
            assert source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", OURS)
def test_secrets_come_from_the_file_and_are_demanded(name: str) -> None:
    assert SERVICES[name]["env_file"] == ".env"
    text = (DEPLOY / "compose.yaml").read_text()
    assert set(re.findall(r"\$\{POSTGRES_PASSWORD[^}]*\}", text)) == {
        "${POSTGRES_PASSWORD:?set it in deploy/.env}"
    }


def test_only_the_proxy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]


@pytest.mark.parametrize("name", ["setup", "worker", "worker-long", "beat"])
def test_commands_name_what_exists(name: str) -> None:
    words = SERVICES[name]["command"].split()
    if words[0] == "portico":
        assert CliRunner().invoke(cli, [*words[1:], "--help"]).exit_code == 0
    else:
        module, _, attribute = words[words.index("--app") + 1].partition(":")
        assert hasattr(importlib.import_module(module), attribute)
