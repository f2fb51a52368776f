"""Where open slots are, and which wished fields are out of reach. Reads only.

Distances are as the crow flies, good to a percent or so within a region.
"""

import math
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FloatField, Min, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Power, Sqrt

from catalog.fields import Field
from catalog.models import Opportunity, WishlistItem
from catalog.offers import Pay
from sharing.models import VisibleListing
from tenants.context import current_schema
from tenants.models import Tenant
from tenants.queries import schools_of

MOST_PINS = 400
MILES_A_DEGREE = 69.1
MILES = (1, 3, 5, 10)
IN_REACH = 3


@dataclass(frozen=True)
class Wanted:
    """What narrows the map. `origin`: own, released or partner. `school`: a schema."""

    field: str = ""
    origin: str = ""
    school: str = ""
    paid: bool = False


@dataclass(frozen=True)
class Pin:
    """A listing with open slots, at its site. `origin` as in cotton/origin.html."""

    id: str
    title: str
    site: str
    neighborhood: str
    field: str
    pay: str
    latitude: float | None  # None: remote, or nobody entered it; in the table only
    longitude: float | None
    origin: str
    origin_name: str
    open: int
    miles: float | None


@dataclass(frozen=True)
class SchoolPin:
    schema: str
    name: str
    latitude: float
    longitude: float
    mine: bool


Position = tuple[float, float]


def position_of(school: Tenant) -> Position | None:
    """Where the school is; None while nobody has entered it."""
    if school.latitude is None or school.longitude is None:
        return None
    return school.latitude, school.longitude


def pins(*, wanted: Wanted, school: Position | None) -> list[Pin]:
    """Listings with open slots, nearest first, those without a position last. Two queries."""
    found: list[Pin] = []
    if wanted.origin in ("", "own") and wanted.school in ("", current_schema()):
        own = _narrowed(_own(), wanted).order_by("-published_at")[:MOST_PINS]
        found += [_pin(one, one.capacity - one.taken - one.released, school) for one in own]
    if wanted.origin != "own" and wanted.school != current_schema():
        pool = _narrowed(_pool(), wanted)
        if wanted.origin:
            kind = "partner" if wanted.origin == "partner" else "school"
            pool = pool.filter(origin_kind=kind)
        if wanted.school:
            pool = pool.filter(origin_schema=wanted.school)
        newest = pool.order_by("-published_at")[:MOST_PINS]
        found += [_pin(one, one.slots - one.taken, school) for one in newest]
    far = math.inf
    return sorted(found, key=lambda one: (far if one.miles is None else one.miles, one.title))


def _own() -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(
        state=Opportunity.State.PUBLISHED, capacity__gt=F("taken") + F("released")
    ).defer("doc", "description")


def _pool() -> QuerySet[VisibleListing]:
    return VisibleListing.objects.filter(slots__gt=F("taken")).defer("doc", "description")


def _narrowed(found: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    if wanted.field:
        found = found.filter(field=wanted.field)
    if wanted.paid:
        found = found.filter(pay=Pay.PAID)
    return found


def _pin(offer: Any, slots: int, school: Position | None) -> Pin:
    kind = getattr(offer, "origin_kind", "own")
    placed = offer.latitude is not None and offer.longitude is not None and not offer.remote
    miles = None
    if placed and school is not None:
        miles = _miles(school, (offer.latitude, offer.longitude))
    return Pin(
        id=str(offer.pk),
        title=offer.title,
        site=offer.site_name,
        neighborhood=offer.neighborhood,
        field=offer.field,
        pay=offer.pay,
        latitude=offer.latitude if placed else None,
        longitude=offer.longitude if placed else None,
        origin={"own": "own", "partner": "partner"}.get(kind, "released"),
        origin_name=getattr(offer, "origin_name", ""),
        open=slots,
        miles=miles,
    )


def _miles(one: Position, other: Position) -> float:
    north = (other[0] - one[0]) * MILES_A_DEGREE
    east = (other[1] - one[1]) * MILES_A_DEGREE * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


def school_pins() -> list[SchoolPin]:
    """The region's schools that have a position."""
    here = current_schema()
    return [
        SchoolPin(one.schema_name, one.name, one.latitude, one.longitude, one.schema_name == here)
        for one in schools_of(region=here.partition("__")[0])
        if one.latitude is not None and one.longitude is not None
    ]


# --- gaps ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """One field students wish for, and how far the school is from a slot in it."""

    field: str
    students: int
    slots: int  # open within reach, remote ones among them
    nearest: float | None  # miles; None: nowhere, or remote only

    @property
    def label(self) -> str:
        return str(Field(self.field).label)

    @property
    def is_gap(self) -> bool:
        return self.slots == 0


def coverage(*, school: Position, miles: float) -> list[Coverage]:
    """Every wished field, the gaps first, then by how many students wish. Three queries."""
    students = dict(
        WishlistItem.objects.filter(student__is_active=True)
        .exclude(field="")
        .order_by()
        .values_list("field")
        .annotate(n=Count("student_id", distinct=True))
    )
    slots: dict[str, int] = dict.fromkeys(students, 0)
    nearest: dict[str, float] = {}
    sources = (
        (_own(), F("capacity") - F("taken") - F("released")),
        (_pool(), F("slots") - F("taken")),
    )
    for found, free in sources:
        rows = (
            found.filter(field__in=list(students))
            .annotate(miles_away=_miles_away(school))
            .order_by()
            .values_list("field")
            .annotate(
                near=Min("miles_away", filter=Q(remote=False)),
                within=Sum(free, filter=Q(remote=True) | Q(miles_away__lte=miles)),
            )
        )
        for field, near, within in rows:
            slots[field] += within or 0
            if near is not None:
                nearest[field] = min(near, nearest.get(field, near))
    listed = [
        Coverage(field, count, slots[field], nearest.get(field))
        for field, count in students.items()
    ]
    return sorted(listed, key=lambda one: (not one.is_gap, -one.students, one.label))


def _miles_away(school: Position) -> Combinable:
    """_miles in SQL; null without a position."""
    a_degree_east = MILES_A_DEGREE * math.cos(math.radians(school[0]))
    north = (F("latitude") - Value(school[0])) * Value(MILES_A_DEGREE)
    east = (F("longitude") - Value(school[1])) * Value(a_degree_east)
    return Sqrt(Power(north, 2) + Power(east, 2), output_field=FloatField())
