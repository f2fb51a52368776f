"""What an import would do, before it does anything.

The good rows wait in a temporary file, so a hundred thousand of them take no memory and
what is applied is exactly what was validated, even if the file changes meanwhile.
"""

import pickle
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, TypeVar, cast

T = TypeVar("T")
CHUNK = 1_000
MOST_EXAMPLES = 30

NEW, CHANGED, SAME, REPEATED = "new", "changed", "same", "repeated"


@dataclass(frozen=True)
class Remark:
    """Something to say about a line."""

    line: int
    text: str


@dataclass(frozen=True)
class Change:
    """One row of the table that --dry-run shows."""

    line: int
    kind: str
    what: str
    details: str = ""


@dataclass
class Plan:
    """What would change, what is wrong, and the rows to apply."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: list[Change] = field(default_factory=list)
    bad: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    _rows: BinaryIO = field(default_factory=lambda: _temporary_file())

    @property
    def is_good(self) -> bool:
        return not self.bad

    def refuse(self, line: int, reason: str) -> None:
        self.bad.append(Remark(line, reason))

    def note(self, line: int, text: str) -> None:
        self.notes.append(Remark(line, text))

    def count(self, change: Change) -> None:
        self.counts[change.kind] += 1
        if change.kind in (NEW, CHANGED) and len(self.examples) < MOST_EXAMPLES:
            self.examples.append(change)

    def keep(self, row: Any) -> None:
        """Have *row* applied later."""
        pickle.dump(row, self._rows, protocol=pickle.HIGHEST_PROTOCOL)

    def rows(self) -> Iterator[Any]:
        """The rows to apply, in the order of the file."""
        self._rows.seek(0)
        while True:
            try:
                yield pickle.load(self._rows)  # noqa: S301 - our own file, written just before
            except EOFError:
                return


def _temporary_file() -> BinaryIO:
    """Gone with the plan that holds it."""
    return cast(BinaryIO, tempfile.TemporaryFile(prefix="portico-import-"))


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """*items* in lists of *size*."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def differences(now: object, wanted: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The attributes of *now* that *wanted* would change: name → (old, new)."""
    return {
        name: (getattr(now, name), value)
        for name, value in wanted.items()
        if getattr(now, name) != value
    }


def in_short(changes: dict[str, tuple[Any, Any]]) -> str:
    """Changes as one line: `capacity 1 → 2, title Aide → Helper`."""
    return ", ".join(
        f"{name} {_brief(old)} → {_brief(new)}" for name, (old, new) in changes.items()
    )


def _brief(value: Any) -> str:
    text = "–" if value in (None, "", []) else str(value)
    return text if len(text) <= 30 else text[:29] + "…"
