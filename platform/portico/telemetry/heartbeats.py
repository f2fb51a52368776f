"""Signs of life of the programs without an address: a worker's and the clock's.

Each touches a file in HEARTBEAT_DIR from the loop that does its work, so one that hangs
falls silent. `portico health worker` and `portico health beat` read them.
"""

import time
from pathlib import Path

from django.conf import settings

EVERY_SECONDS = 10.0
SILENT_AFTER_SECONDS = 60.0


def heartbeat_file(program: str) -> Path:
    """Where *program* (`worker`, `beat`) leaves its sign of life."""
    return Path(settings.HEARTBEAT_DIR) / f"portico-{program}.alive"


def beat_heart(program: str) -> None:
    path = heartbeat_file(program)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def stop_heart(program: str) -> None:
    """On an orderly end: nobody is to be thought alive or hanging."""
    heartbeat_file(program).unlink(missing_ok=True)


def seconds_silent(program: str) -> float | None:
    """Since *program*'s last sign of life; None when there was none."""
    try:
        return time.time() - heartbeat_file(program).stat().st_mtime
    except FileNotFoundError:
        return None
