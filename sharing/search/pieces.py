"""SQL with its parameters, put together from small pieces; values never enter the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Piece:
    text: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: "Piece | str") -> "Piece":
        if isinstance(other, str):
            return Piece(self.text + other, self.params)
        return Piece(self.text + other.text, self.params + other.params)

    def __radd__(self, before: str) -> "Piece":
        return Piece(before + self.text, self.params)


def join(separator: str, pieces: Iterable[Piece]) -> Piece:
    kept = list(pieces)
    return Piece(
        separator.join(piece.text for piece in kept),
        tuple(value for piece in kept for value in piece.params),
    )


def all_of(pieces: Iterable[Piece]) -> Piece:
    """`a AND b AND …`; true when there are none."""
    return join(" AND ", pieces) if (pieces := list(pieces)) else Piece("true")


def any_of(pieces: Iterable[Piece]) -> Piece:
    """`(a OR b OR …)`; false when there are none."""
    return "(" + join(" OR ", pieces) + ")" if (pieces := list(pieces)) else Piece("false")
