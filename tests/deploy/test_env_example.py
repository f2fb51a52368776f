"""env.example explains every setting, and with it filled in production starts."""

import ast
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
LINES = (DEPLOY / "env.example").read_text().splitlines()
ASSIGNMENT = re.compile(r"(# )?([A-Z][A-Z0-9_]*)=(.*)")
# Of compose.yaml, the Caddyfile and OpenTelemetry, not of Django's settings.
DEPLOYMENT_ONLY = {"POSTGRES_PASSWORD", "TLS", "CERTIFICATES", "OTEL_EXPORTER_OTLP_ENDPOINT"}


def explained() -> dict[str, str]:
    return {
        match[2]: match[3] for line in LINES if (match := ASSIGNMENT.fullmatch(line)) is not None
    }


def read_by_settings() -> set[str]:
    """The names in `env("NAME")`, `env.int("NAME")` and their like."""
    names = set()
    for path in (ROOT / "platform" / "portico" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = ast.unparse(node.func)
                if called == "env" or called.startswith("env."):
                    names.add(str(node.args[0].value))
    return names


def test_every_setting_is_explained_and_nothing_else() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "BASE_HOST"} <= read_by_settings()
    assert set(explained()) == read_by_settings() | DEPLOYMENT_ONLY


def test_every_line_has_words_before_it() -> None:
    unexplained = [
        line
        for before, line in pairwise(LINES)
        if ASSIGNMENT.fullmatch(line) and not before.startswith("#")
    ]
    assert unexplained == []


def check_production(**environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portico.settings.prod",
            "DATABASE_URL": "postgres://portico:secret@localhost/portico",  # as compose.yaml does
            "REDIS_URL": "redis://valkey:6379/0",
            **environment,
        },
    )


def filled_in() -> dict[str, str]:
    given = {
        match[2]: match[3]
        for line in LINES
        if (match := ASSIGNMENT.fullmatch(line)) is not None and match[1] is None
    }
    return given | {"SECRET_KEY": "0123456789abcdef" * 4}


def test_production_starts_with_it_and_django_finds_no_fault() -> None:
    done = check_production(**filled_in())
    assert done.returncode == 0
    # Whether browsers ship with the domain on their HTTPS list is its owner's to say, and
    # the styles may not be built yet where the tests run.
    minor = {"security.W021", "staticfiles.W004"}
    assert set(re.findall(r"\((\w+\.\w+)\)", done.stderr)) <= minor


def test_production_does_not_start_without_a_secret_key() -> None:
    done = check_production(**filled_in() | {"SECRET_KEY": ""})
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr
