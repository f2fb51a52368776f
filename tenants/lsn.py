"""A place in PostgreSQL's log of changes."""

import re
from dataclasses import dataclass

_FORM = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})")


@dataclass(frozen=True, order=True)
class Lsn:
    """A log sequence number; a later one has every change of an earlier one behind it."""

    place: int

    @classmethod
    def parse(cls, text: str) -> "Lsn":
        """From PostgreSQL's `16/B374D848`; ValueError when it is none."""
        form = _FORM.fullmatch(text)
        if form is None:
            raise ValueError(f"{text!r} is no place in the log")
        return cls((int(form[1], 16) << 32) | int(form[2], 16))

    def __str__(self) -> str:
        return f"{self.place >> 32:X}/{self.place & 0xFFFFFFFF:X}"
