"""The region at a glance, for its district admins: read from rollups alone, never a person.

What is offered is nobody's secret and shown as it is. What students do is shown by the rules
of small_groups: a school's count under the threshold is hidden, and so is whatever would
give it away. Slots of the pool in use are the ledger's numbers and shown as they are.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from catalog.fields import Field
from portico.reports.counting import term_of, week_of
from portico.reports.small_groups import (
    MINIMUM,
    Group,
    Margin,
    hide_small,
    shown_cell,
    shown_margins,
    shown_sum,
)
from sharing.models import Rollup
from tenants.context import current_schema

Kind = Rollup.Kind
MANY_NEVER_PLACED = 0.5  # of a school's students
LITTLE_SUPPLY = 0.1  # open slots for each of them


@dataclass(frozen=True)
class FieldNumbers:
    """One field in the region. None: too few to show."""

    field: str
    opportunities: int
    open_slots: int
    wishing: int | None
    missed: int
    started: int | None


class SchoolNumbers(NamedTuple):
    """One school as a whole. `placed` of its students have ever begun an internship."""

    schema: str
    sites: int
    opportunities: int
    open_slots: int
    released: int
    placed: int | None
    students: int | None

    @property
    def share_placed(self) -> float | None:
        if self.placed is None or not self.students:
            return None
        return self.placed / self.students


@dataclass(frozen=True)
class RegionNumbers:
    """The schools and their sums. `interning`, `placed`, `students`: None if too few."""

    schools: dict[str, SchoolNumbers]  # by schema
    opportunities: int
    open_slots: int
    released: int
    interning: int | None
    placed: int | None
    students: int | None

    def in_need(self) -> list[SchoolNumbers]:
        """Schools most of whose students were never placed and that have little to offer.

        Those with the most students waiting first.
        """
        waiting: list[tuple[int, SchoolNumbers]] = []
        for one in self.schools.values():
            if one.students is None or one.placed is None:
                continue
            never = one.students - one.placed
            if never >= one.students * MANY_NEVER_PLACED and one.open_slots < never * LITTLE_SUPPLY:
                waiting.append((never, one))
        return [one for _never, one in sorted(waiting, key=lambda each: -each[0])]


def region_numbers() -> RegionNumbers:
    """Every school's row and what they come to; the region's own row is its partners' offer."""
    rows = Rollup.objects.filter(kind=Kind.WHOLE).values_list(
        "school",
        "sites",
        "opportunities",
        "free",
        "released",
        "students",
        "never_placed",
        "interning",
    )
    of_schools, partners = [], (0, 0)
    for row in rows:
        if row[0] == current_schema():
            partners = row[2], row[4]
        else:
            of_schools.append(row)
    shares, everyone = hide_small([Group(row[0], row[5] - row[6], row[5]) for row in of_schools])
    schools = [
        SchoolNumbers(
            schema=schema,
            sites=sites,
            opportunities=opportunities,
            open_slots=free + released,
            released=released,
            placed=share.count,
            students=share.total,
        )
        for (schema, sites, opportunities, free, released, *_rest), share in zip(
            of_schools, shares, strict=True
        )
    ]
    interning = [row[7] for row in of_schools]
    return RegionNumbers(
        schools={one.schema: one for one in schools},
        opportunities=sum(one.opportunities for one in schools) + partners[0],
        open_slots=sum(one.open_slots for one in schools) + partners[1],
        released=sum(one.released for one in schools) + partners[1],
        interning=shown_sum(sum(interning), schools=sum(map(bool, interning))),
        placed=everyone.count,
        students=everyone.total,
    )


def by_field() -> list[FieldNumbers]:
    """Supply, demand and placements of every field."""
    small = Q(started__lt=MINIMUM) & ~Q(school=current_schema())
    found = {
        row["key"]: row
        for row in Rollup.objects.filter(kind=Kind.FIELD)
        .values("key")
        .annotate(
            all_opportunities=Sum("opportunities"),
            open_slots=Sum(F("free") + F("released")),
            all_wishing=Sum("wishing"),
            wishing_schools=Count("school", filter=Q(wishing__gt=0)),
            all_missed=Sum("missed"),
            all_started=Sum("started"),
            small=Count("school", filter=small),
            rest=Sum("started", filter=small, default=0),
        )
        .order_by()
    }
    fields = [field for field in Field.values if field in found]
    margins = [
        Margin(found[field]["all_started"], found[field]["small"], found[field]["rest"])
        for field in fields
    ]
    started = dict(zip(fields, shown_margins(margins)[0], strict=True))
    return [
        FieldNumbers(
            field=field,
            opportunities=found[field]["all_opportunities"],
            open_slots=found[field]["open_slots"],
            wishing=shown_sum(found[field]["all_wishing"], schools=found[field]["wishing_schools"]),
            missed=found[field]["all_missed"],
            started=started[field],
        )
        for field in fields
    ]


@dataclass(frozen=True)
class SchoolFields:
    """One school's offer by field, in the order of Field; `started` None: too few to show."""

    schema: str
    opportunities: list[int]
    started: list[int | None]


def fields_of(schemas: list[str]) -> list[SchoolFields]:
    """The distribution of internships by field at each of *schemas*, in their order."""
    rows = Rollup.objects.filter(kind=Kind.FIELD, school__in=schemas).values_list(
        "school", "key", "opportunities", "started"
    )
    cells: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for school, field, opportunities, started in rows:
        cells[school, field] = opportunities, started
    return [
        SchoolFields(
            schema=schema,
            opportunities=[cells[schema, field][0] for field in Field.values],
            started=[shown_cell(cells[schema, field][1]) for field in Field.values],
        )
        for schema in schemas
    ]


@dataclass(frozen=True)
class Happened:
    """What began in a week or term: requests and internships. None: too few to show."""

    key: str
    requested: int | None
    started: int | None


def trends(*, weeks: int = 12, terms: int = 4) -> tuple[list[Happened], list[Happened]]:
    """The last *weeks* weeks and the last *terms* half-years, this one included. One query."""
    monday = date.fromisoformat(week_of(timezone.localdate()))
    mondays = [(monday - timedelta(weeks=back)).isoformat() for back in reversed(range(weeks))]
    day, halves = timezone.localdate(), []
    for _ in range(terms):
        halves.append(term_of(day))
        day = date(day.year, 1 if day.month <= 6 else 7, 1) - timedelta(days=1)
    rows = (
        Rollup.objects.filter(
            Q(kind=Kind.WEEK, key__in=mondays) | Q(kind=Kind.TERM, key__in=halves)
        )
        .values_list("key")
        .annotate(
            all_requested=Sum("requested"),
            asking=Count("school", filter=Q(requested__gt=0)),
            all_started=Sum("started"),
            starting=Count("school", filter=Q(started__gt=0)),
        )
        .order_by()
    )
    found = {key: _happened(key, *numbers) for key, *numbers in rows}
    none = (0, 0, 0, 0)
    return (
        [found.get(key) or _happened(key, *none) for key in mondays],
        [found.get(key) or _happened(key, *none) for key in halves[::-1]],
    )


def _happened(key: str, requested: int, asking: int, started: int, starting: int) -> Happened:
    return Happened(
        key,
        requested=shown_sum(requested, schools=asking),
        started=shown_sum(started, schools=starting),
    )


@dataclass(frozen=True)
class Use:
    """One school's use of an origin's slots: in use now, and internships begun so far."""

    school: str
    in_use: int
    filled: int


@dataclass(frozen=True)
class Flow:
    """Slots one origin gives: in the pool now, in use, filled so far, and by which schools."""

    origin: str  # a school's schema or a partner's id
    released: int
    in_use: int
    filled: int
    users: list[Use]  # who filled most first


def flows_from_schools(*, most: int = 10) -> list[Flow]:
    """What schools released to each other: the busiest origins, then those that offer most."""
    schools = Rollup.objects.exclude(school=current_schema())
    busiest = _used(schools.filter(kind=Kind.ORIGIN, key__contains="__"))
    busiest = busiest.order_by("-filled", "-in_use", "key")[:most]
    sums = {origin: (in_use, filled) for origin, in_use, filled in busiest}
    releasing = schools.filter(kind=Kind.WHOLE, released__gt=0).values_list("school", "released")
    released = dict(releasing.order_by("-released", "school")[:most])
    released |= dict(releasing.filter(school__in=list(sums)))
    return _flows(sums, released)[:most]


def flows_from_partners() -> list[Flow]:
    """What each partner that posts brought."""
    posted = Rollup.objects.filter(kind=Kind.ORIGIN, school=current_schema())
    return _flows_of(dict(posted.values_list("key", "released")))


def flow_from(origin: str) -> Flow:
    """What one partner brought."""
    posted = Rollup.objects.filter(kind=Kind.ORIGIN, school=current_schema(), key=origin)
    return _flows_of({origin: sum(posted.values_list("released", flat=True))})[0]


def _flows_of(released: dict[str, int]) -> list[Flow]:
    used = Rollup.objects.exclude(school=current_schema())
    found = _used(used.filter(kind=Kind.ORIGIN, key__in=list(released))).order_by()
    return _flows({origin: (in_use, filled) for origin, in_use, filled in found}, released)


def _used(rows: QuerySet[Rollup]):  # type: ignore[no-untyped-def]
    """Origin, slots in use, filled so far."""
    return rows.values_list("key").annotate(
        in_use=Sum(F("pursuing") + F("interning")), filled=Sum("started")
    )


def _flows(sums: dict[str, tuple[int, int]], released: dict[str, int]) -> list[Flow]:
    """A flow for each origin of *sums* (in use, filled) or *released*, the busiest first."""
    origins = sorted({*sums, *released})
    users: dict[str, list[Use]] = defaultdict(list)
    rows = (
        Rollup.objects.filter(kind=Kind.ORIGIN, key__in=origins)
        .exclude(school=current_schema())
        .values_list("key", "school", F("pursuing") + F("interning"), "started")
        .order_by("-started", "school")
    )
    for origin, school, in_use, filled in rows:
        if in_use or filled:
            users[origin].append(Use(school, in_use, filled))
    found = [
        Flow(origin, released.get(origin, 0), *sums.get(origin, (0, 0)), users[origin])
        for origin in origins
    ]
    return sorted(found, key=lambda flow: (-flow.filled, -flow.in_use, -flow.released))
