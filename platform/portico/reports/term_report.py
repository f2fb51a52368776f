"""A term in numbers, for a school's own report and for a district's. From rollups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.fields import Field
from portico.reports import overview
from portico.reports.counting import term_of, week_of
from sharing.models import Rollup
from tenants.context import current_schema

Kind = Rollup.Kind
Number = int | None  # None: too few to show


@dataclass(frozen=True)
class FieldLine:
    field: str
    offered: int  # opportunities
    open_slots: int
    wishing: Number
    started: Number


@dataclass(frozen=True)
class WeekLine:
    monday: date
    started: Number
    requested: Number


@dataclass(frozen=True)
class TermReport:
    """*term* is a half-year, `2026-2`. Fields and numbers of slots are as they are today."""

    term: str
    opportunities: int
    open_slots: int
    released: int
    students: Number
    placed: Number  # ever
    interning: Number
    requested: Number  # in the term
    started: Number  # in the term
    fields: Sequence[FieldLine]
    weeks: Sequence[WeekLine]


def term_label(key: str) -> str:
    """`2026-2` as people say it."""
    year, half = key.split("-")
    spring, fall = _("Spring %(year)s"), _("Fall %(year)s")
    return (spring if half == "1" else fall) % {"year": year}


def report_for(*, kind: str) -> TermReport:
    """The current tenant's report; *kind* is the tenant's, `school` or `region`."""
    return school_report() if kind == "school" else region_report()


def region_report() -> TermReport:
    """This term in the region, by the thresholds of the overview."""
    numbers = overview.region_numbers()
    weeks, (term,) = overview.trends(weeks=_weeks_of_term(), terms=1)
    return TermReport(
        term=term.key,
        opportunities=numbers.opportunities,
        open_slots=numbers.open_slots,
        released=numbers.released,
        students=numbers.students,
        placed=numbers.placed,
        interning=numbers.interning,
        requested=term.requested,
        started=term.started,
        fields=[
            FieldLine(one.field, one.opportunities, one.open_slots, one.wishing, one.started)
            for one in overview.by_field()
        ],
        weeks=[WeekLine(date.fromisoformat(one.key), one.started, one.requested) for one in weeks],
    )


def school_report() -> TermReport:
    """This term at the current school; its own people may know its small numbers."""
    rows = {(row.kind, row.key): row for row in Rollup.objects.filter(school=current_schema())}
    term = term_of(timezone.localdate())
    none = Rollup()
    whole = rows.get((Kind.WHOLE, ""), none)
    of_term = rows.get((Kind.TERM, term), none)
    fields = [(field, rows.get((Kind.FIELD, field), none)) for field in Field.values]
    monday = date.fromisoformat(week_of(timezone.localdate()))
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(_weeks_of_term()))]
    weeks = [(day, rows.get((Kind.WEEK, day.isoformat()), none)) for day in mondays]
    return TermReport(
        term=term,
        opportunities=whole.opportunities,
        open_slots=whole.free + whole.released,
        released=whole.released,
        students=whole.students,
        placed=whole.students - whole.never_placed,
        interning=whole.interning,
        requested=of_term.requested,
        started=of_term.started,
        fields=[
            FieldLine(
                field=field,
                offered=row.opportunities,
                open_slots=row.free + row.released,
                wishing=row.wishing,
                started=row.started,
            )
            for field, row in fields
        ],
        weeks=[WeekLine(day, row.started, row.requested) for day, row in weeks],
    )


def _weeks_of_term() -> int:
    """From the first day of the half-year to this week."""
    today = timezone.localdate()
    first = date(today.year, 1 if today.month <= 6 else 7, 1)
    return (today - first).days // 7 + 1
