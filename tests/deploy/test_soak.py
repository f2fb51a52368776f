"""The soak itself: a quarter of a minute of it runs here, and it would notice a leak."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.soak_memory import growth_of

ROOT = Path(__file__).parents[2]


def test_a_short_soak_fails_no_request_and_says_what_memory_did(tmp_path: Path) -> None:
    # Servers of its own, not those of the tests around it.
    environment = {name: value for name, value in os.environ.items() if "_URL" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "soak"],
        cwd=ROOT,
        env={**environment, "MINUTES": "0.25", "SCALE": "small", "BENCH_RESULTS": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    result = tmp_path / "soak.json"
    cases = {case["case"].split(" at the end")[0]: case for case in json.loads(result.read_text())}
    assert cases["failed"]["ours"] == 0, done.stdout
    for program in ("web", "worker", "PostgreSQL's backends"):
        assert cases[f"memory of {program}"]["ours"] > 10
        assert "MB/h" in cases[f"memory of {program}"]["case"]


def samples(*, each_second: float) -> list[tuple[float, float]]:
    """Three minutes: a warm-up to 200 MB, a little noise, and what is said to grow."""
    return [
        (float(second), min(200.0, 100 + 3.0 * second) + second % 3 + each_second * second)
        for second in range(180)
    ]


def test_what_is_warm_and_stays_is_flat() -> None:
    growth = growth_of(samples(each_second=0))
    assert growth.is_flat
    assert abs(growth.slope) < 60
    assert growth.warm == pytest.approx(201, abs=2)


def test_a_leak_is_not_taken_for_warming_up() -> None:
    growth = growth_of(samples(each_second=0.5))
    assert not growth.is_flat
    assert growth.slope == pytest.approx(0.5 * 3600, rel=0.05)


def test_too_few_samples_say_nothing() -> None:
    with pytest.raises(ValueError, match="too few"):
        growth_of([(0.0, 1.0)] * 9)
