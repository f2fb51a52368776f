"""The region at a glance, for its district admins: read from rollups alone, never a person.

What is offered is nobody's secret and shown as it is. What students do is shown by the rules
of small_groups: a school's count under the threshold is hidden, and so is whatever would
give it away. Slots of the pool in use are the ledger's numbers and shown as they are.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, Sum
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


@dataclass(frozen=True)
class SchoolNumbers:
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


def by_week(*, weeks: int = 12) -> list[Happened]:
    """The last *weeks* weeks, this one included."""
    monday = date.fromisoformat(week_of(timezone.localdate()))
    keys = [(monday - timedelta(weeks=back)).isoformat() for back in reversed(range(weeks))]
    return _happened(Kind.WEEK, keys)


def by_term(*, terms: int = 4) -> list[Happened]:
    """The last *terms* half-years, this one included."""
    day, keys = timezone.localdate(), []
    for _ in range(terms):
        keys.append(term_of(day))
        day = date(day.year, 1 if day.month <= 6 else 7, 1) - timedelta(days=1)
    return _happened(Kind.TERM, keys[::-1])


def _happened(kind: str, keys: list[str]) -> list[Happened]:
    rows = (
        Rollup.objects.filter(kind=kind, key__gte=keys[0])
        .values_list("key")
        .annotate(
            all_requested=Sum("requested"),
            asking=Count("school", filter=Q(requested__gt=0)),
            all_started=Sum("started"),
            starting=Count("school", filter=Q(started__gt=0)),
        )
        .order_by()
    )
    found = {key: numbers for key, *numbers in rows}
    happened = []
    for key in keys:
        requested, asking, started, starting = found.get(key, (0, 0, 0, 0))
        happened.append(
            Happened(
                key,
                requested=shown_sum(requested, schools=asking),
                started=shown_sum(started, schools=starting),
            )
        )
    return happened


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
    """What schools released to each other, the busiest origins first."""
    released = Rollup.objects.filter(kind=Kind.WHOLE, released__gt=0).exclude(
        school=current_schema()
    )
    return _flows(dict(released.values_list("school", "released")), most=most)


def flows_from_partners() -> list[Flow]:
    """What each partner that posts brought."""
    posted = Rollup.objects.filter(kind=Kind.ORIGIN, school=current_schema())
    return _flows(dict(posted.values_list("key", "released")), only_these=True)


def flow_from(origin: str) -> Flow:
    """What one origin brought."""
    posted = Rollup.objects.filter(kind=Kind.ORIGIN, school=current_schema(), key=origin)
    released = sum(posted.values_list("released", flat=True))
    return _flows({origin: released}, only_these=True)[0]


def _flows(
    released: dict[str, int], *, only_these: bool = False, most: int | None = None
) -> list[Flow]:
    """Flows of the origins in *released* and, unless *only_these*, of any other school."""
    used = Rollup.objects.filter(kind=Kind.ORIGIN).exclude(school=current_schema())
    used = used.filter(key__in=released) if only_these else used.filter(key__contains="__")
    sums = {
        origin: (in_use, filled)
        for origin, in_use, filled in used.values_list("key")
        .annotate(in_use=Sum(F("pursuing") + F("interning")), filled=Sum("started"))
        .order_by()
    }

    def busiest_first(origin: str) -> tuple[int, int, int, str]:
        in_use, filled = sums.get(origin, (0, 0))
        return -filled, -in_use, -released.get(origin, 0), origin

    origins = sorted({*sums, *released}, key=busiest_first)[:most]
    users: dict[str, list[Use]] = defaultdict(list)
    rows = used.filter(key__in=origins).values_list(
        "key", "school", F("pursuing") + F("interning"), "started"
    )
    for origin, school, in_use, filled in rows.order_by("-started", "school"):
        if in_use or filled:
            users[origin].append(Use(school, in_use, filled))
    return [
        Flow(
            origin=origin,
            released=released.get(origin, 0),
            in_use=sums.get(origin, (0, 0))[0],
            filled=sums.get(origin, (0, 0))[1],
            users=users[origin],
        )
        for origin in origins
    ]
