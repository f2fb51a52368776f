"""Half an hour of everything at once, and memory that stays flat: `make soak`, MINUTES=30.

Students of many schools search, look at their journey, read notices, check in and out;
programs read the API; the worker counts, seals and mails. Real parts on loopback. Not
among the subjects of a plain `make bench`: it takes as long as it is told to.
"""

import http.client
import json
import os
import random
import tempfile
import threading
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from rich.console import Console

from tenants.setup import set_up_database
from tests.benchmarks.case import Case
from tests.benchmarks.morning_phones import CSRF
from tests.benchmarks.morning_region import Phone, make_morning
from tests.benchmarks.soak_memory import Watch, growth_of
from tests.running_site import program, running_site

SCALES = {"small": (20, 10), "full": (200, 50)}  # schools, students in each
VISITORS = 4
SHORTEST = 0.25  # minutes
WORDS = ("", "farm", "museum", "veterinary", "work", "astrobiology")
CELERY = ("celery", "--app", "portico.celery:app")
# What a hundred requests are: most look, one in ten writes.
MIX = {"find": 30, "search": 20, "journey": 12, "notices": 8, "check-in": 6, "api": 14, "tap": 10}


def measure(scale: str) -> list[Case]:
    minutes = max(SHORTEST, float(os.environ.get("MINUTES", "30")))
    set_up_database()
    schools, students = SCALES[scale]
    phones = make_morning(schools=schools, students=students)
    with ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory(prefix="portico-soak-")))
        for name in ("web", "worker", "beat"):
            (folder / name).mkdir()
        quick = {"DUE_WORK_SECONDS": "2"}
        site = parts.enter_context(running_site(folder / "web", **quick))
        worker, _log = parts.enter_context(
            program(folder / "worker", "worker", *CELERY, "worker", "--concurrency", "2", **quick)
        )
        beat = ("beat", "--pidfile=", "--schedule", str(folder / "beat" / "schedule"))
        parts.enter_context(program(folder / "beat", "beat", *CELERY, *beat, **quick))
        watch = parts.enter_context(
            Watch(
                web=psutil.Process(site.process.pid),
                worker=psutil.Process(worker.pid),
                every=max(0.5, minutes * 60 / 300),
            )
        )
        load = Load(site.port, phones)
        load.run(seconds=minutes * 60)
    return [*_answers(load), *(_flat(name, watch.samples[name]) for name in sorted(watch.samples))]


def _answers(load: "Load") -> list[Case]:
    slow = sorted(load.took_ms)[int(0.95 * len(load.took_ms))]
    failed = sum(n for (_kind, status), n in load.answers.items() if status not in (200, 201))
    told = ", ".join(f"{kind} {status}: {n}" for (kind, status), n in sorted(load.answers.items()))
    Console().print(f"answers: {told}", highlight=False)
    return [
        Case(
            case=f"requests answered in {load.seconds:.0f} s",
            unit="/s",
            ours=len(load.took_ms) / load.seconds,
            aim="shown",
            ok=True,
        ),
        Case(case="failed", unit="requests", ours=failed, aim="0", ok=failed == 0),
        Case(case="a request, 95 of 100", unit="ms", ours=slow, aim="≤ 500 ms", ok=slow <= 500),
    ]


def _flat(name: str, samples: list[tuple[float, float]]) -> Case:
    growth = growth_of(samples)
    return Case(
        case=f"memory of {name} at the end, limit: when warm ({growth.slope:+.1f} MB/h)",
        unit="MB",
        ours=growth.end,
        limit=growth.warm,
        aim="≤ 1.1 × limit",
        ok=growth.is_flat,
    )


@dataclass
class Load:
    """Visitors on kept connections, each asking as soon as the last is answered."""

    port: int
    phones: list[Phone]
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    took_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def run(self, *, seconds: float) -> None:
        began = time.perf_counter()
        threads = [
            threading.Thread(target=self._visit, args=(number, began + seconds))
            for number in range(VISITORS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.seconds = time.perf_counter() - began

    def _visit(self, number: int, until: float) -> None:
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while time.perf_counter() < until:
            phone = chance.choice(self.phones)
            (kind,) = chance.choices(list(MIX), list(MIX.values()))
            began = time.perf_counter()
            connection.request(*_request(kind, phone, chance))
            answer = connection.getresponse()
            answer.read()
            self.took_ms.append(1000 * (time.perf_counter() - began))
            self.answers[kind, answer.status] += 1
        connection.close()


def _request(
    kind: str, phone: Phone, chance: random.Random
) -> tuple[str, str, str | None, dict[str, str]]:
    """Method, path, body and headers."""
    headers = {
        "Host": phone.host,
        "Cookie": f"portico_session={phone.session}; csrftoken={CSRF}",
        "Accept-Encoding": "gzip",
    }
    if kind != "tap":
        path = {
            "find": "/",
            "search": f"/?q={chance.choice(WORDS)}",
            "journey": "/journey/",
            "notices": "/notices/",
            "check-in": "/check-in/",
            "api": "/api/v1/listings/",
        }[kind]
        return "GET", path, None, headers
    body = {
        "key": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "user": phone.student,
        "placement": phone.placement,
        "kind": chance.choice(("in", "out")),
        "location": {"status": "ok", "latitude": 40.82, "longitude": -73.9, "accuracy": 20},
    }
    headers |= {"X-CSRFToken": CSRF, "Content-Type": "application/json"}
    return "POST", "/check-in/events/", json.dumps(body), headers
