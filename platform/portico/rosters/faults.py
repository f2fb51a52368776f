"""What is wrong with a roster's files, and what is odd: each with its file and line."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MOST_FAULTS = 100
MOST_EXAMPLES = 5


@dataclass(frozen=True)
class Fault:
    """Something that must be put right in the file before any of it is used."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        if not self.line:
            return f"{self.file}: {self.text}"
        return _("%(file)s, line %(line)d: %(text)s") % vars(self)


class RosterRefused(Exception):
    """The roster cannot be used; *faults* says why, the first hundred of them."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults[:3]))
        self.faults = faults


@dataclass
class Note:
    """Something odd that stops nothing: how often, and where it was first seen."""

    text: str
    count: int
    examples: list[Fault]

    @property
    def where(self) -> str:
        return ", ".join(f"{place.file} {place.line}" for place in self.examples)


@dataclass
class Findings:
    """Collects faults and notes while files are read."""

    faults: list[Fault] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)
    _examples: dict[str, list[Fault]] = field(default_factory=dict)

    def refuse(self, file: str, line: int, text: str) -> None:
        self.faults.append(Fault(file, line, text))
        if len(self.faults) >= MOST_FAULTS:
            self.check()

    def note(self, file: str, line: int, text: str) -> None:
        """Notes of one *text* are counted together."""
        self._counts[text] += 1
        places = self._examples.setdefault(text, [])
        if len(places) < MOST_EXAMPLES:
            places.append(Fault(file, line, text))

    @property
    def notes(self) -> list[Note]:
        return [Note(text, count, self._examples[text]) for text, count in self._counts.items()]

    def check(self) -> None:
        """RosterRefused when there is any fault."""
        if self.faults:
            raise RosterRefused(self.faults)
