"""The address of the list as criteria, and what it may be narrowed by.

Everything is in the address, so that a search can be kept, shared and gone back to.
Values nobody offers are ignored.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from catalog.fields import Field
from catalog.offers import Pay, Weekday
from portico.accounts.models import Person
from sharing.search import SORTS, Criteria, Facets

MILES = (1, 3, 5, 10)
PAYS = (Pay.PAID, Pay.STIPEND, Pay.CREDIT)
ORIGINS = ("own", "school", "partner")
ORIGIN_ICONS = {"own": "school", "school": "share-2", "partner": "handshake"}
MOST_LETTERS = 200


@dataclass(frozen=True)
class Option:
    """One chip of a facet."""

    name: str
    value: str
    label: str
    on: bool
    count: int | None = None
    icon: str = ""


@dataclass(frozen=True)
class Facet:
    """A row of chips; `kind` is checkbox or radio."""

    legend: str
    options: list[Option]
    kind: str = "checkbox"

    @property
    def is_used(self) -> bool:
        return any(option.on and option.value for option in self.options)


def read_criteria(query: QueryDict, *, student: Person) -> Criteria:
    """What the address asks for; nonsense is left out."""
    sort = query.get("sort", "")
    return Criteria(
        words=" ".join(query.get("q", "")[:MOST_LETTERS].replace("\0", "").split()),
        fields=_known(query, "field", Field.values),
        days=tuple(int(day) for day in _known(query, "day", [str(day) for day in Weekday.values])),
        pays=_known(query, "pay", [str(pay) for pay in PAYS]),
        origins=_known(query, "origin", list(ORIGINS)),  # type: ignore[arg-type]
        grade=student.grade if query.get("mine") and student.grade else None,
        remote=bool(query.get("remote")),
        open_only=bool(query.get("open")),
        saved_by=student.id if query.get("saved") else None,
        wishes_of=student.id if query.get("wished") else None,
        miles=next((float(n) for n in MILES if query.get("miles") == str(n)), None),
        sort=sort if sort in SORTS else "best",
    )


def asks_for_something(criteria: Criteria) -> bool:
    """True when words and one field at most narrow the list: its being empty says what is missing.

    With days or distances too, there may be enough, only not then or not there.
    """
    rest = replace(criteria, words="", fields=())
    return rest.is_plain and not criteria.is_plain and len(criteria.fields) <= 1


def _known(query: QueryDict, name: str, values: list[str]) -> tuple[str, ...]:
    asked = set(query.getlist(name))
    return tuple(value for value in values if value in asked)


def write_address(criteria: Criteria) -> str:
    """The shortest query that `read_criteria` reads as *criteria*."""
    query = QueryDict(mutable=True)
    if criteria.words:
        query["q"] = criteria.words
    lists: dict[str, tuple[Any, ...]] = {
        "origin": criteria.origins,
        "field": criteria.fields,
        "day": criteria.days,
        "pay": criteria.pays,
    }
    for name, values in lists.items():
        if values:
            query.setlist(name, [str(value) for value in values])
    flags = {
        "mine": criteria.grade,
        "open": criteria.open_only,
        "remote": criteria.remote,
        "saved": criteria.saved_by,
        "wished": criteria.wishes_of,
    }
    for name, is_set in flags.items():
        if is_set:
            query[name] = "1"
    if criteria.miles is not None:
        query["miles"] = f"{criteria.miles:g}"
    if criteria.sort != "best":
        query["sort"] = criteria.sort
    return query.urlencode()


# --- what it may be narrowed by ---------------------------------------------------------


def first_facets(criteria: Criteria, counts: Facets) -> list[Facet]:
    """Always in sight: who offers it, pay and field."""
    labels = {"own": _("Your school"), "school": _("Released"), "partner": _("Partners")}
    offered = [
        Option(
            name="origin",
            value=origin,
            label=labels[origin],
            on=origin in criteria.origins,
            count=counts.origins.get(origin, 0),
            icon=ORIGIN_ICONS[origin],
        )
        for origin in ORIGINS
    ]
    paid = Option(
        name="pay",
        value=Pay.PAID,
        label=_("Paid"),
        on=Pay.PAID in criteria.pays,
        count=counts.pays.get(Pay.PAID, 0),
        icon="wallet",
    )
    fields = [
        Option(
            name="field",
            value=code,
            label=str(label),
            on=code in criteria.fields,
            count=counts.fields.get(code, 0),
        )
        for code, label in Field.choices
    ]
    facets = [Facet(_("Offered by"), [*offered, paid])]
    if shown := _most_first(fields):
        facets.append(Facet(_("Field"), shown))
    return facets


def more_facets(
    criteria: Criteria, counts: Facets, *, student: Person, has_position: bool
) -> list[Facet]:
    """Behind "More filters": days, what suits the student, distance."""
    days = [
        Option(
            name="day",
            value=str(day),
            label=str(WEEKDAYS[day - 1]),
            on=day in criteria.days,
            count=counts.days.get(day, 0),
        )
        for day in Weekday.values
        if counts.days.get(day) or day in criteria.days
    ]
    suits = [
        Option("open", "1", _("Free now"), criteria.open_only, counts.open),
        Option("wished", "1", _("On my wishlist"), bool(criteria.wishes_of), counts.wishes),
        Option("saved", "1", _("Saved"), bool(criteria.saved_by), counts.saved),
        Option("remote", "1", _("Remote"), criteria.remote, counts.remote),
    ]
    if student.grade:
        label = _("For grade %(grade)d") % {"grade": student.grade}
        number = counts.grades.get(student.grade, 0)
        suits.insert(1, Option("mine", "1", label, criteria.grade is not None, number))
    suits += [
        Option("pay", pay, str(Pay(pay).label), pay in criteria.pays, counts.pays.get(pay, 0))
        for pay in PAYS[1:]
    ]
    facets = [Facet(_("Days"), days)] if days else []
    facets.append(Facet(_("What suits me"), suits))
    if has_position:
        facets.append(_distances(criteria))
    return facets


def _distances(criteria: Criteria) -> Facet:
    anywhere = Option("miles", "", _("Any distance"), criteria.miles is None)
    nearer = [
        Option("miles", str(miles), _("Up to %(miles)d mi") % {"miles": miles},
               criteria.miles == miles)
        for miles in MILES
    ]  # fmt: skip
    return Facet(_("Distance from school"), [anywhere, *nearer], kind="radio")


def _most_first(options: list[Option]) -> list[Option]:
    """Chosen ones first, so that a chip does not jump out of sight; empty ones not at all."""
    kept = [option for option in options if option.on or option.count]
    return sorted(kept, key=lambda option: (not option.on, -(option.count or 0)))


def sort_options(criteria: Criteria, *, has_position: bool) -> list[Option]:
    """The orders of the list."""
    labels = {
        "best": _("Best match") if criteria.words else _("Newest"),
        "newest": _("Newest"),
        "nearest": _("Nearest to school"),
        "closing": _("Starts soonest"),
    }
    shown = [sort for sort in SORTS if has_position or sort != "nearest"]
    if not criteria.words:
        shown.remove("newest")  # without words the best are the newest
    return [Option("sort", sort, labels[sort], sort == criteria.sort) for sort in shown]
