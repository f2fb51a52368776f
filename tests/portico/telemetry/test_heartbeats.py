"""The worker's and the clock's signs of life, from real ones; and what is said when they hang."""

import os
import signal
import time

import pytest
import redis
from click.testing import CliRunner

from portico import embedded
from portico.cli import cli
from portico.telemetry.heartbeats import SILENT_AFTER_SECONDS, beat_heart, heartbeat_file
from tests.running_site import program, wait_for

CELERY = ("celery", "--app", "portico.celery:app")
WORKER = (*CELERY, "worker", "--concurrency", "1")


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.HEARTBEAT_DIR = str(tmp_path / "heartbeats")


def health(of: str):
    return CliRunner().invoke(cli, ["health", of], standalone_mode=False)


def fall_silent(of: str) -> None:
    """As if the last sign of life were long ago."""
    then = time.time() - SILENT_AFTER_SECONDS - 5
    os.utime(heartbeat_file(of), (then, then))


@pytest.mark.parametrize(
    ("of", "command"),
    [("worker", WORKER), ("beat", (*CELERY, "beat", "--pidfile=", "--schedule"))],
)
def test_a_real_one_is_alive_until_it_is_stopped(committed_db, tmp_path, of, command):
    command = (*command, str(tmp_path / "schedule")) if of == "beat" else command
    with program(tmp_path, of, *command) as (process, log):
        wait_for(lambda: health(of).return_value == 0, process=process, log=log)
    assert health(of).return_value == 1
    assert "no sign of life" in health(of).output


def test_one_that_hangs_is_not_well():
    beat_heart("worker")
    assert health("worker").return_value == 0
    fall_silent("worker")
    done = health("worker")
    assert done.return_value == 1
    assert "silent for 6" in done.output


def test_one_that_waits_for_valkey_is_not_restarted(settings, tmp_path):
    with embedded.valkey(tmp_path / "valkey") as url:
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": url}}
        process = int(redis.Redis.from_url(url).info("server")["process_id"])
        beat_heart("worker")
        fall_silent("worker")
        assert health("worker").return_value == 1
        os.kill(process, signal.SIGSTOP)
        try:
            done = health("worker")
        finally:
            os.kill(process, signal.SIGCONT)
    assert done.return_value == 0
    assert "waits for Valkey" in done.output
