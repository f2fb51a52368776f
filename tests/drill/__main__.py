"""Break the running site on purpose, and look: `make drill`, or `make drill ARGS="beat killed"`.

Real processes on this machine (granian, Celery, PostgreSQL, Valkey, a mail server) under a
steady load of the main story and check-ins. After each fault: did anybody see how we are
made, was a yes not kept, do ledger, outbox and history still add up? Prints a table and writes
`build/drill.json`. SIZE=small is quick. The exit code is 1 when something is not ok.
"""

import importlib
import json
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from portico.supervisor import Stop, stop_on_signals
from tests.drill.hands import many_hands
from tests.drill.parts import Parts
from tests.drill.row import Row

RESULTS = Path(os.environ.get("DRILL_RESULTS") or Path(__file__).parents[2] / "build/drill.json")
HANDS = "hands"  # to name the last row alone


def main(names: list[str]) -> int:
    size = os.environ.get("SIZE", "full")
    stop_on_signals()  # whoever ends us ends the parts too
    if names == [HANDS]:
        return _tell([many_hands()])
    with (
        tempfile.TemporaryDirectory(prefix="portico-drill-") as folder,
        Parts(Path(folder)) as parts,
    ):
        import django

        django.setup()  # settings want the addresses of the parts
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        drilling = importlib.import_module("tests.drill.drilling")
        rows = drilling.drill(parts, size=size, names=names)
        from django.db import connections

        connections.close_all()
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        for log in (*Path(folder).glob("*.log"), *Path(folder).glob("logs/*.log")):
            shutil.copyfile(log, RESULTS.with_name(f"drill-{log.name}"))
    if size == "full" and not names:
        rows.append(many_hands())
    return _tell(rows)


def _tell(rows: list[Row]) -> int:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n")
    _print(rows)
    return 0 if all(row.ok for row in rows) else 1


def _print(rows: list[Row]) -> None:
    table = Table(title="drill", title_justify="left")
    titles = ("fault", "s", "requests", "errors", "refused", "lost", "doubled", "mails", "twice")
    for title in (*titles, ""):
        table.add_column(title, justify="left" if title in ("fault", "") else "right")
    for row in rows:
        numbers = (row.seconds, row.requests, row.errors, row.refused, row.lost, row.doubled)
        cells = map(str, (*numbers, row.mails, row.mails_twice))
        table.add_row(row.fault, *cells, "ok" if row.ok else "NOT OK")
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    for row in rows:
        for line in row.why:
            console.print(f"{row.fault}: {line}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.exit(stop.exit_code)
