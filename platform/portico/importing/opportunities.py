"""What a row of an opportunities file means: a site, perhaps a mentor, and an internship there.

Only sites are needed; whatever else is empty gets a default that says what is still to
be written. Rows become OfferRows here; offer_plan.py compares and applies them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from catalog.models import Mentor, Opportunity, Site
from portico.importing import values
from portico.importing.columns import Column, Layout
from portico.importing.reading import Row
from portico.importing.sectors import field_of_sector

LONGEST_NAME = 120
DEFAULT_TITLE = "Intern"

COLUMNS = (
    Column("site", required=True, aliases=("organization", "organisation", "company", "employer")),
    Column("school", aliases=("dbn", "school code", "school id", "school name")),
    Column("title", aliases=("opportunity", "position", "internship")),
    Column("description", aliases=("about",)),
    Column("sector", aliases=("industry", "kind")),
    Column("field", values.field, aliases=("career cluster", "cluster")),
    Column("address", aliases=("street", "site address")),
    Column("neighborhood", aliases=("neighbourhood",)),
    Column("city", aliases=("borough",)),
    Column("zip_code", aliases=("zip", "postal code")),
    Column("latitude", values.number, aliases=("lat",)),
    Column("longitude", values.number, aliases=("lon", "lng", "long")),
    Column("website", aliases=("url", "web site")),
    Column("mentor_name", aliases=("mentor", "contact", "contact name")),
    Column("mentor_title", aliases=("contact title",)),
    Column("mentor_email", aliases=("contact email", "email")),
    Column("mentor_phone", aliases=("contact phone", "phone")),
    Column("capacity", values.whole_number, aliases=("slots", "places", "positions")),
    Column("days", values.weekdays, aliases=("weekdays",)),
    Column("start_time", values.time_of_day, aliases=("from",)),
    Column("end_time", values.time_of_day, aliases=("until",)),
    Column("starts_on", values.day, aliases=("first day", "start date")),
    Column("ends_on", values.day, aliases=("last day", "end date")),
    Column("pay", values.pay, aliases=("compensation",)),
    Column("hourly_rate", values.money, aliases=("rate", "wage")),
    Column("pay_note"),
    Column("grades", values.grades, aliases=("grade levels",)),
    Column("skills", values.pieces),
    Column("requirements"),
    Column("remote", values.yes_or_no),
    Column("state", values.new_state, aliases=("status",)),
)
SITE_COLUMNS = (
    "sector", "address", "neighborhood", "city", "zip_code", "latitude", "longitude", "website",
)  # fmt: skip
MENTOR_COLUMNS = {
    "mentor_title": "title", "mentor_email": "email", "mentor_phone": "phone",
}  # fmt: skip
OFFER_COLUMNS = (
    "title", "description", "field", "capacity", "days", "start_time", "end_time", "starts_on",
    "ends_on", "pay", "hourly_rate", "pay_note", "grades", "skills", "requirements", "remote",
)  # fmt: skip

FindSchool = Callable[[str], str | None]


@dataclass(frozen=True)
class OfferRow:
    """One good row. *offer*, *site* and *mentor* hold only what the file gives."""

    line: int
    school: str  # schema
    site_name: str
    site: dict[str, Any] = field(default_factory=dict)
    mentor_name: str = ""
    mentor: dict[str, Any] = field(default_factory=dict)
    offer: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)  # for a new opportunity only
    state: str = "draft"

    @property
    def site_key(self) -> str:
        return self.site_name.lower()

    @property
    def title_key(self) -> str:
        """Empty when the file has no title: then any internship at the site is this one."""
        return str(self.offer.get("title", "")).lower()

    def new_offer(self) -> dict[str, Any]:
        return {**self.defaults, **self.offer}


@dataclass(frozen=True)
class Reading:
    """What became of a row: an OfferRow, or problems; and notes either way."""

    row: OfferRow | None
    problems: list[str]
    notes: list[str]


def read_offer(row: Row, layout: Layout, *, find_school: FindSchool) -> Reading:
    """Judge one row. *find_school* gives the schema of what the school's column says."""
    found, problems = layout.read(row)
    notes: list[str] = []
    named = str(found.get("school", ""))
    schema = find_school(named)
    if schema is None:
        problems.append(
            _("school: there is no “%(name)s” here") % {"name": named}
            if named
            else _("school is empty")
        )
    whole_name = " ".join(str(found.get("site", "")).split())
    name = whole_name
    if len(whole_name) > LONGEST_NAME:
        name = Truncator(whole_name).chars(LONGEST_NAME)
        notes.append(
            _("site: shortened to %(most)d characters; all of it is in the description")
            % {"most": LONGEST_NAME}
        )
    site = {key: found[key] for key in SITE_COLUMNS if key in found}
    mentor = {ours: found[key] for key, ours in MENTOR_COLUMNS.items() if key in found}
    if mentor and not found.get("mentor_name"):
        problems.append(_("mentor_name is empty, though the row has a mentor's contact"))
    offer = {key: found[key] for key in OFFER_COLUMNS if key in found}
    if "title" in offer:
        offer["title"] = " ".join(offer["title"].split())
    defaults = {
        "title": DEFAULT_TITLE,
        "field": str(field_of_sector(found.get("sector", ""))),
        "description": _(
            "%(site)s works with this school. What an intern does there is still to be written."
        )
        % {"site": whole_name},
    }
    good = OfferRow(
        line=row.line,
        school=schema or "",
        site_name=name,
        site=site,
        mentor_name=str(found.get("mentor_name", "")),
        mentor=mentor,
        offer=offer,
        defaults=defaults,
        state=found.get("state", "draft"),
    )
    if name:
        problems += _judge(good)
    return Reading(None if problems else good, problems, notes)


def _judge(row: OfferRow) -> list[str]:
    """Problems of the values by our columns' names; the models' own rules."""
    offer = row.new_offer()
    opportunity = Opportunity(site_name=row.site_name, **offer)
    problems = _said_by(Site(name=row.site_name, **row.site), only={"name", *row.site})
    problems += _said_by(opportunity, only=set(offer))
    if row.mentor_name:
        problems += _said_by(
            Mentor(name=row.mentor_name, **row.mentor), only={"name", *row.mentor}, prefix="mentor_"
        )
    try:
        opportunity.clean()
    except ValidationError as error:
        problems += _lines(error)
    return problems


def _said_by(thing: Any, *, only: set[str], prefix: str = "") -> list[str]:
    exclude = {field.name for field in thing._meta.fields} - only
    try:
        thing.clean_fields(exclude=exclude)
    except ValidationError as error:
        return _lines(error, prefix)
    return []


def _lines(error: ValidationError, prefix: str = "") -> list[str]:
    return [f"{prefix}{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
