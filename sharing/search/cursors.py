"""The place a page ended at, as an opaque text; a text we did not write starts over."""

import datetime
import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.core import signing

from sharing.search.criteria import Criteria, Position

_SALT = "sharing.search"
_SHAPE = 2  # counted up when a cursor's meaning changes


@dataclass(frozen=True)
class Place:
    """Where to go on: a stretch of the list, and the key of the last row shown of it.

    `today` and `bounds` are the first page's, so that the order holds while days pass
    and listings come and go. `words` are the ones put right, if they were.
    """

    words: str
    today: datetime.date
    stretch: int = 0
    key: tuple[str, ...] | None = None
    bounds: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    suggestion: str | None = None


def write(place: Place, *, criteria: Criteria, school_position: Position | None) -> str:
    content = [
        _SHAPE,
        _digest(criteria, school_position),
        place.words,
        place.today.isoformat(),
        place.stretch,
        place.key,
        place.bounds,
        place.suggestion,
    ]
    return signing.dumps(content, salt=_SALT, compress=True)


def read(
    cursor: str | None, *, criteria: Criteria, school_position: Position | None
) -> Place | None:
    """None when there is none, or it is not one of ours for this question."""
    if not cursor:
        return None
    try:
        content: Any = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        return None
    if content[:2] != [_SHAPE, _digest(criteria, school_position)]:
        return None
    words, today, stretch, key, bounds, suggestion = content[2:]
    return Place(
        words=words,
        today=datetime.date.fromisoformat(today),
        stretch=stretch,
        key=tuple(key) if key else None,
        bounds={name: tuple(bound) if bound else None for name, bound in bounds.items()},
        suggestion=suggestion,
    )


def _digest(criteria: Criteria, school_position: Position | None) -> str:
    text = repr((sorted(vars(criteria).items()), school_position))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
