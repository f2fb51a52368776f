"""A release brought to many schools: ours, beside its bare SQL (limit) and django-tenants (rival).

The release adds a column, an index, and a table with a foreign key; ours also gives the table
its rights and finds out what each school lacks. A second one runs Python in every school.
"""

import statistics
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tenants.context import OWNER
from tenants.provisioning.provision import provision_region, provision_school
from tenants.provisioning.rollout import Scripts, migrate_tenants
from tenants.setup import set_up_database
from tests.benchmarks.case import Case
from tests.benchmarks.provisioning import address
from tests.benchmarks.stock import migrate_by_stock
from tests.tenants.releases import NextRelease

SCHOOLS = {"small": 100, "full": 1_000}
RAW = 25
RIVALS = 5
OURS = "bench__s*"

PYTHON = """
    def name_them(apps, editor):
        Term = apps.get_model("catalog", "Term")
        for term in Term.objects.using(editor.connection.alias):
            term.save()

    operations = [migrations.RunPython(name_them)]
"""


def measure(scale: str) -> list[Case]:
    count = SCHOOLS[scale]
    set_up_database()
    provision_region(code="bench", name="Bench")
    for code in (
        *(f"s{n}" for n in range(count)),
        *(f"raw{n}" for n in range(RAW)),
        *(f"m{n}" for n in range(RIVALS)),
    ):
        provision_school(region="bench", code=code, name=code)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MIGRATION_MODULES", {})
        release = NextRelease(Path(folder), settings, patch)
        release.adds_motto()
        raw = _Raw(every=count // RAW)
        whole, each = _ours(count, raw)
        limit = statistics.median(raw.times)
        rival = statistics.median(migrate_by_stock(f"bench__m{n}") for n in range(RIVALS))
        idle, _each = _ours(0)
        release.adds("catalog", "python", PYTHON)
        python, _each = _ours(count)
        python_rival = statistics.median(migrate_by_stock(f"bench__m{n}") for n in range(RIVALS))
    return [
        Case(
            case="a school, median",
            unit="ms",
            ours=1_000 * each,
            limit=1_000 * limit,
            rival=1_000 * rival,
            aim="≤ 2 × limit, ≤ rival / 50",
            ok=each <= 2 * limit and each <= rival / 50,
        ),
        Case(
            case=f"{count} schools, compiling included, a school",
            unit="ms",
            ours=1_000 * whole / count,
            limit=1_000 * limit,
            rival=1_000 * rival,
            aim="≤ rival / 50" if scale == "full" else "≤ rival / 5",
            ok=whole / count <= rival / (50 if scale == "full" else 5),
        ),
        Case(
            case="the same with Python in each, a school",
            unit="ms",
            ours=1_000 * python / count,
            rival=1_000 * python_rival,
            aim="≤ rival / 5",
            ok=python / count <= python_rival / 5,
        ),
        Case(
            case=f"finding {count} schools up to date",
            unit="s",
            ours=idle,
            aim="≤ 10 s",
            ok=idle <= 10,
        ),
    ]


def _ours(wanted: int, raw: "_Raw | None" = None) -> tuple[float, float]:
    """Seconds for all, and for the median school; *raw* has its turn between two schools."""
    times: list[float] = []
    mark = time.perf_counter()

    def progress(line: str) -> None:
        nonlocal mark
        times.append(time.perf_counter() - mark)
        if raw and "bench__" in line:
            raw.take_turn()
        mark = time.perf_counter()

    summary = migrate_tenants(only=OURS, progress=progress)
    times.append(time.perf_counter() - mark)
    assert summary.is_good, summary.failed
    assert sum(name.startswith("bench__") for name in summary.migrated) == wanted
    return sum(times), statistics.median(times)


class _Raw:
    """The bare SQL, a statement and a transaction a school, on schools of its own."""

    def __init__(self, *, every: int) -> None:
        script = Scripts().script_for("bench__raw0")
        assert script is not None
        self.text = str(script)
        self.connection = psycopg.connect(**address(OWNER), autocommit=True)
        self.every = every
        self.turns = 0
        self.times: list[float] = []

    def take_turn(self) -> None:
        self.turns += 1
        if self.turns % self.every or len(self.times) == RAW:
            return
        path = f"bench__raw{len(self.times)}, bench, public"
        began = time.perf_counter()
        self.connection.execute(f"BEGIN; SET LOCAL search_path = {path}; {self.text}; COMMIT")
        self.times.append(time.perf_counter() - began)
