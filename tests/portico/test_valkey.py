"""Valkey by its address, and by Sentinels: another takes over and nobody is turned away."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.cache import cache
from django.db import connections
from django.test import Client

from portico.notices.actions import tell
from portico.notices.models import Notice
from portico.settings.valkey import broker_options, broker_url, sentinels_of
from portico.valkey import Pool
from tests.running_site import program, wait_for
from tests.sentinel import sentinels
from tests.world import School

DATA = {"title": "T", "origin": "O", "reason": "R"}
CELERY = ("celery", "--app", "portico.celery:app")
THREE = "sentinel://user:p%40ss@10.0.0.31,10.0.0.32:26380,[fd00::1]:26379/2?master=portico"


def test_one_server_is_left_as_it_is() -> None:
    address = "redis://:secret@valkey:6379/0"
    assert sentinels_of(address) is None
    assert (broker_url(address), broker_options(address)) == (address, {})
    assert Pool.from_url(address).connection_kwargs["host"] == "valkey"


def test_sentinels_are_taken_apart_and_told_to_each_in_its_way() -> None:
    found = sentinels_of(f"{THREE}&sentinel_password=own")
    assert found is not None
    assert found.hosts == (("10.0.0.31", 26379), ("10.0.0.32", 26380), ("fd00::1", 26379))
    assert (found.master, found.database) == ("portico", 2)
    assert found.login == {"username": "user", "password": "p@ss"}
    assert found.options["password"] == "own"
    assert "password" not in sentinels_of(THREE).options  # type: ignore[union-attr]
    assert broker_url(THREE) == (
        "sentinel://user:p%40ss@10.0.0.31:26379/2;"
        "sentinel://user:p%40ss@10.0.0.32:26380/2;"
        "sentinel://user:p%40ss@[fd00::1]:26379/2"
    )
    assert broker_options(THREE)["master_name"] == "portico"


@pytest.mark.parametrize("address", ["sentinel://10.0.0.31/0", "sentinel:///0?master=portico"])
def test_half_an_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="REDIS_URL names"):
        sentinels_of(address)


def test_another_takes_over_and_work_and_pages_go_on(
    committed_db: None, met: School, settings: Any, tmp_path: Path
) -> None:
    teacher = met.person("teacher")
    with sentinels(tmp_path) as valkey:
        settings.REDIS_URL = valkey.url
        changed = {**settings.CACHES["default"], "LOCATION": [valkey.url]}
        settings.CACHES = {"default": changed}
        cache.set("before", 1)
        beat = (*CELERY, "beat", "--pidfile=", "--schedule", str(tmp_path / "schedule"))
        worker = (*CELERY, "worker", "--concurrency", "1")
        where = {"REDIS_URL": valkey.url, "DUE_WORK_SECONDS": "1"}
        with (
            program(tmp_path, "worker", *worker, **where) as (process, log),
            program(tmp_path, "beat", *beat, **where),
        ):
            _tell_and_wait(met, teacher, process, log)
            before = valkey.primary()
            with Visitor(met) as visitor:
                wait_for(lambda: visitor.visits > 0, process=process, log=log)
                valkey.kill_primary()
                killed, visits = time.monotonic(), visitor.visits
                wait_for(_counts_again, process=process, log=log)
                counted = time.monotonic() - killed
                _tell_and_wait(met, teacher, process, log)
                worked = time.monotonic() - killed
                wait_for(lambda: visitor.visits > visits + 2, process=process, log=log)
            assert valkey.primary() != before
        print(f"counted again after {counted:.1f} s, worked after {worked:.1f} s")
    assert visitor.statuses == {200}


def _tell_and_wait(school: School, person: Any, process: Any, log: Path) -> None:
    """One more notice, and the worker's sending it."""
    with school:
        notice = tell(kind="owner_refused", person=person, data=DATA)

    def is_sent() -> bool:
        with school:
            return bool(Notice.objects.get(id=notice.id).state == Notice.State.SENT)

    wait_for(is_sent, process=process, log=log)


def _counts_again() -> bool:
    try:
        cache.set("after", 1)
        return cache.get("after") == 1
    except redis.RedisError:
        return False


class Visitor:
    """Somebody who asks the API and for a new password: both are counted in Valkey."""

    def __init__(self, school: School) -> None:
        self.statuses: set[int] = set()
        self.visits = 0
        self._client: Client = school.client(school.coordinator())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._visit)

    def __enter__(self) -> "Visitor":
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._stop.set()
        self._thread.join()

    def _visit(self) -> None:
        nobody = {"email": "nobody@example.org"}
        while not self._stop.is_set():
            self.statuses.add(self._client.get("/api/v1/me/").status_code)
            self.statuses.add(self._client.post("/forgotten/", nobody).status_code)
            self.visits += 1
        connections["default"].close()
