"""The demo region as plain data: who is there, what is offered and how far everyone has got.

Everything is invented except the neighborhoods and streets. No models here: the seed
reads these records and calls the same actions a person would. Days are counted from
the day of seeding, so that a demo is as fresh next year as it is today.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from importlib import resources
from typing import Any

CLUSTERS = (
    "manufacturing",
    "agriculture",
    "arts",
    "construction",
    "digital",
    "education",
    "energy",
    "finance",
    "health",
    "hospitality",
    "management",
    "marketing",
    "public_service",
    "supply_chain",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    code: str
    name: str
    short_name: str
    color: str  # "#rrggbb", dark enough for white text
    address: str
    neighborhood: str
    latitude: float
    longitude: float
    pursuit_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    code: str
    name: str
    email: str
    address: str
    latitude: float
    longitude: float
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    email: str
    first_name: str
    last_name: str
    tenant: str  # a school's code, or the region's
    roles: tuple[str, ...]
    grade: int | None = None  # students only
    teacher: str = ""  # a student's advisor, by e-mail
    partner: str = ""  # partner staff only: the partner's code
    language: str = "en"
    tour: bool = False  # the one person a role whose sign-in the demo prints


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor:
    first_name: str
    last_name: str
    title: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    key: str
    name: str
    address: str
    neighborhood: str
    latitude: float
    longitude: float
    transit: str
    mentors: tuple[Mentor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What the owning school puts into the pool."""

    slots: int
    released_days_ago: int
    ask_owner: bool = False
    # Own students first until so many days from today; negative: that time is over.
    own_first_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    key: str  # "owner/slug"; the owner is a school's code or a partner's
    title: str
    site: str
    mentor: str  # the e-mail of one of the site's mentors
    cluster: str
    description: str
    skills: tuple[str, ...]
    capacity: int
    days: tuple[int, ...]  # ISO weekdays, Monday is 1
    starts: time
    ends: time
    pay: str  # paid, stipend, credit or unpaid
    hourly_rate: Decimal | None = None  # with "paid"
    stipend: Decimal | None = None  # with "stipend": the amount for a term
    grades: tuple[int, ...]
    requirements: tuple[str, ...] = ()
    remote: bool = False
    status: str = "published"  # or draft, paused, archived
    created_days_ago: int
    release: Release | None = None  # schools only; a partner posts every slot to the pool
    only_schools: tuple[str, ...] = ()  # partners only; empty means every school

    @property
    def owner(self) -> str:
        return self.key.split("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishlist:
    student: str
    fields: tuple[str, ...]  # cluster codes
    jobs: tuple[str, ...] = ()
    favorites: tuple[str, ...] = ()  # keys of opportunities


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    student: str
    site_name: str
    address: str
    neighborhood: str
    cluster: str
    contact: str
    why: str
    days_ago: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One student's way through one opportunity, up to `state`.

    The schedule of a start request is the opportunity's own days and times.
    """

    student: str
    opportunity: str
    state: str
    message: str  # why, in the student's words
    requested_days_ago: int
    approved_days_ago: int | None = None  # by the coordinator
    start_requested_days_ago: int | None = None
    started_days_ago: int | None = None  # the teacher's approval of the start
    closed_days_ago: int | None = None  # completed, ended, declined, expired or withdrawn
    first_day_in: int | None = None  # days from today, negative when past
    last_day_in: int | None = None
    goals: tuple[str, ...] = ()
    reason: str = ""  # the words of whoever closed it


def region() -> Region:
    return Region(code="bronx", name="Bronx")


def schools() -> tuple[School, ...]:
    return tuple(School(**row) for row in _rows("schools.json"))


def partners() -> tuple[Partner, ...]:
    return tuple(Partner(**row) for row in _rows("partners.json"))


def people() -> tuple[Person, ...]:
    """Everyone who signs in; teachers come before their students."""
    return tuple(Person(**row) for row in _rows("people.json"))


def sites() -> tuple[Site, ...]:
    """Every place of work. Two owners may know the same site, each with a mentor of it."""
    return tuple(
        Site(**{**row, "mentors": tuple(Mentor(**mentor) for mentor in row["mentors"])})
        for row in _rows("sites.json")
    )


def opportunities() -> tuple[Opportunity, ...]:
    owners = [school.code for school in schools()] + [partner.code for partner in partners()]
    return tuple(
        _opportunity(row) for owner in owners for row in _rows(f"opportunities/{owner}.json")
    )


def wishlists() -> tuple[Wishlist, ...]:
    return tuple(Wishlist(**row) for row in _rows("wishlists.json"))


def suggestions() -> tuple[Suggestion, ...]:
    return tuple(Suggestion(**row) for row in _rows("suggestions.json"))


def days() -> dict[str, Any]:
    """What is said of a day at an internship: goals by cluster, reflections, mentors' words."""
    return json.loads(resources.files(__name__).joinpath("days.json").read_text("utf-8"))


def placements() -> tuple[Placement, ...]:
    """A student's earlier placements come before the one under way."""
    return tuple(Placement(**row) for row in _rows("placements.json"))


def _opportunity(row: dict[str, Any]) -> Opportunity:
    typed: dict[str, Any] = dict(row)
    for name in ("starts", "ends"):
        typed[name] = time.fromisoformat(row[name])
    for name in ("hourly_rate", "stipend"):
        if name in row:
            typed[name] = Decimal(row[name])
    if "release" in row:
        typed["release"] = Release(**row["release"])
    return Opportunity(**typed)


def _rows(name: str) -> Sequence[dict[str, Any]]:
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    return [
        {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
        for row in json.loads(text)
    ]
