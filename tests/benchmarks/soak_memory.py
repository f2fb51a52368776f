"""How much memory the programs hold, second by second, and whether that still grows."""

import contextlib
import threading
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from django.conf import settings

WARM_UP = 0.4  # of the time: caches fill, connections meet every school
PER_HOUR = 3600.0


@dataclass
class Growth:
    """Of one kind of program: megabytes when it was warm, at the end, and the line between."""

    warm: float
    end: float
    slope: float  # megabytes an hour, the least-squares line after the warm-up

    @property
    def is_flat(self) -> bool:
        """Less than a tenth more than when it was warm, or than 5 MB: noise of allocators."""
        return self.end - self.warm <= max(5.0, 0.1 * self.warm)


def growth_of(samples: list[tuple[float, float]]) -> Growth:
    """Of (seconds, megabytes) in order of time. At least ten, or there is nothing to say."""
    if len(samples) < 10:
        raise ValueError(f"{len(samples)} samples are too few")
    after = samples[0][0] + WARM_UP * (samples[-1][0] - samples[0][0])
    warm = [sample for sample in samples if sample[0] >= after]
    edge = max(1, len(warm) // 5)
    times = [seconds for seconds, _ in warm]
    sizes = [size for _, size in warm]
    middle_time, middle_size = sum(times) / len(times), sum(sizes) / len(sizes)
    spread = sum((each - middle_time) ** 2 for each in times)
    together = sum((t - middle_time) * (s - middle_size) for t, s in warm)
    return Growth(
        warm=sum(sizes[:edge]) / edge,
        end=sum(sizes[-edge:]) / edge,
        slope=PER_HOUR * together / spread if spread else 0.0,
    )


@dataclass
class Watch:
    """Looks at memory every *every* seconds, from a thread of its own, while the block lasts.

    Memory is what belongs to the processes alone (RssAnon): shared buffers and libraries
    are counted nowhere.
    """

    web: psutil.Process
    worker: psutil.Process
    every: float
    samples: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        seconds = 0.0
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner:
            while not self._stop.wait(self.every):
                seconds += self.every
                for name, size in self._sizes(owner).items():
                    self.samples.setdefault(name, []).append((seconds, size))

    def _sizes(self, owner: "psycopg.Connection") -> dict[str, float]:
        backends = owner.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'portico_web'"
        ).fetchall()
        return {
            "web": sum(map(megabytes, family(self.web))),
            "worker": sum(map(megabytes, family(self.worker))),
            "PostgreSQL's backends": sum(megabytes(pid) for (pid,) in backends),
        }


def family(parent: psutil.Process) -> list[int]:
    return [parent.pid, *(child.pid for child in parent.children(recursive=True))]


def megabytes(pid: int) -> float:
    """What a process holds for itself; 0 when it has just ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    return 0.0
