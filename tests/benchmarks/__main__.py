"""Measure: `make bench`, or `make bench ARGS=provisioning` for one subject.

A subject is a module beside this one with `measure(scale: str) -> list[Case]`; its
docstring says what it compares. Each runs on a PostgreSQL of its own, prints a table
and writes `build/bench/SUBJECT.json`. SCALE=full measures more than SCALE=small, the
default; BENCH_RESULTS names another folder. The exit code is 1 when a case misses its aim.
"""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.case import Case
from tests.servers import start_test_servers, stop_test_servers

HERE = Path(__file__).parent
RESULTS = Path(os.environ.get("BENCH_RESULTS") or HERE.parents[1] / "build" / "bench")
ONLY_BY_NAME = {"soak"}  # takes as long as it is told to


def main(wanted: list[str]) -> int:
    subjects = all_subjects()
    if unknown := set(wanted) - set(subjects):
        sys.exit(f"No such subject: {', '.join(unknown)}; there are {', '.join(subjects)}")
    scale = os.environ.get("SCALE", "small")
    if scale not in ("small", "full"):
        sys.exit("SCALE is small or full")
    chosen = wanted or [one for one in subjects if one not in ONLY_BY_NAME]
    if len(chosen) > 1:
        # a process each: settings are read once, and name the server of the first
        ends = [subprocess.run(_alone(one), check=False).returncode for one in chosen]
        return 1 if any(ends) else 0
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = start_test_servers()
    try:
        return 1 if _run(chosen[0], scale) else 0
    finally:
        stop_test_servers()


def all_subjects() -> list[str]:
    """The modules here that measure something."""
    modules = {path.stem: path.read_text() for path in HERE.glob("*.py")}
    return sorted(name for name, text in modules.items() if "\ndef measure(" in text)


def _alone(subject: str) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks", subject]


def _run(subject: str, scale: str) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portico.settings.test"
    import django

    django.setup()
    module = importlib.import_module(f"tests.benchmarks.{subject}")
    cases: list[Case] = module.measure(scale)
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps([case.as_json() for case in cases], indent=1, ensure_ascii=False)
    (RESULTS / f"{subject}.json").write_text(text + "\n")
    _print(subject, cases)
    return sum(not case.ok for case in cases)


def _print(subject: str, cases: list[Case]) -> None:
    table = Table(title=subject, title_justify="left")
    for title in ("case", "unit", "ours", "limit", "rival", "× limit", "× rival", "aim", ""):
        table.add_column(title)
    for case in cases:
        row = case.as_json()
        numbers = (row[k] for k in ("ours", "limit", "rival", "ratio_to_limit", "ratio_to_rival"))
        cells = ("–" if number is None else f"{number:.3g}" for number in numbers)
        table.add_row(case.case, case.unit, *cells, case.aim, case.verdict)
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
