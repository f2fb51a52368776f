"""The ledger under 200 threads of 50 schools: the threaded test at its full size, as a row."""

import os
import re
import subprocess
import sys
import time

from tests.drill.parts import ROOT
from tests.drill.row import Row

TEST = "tests/portico/internships/test_ledger_at_once.py"
THREADS, SCHOOLS = 200, 50
ACTS = 2 * 12  # of each thread: two rounds


def many_hands() -> Row:
    """Run it on servers of its own; not ok when anything broke or the recount differs."""
    began = time.monotonic()
    kept = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=600", TEST],
        cwd=ROOT,
        env=kept | {"LEDGER_THREADS": str(THREADS), "LEDGER_SCHOOLS": str(SCHOOLS)},
        capture_output=True,
        text=True,
    )
    said = re.findall(r"^E .*$", done.stdout, re.MULTILINE)[:3]
    return Row(
        fault=f"{THREADS} hands of {SCHOOLS} schools at once",
        seconds=round(time.monotonic() - began, 1),
        requests=THREADS * ACTS,
        errors=0 if done.returncode == 0 else 1,
        ok=done.returncode == 0,
        why=[] if done.returncode == 0 else said or [done.stdout[-300:]],
    )
