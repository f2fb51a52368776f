"""What is asked and what is answered."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

Origin = Literal["own", "school", "partner"]
Position = tuple[float, float]  # latitude, longitude

SORTS = ("best", "newest", "nearest", "closing")
ORIGINS: tuple[Origin, ...] = ("own", "school", "partner")
MOST_COUNTED = 1000  # above this many, pages say “1,000+”


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """All optional; several values of one kind mean any of them, kinds mean all of them."""

    words: str = ""
    fields: tuple[str, ...] = ()
    days: tuple[int, ...] = ()  # ISO weekdays
    pays: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    partner: UUID | None = None
    grade: int | None = None
    remote: bool = False
    miles: float | None = None  # from `near`, else from the school; remote ones count as near
    near: Position | None = None
    saved_by: UUID | None = None
    wishes_of: UUID | None = None
    open_only: bool = False
    new_since: datetime.datetime | None = None  # first to be seen after that
    free_from: datetime.time | None = None  # nothing that begins earlier
    free_until: datetime.time | None = None  # nothing that ends later
    sort: str = "best"

    @property
    def is_plain(self) -> bool:
        """True when nothing narrows the list."""
        return self == Criteria(sort=self.sort, near=self.near)


class Listing(NamedTuple):
    """What a student sees of an internship: no contact, no holder, no other school's students."""

    id: UUID
    title: str
    site_name: str
    neighborhood: str
    description: str
    field: str
    skills: list[str]
    days: list[int]
    start_time: datetime.time | None
    end_time: datetime.time | None
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    pay: str
    hourly_rate: Decimal | None
    pay_note: str
    grades: list[int]
    requirements: str
    remote: bool
    latitude: float | None
    longitude: float | None
    published_at: datetime.datetime
    origin_kind: str  # own, school, partner
    origin_name: str
    slots: int
    open_slots: int
    ask_owner: bool
    miles: float | None
    is_saved: bool
    is_new: bool


@dataclass(frozen=True)
class Facets:
    """How many listings each value would leave, with all filters but the value's own kind.

    Counted among at most the first 1,001 of each kind: `Results.total_is_capped` says
    that there are more, and counts are then lower bounds.
    """

    fields: dict[str, int] = field(default_factory=dict)
    days: dict[int, int] = field(default_factory=dict)
    pays: dict[str, int] = field(default_factory=dict)
    origins: dict[str, int] = field(default_factory=dict)
    grades: dict[int, int] = field(default_factory=dict)
    remote: int = 0
    open: int = 0
    saved: int = 0
    wishes: int = 0


@dataclass(frozen=True)
class Results:
    listings: list[Listing]
    next_cursor: str | None
    total: int  # at most MOST_COUNTED
    total_is_capped: bool
    facets: Facets
    suggestion: str | None = None  # nothing had the words; these are what was searched instead
