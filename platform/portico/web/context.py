"""What every page shows around its content: whose portal, where one can go, what is new."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portico.accounts import may
from portico.accounts.may import Permission
from portico.accounts.models import Person
from portico.notices.queries import unread_count


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    permission: Permission
    under: str | Promise = ""  # its heading behind "More"; those without one stand in the bar

    @property
    def url(self) -> str:
        return _address(self.url_name, get_urlconf())


@cache
def _address(url_name: str, urlconf: str | None) -> str:
    """Where *url_name* is at a school's or a region's host: of each page's forty links once."""
    return reverse(url_name, urlconf)


MOST_STANDING = 6  # in one line with a school's name on a small laptop, in Spanish too
OFFERS = _("Offers")
RECORDS = _("Records")
SCHOOL = pgettext_lazy("a heading in the navigation", "School")
KEEPING = pgettext_lazy("a heading in the navigation", "Set-up")

# In the order they are shown; a person sees the places they may go to.
SCHOOL_PLACES = (
    Place("find", _("Find"), "search", "find", may.SEARCH),
    Place("journey", _("My journey"), "route", "journey", may.PURSUE),
    Place(
        "check-in",
        pgettext_lazy("a place, for checking in and out", "Check in"),
        "map-pin-check",
        "check-in",
        may.CHECK_IN,
    ),
    Place("saved", _("Saved"), "bookmark", "saved", may.SEARCH),
    Place("wishes", _("Wishes"), "sparkles", "wishes", may.SEARCH),
    Place("board", _("Board"), "layout-dashboard", "board", may.FOLLOW_PLACEMENTS),
    Place("requests", _("Requests"), "inbox", "requests", may.DECIDE_REQUESTS),
    Place("today", _("Today"), "clock", "today", may.FOLLOW_PLACEMENTS),
    Place("placements", _("Placements"), "users", "placements", may.FOLLOW_PLACEMENTS),
    Place("opportunities", _("Opportunities"), "briefcase", "opportunities", may.CURATE),
    Place("sites", _("Sites"), "map-pin", "sites", may.CURATE, OFFERS),
    Place("pool", _("Region"), "share-2", "pool", may.RELEASE, OFFERS),
    Place("exports", _("Reports"), "file-down", "exports", may.EXPORT, RECORDS),
    Place("privacy", _("Records shown"), "shield-check", "privacy", may.KEEP_RECORDS, RECORDS),
    Place("people", _("People"), "users", "people", may.SEE_PEOPLE, SCHOOL),
    Place("rosters", _("Roster"), "file-up", "rosters", may.BRING_ROSTERS, SCHOOL),
    Place(
        "requirements",
        _("Required documents"),
        "file-check",
        "requirements",
        may.REQUIRE_DOCUMENTS,
        SCHOOL,
    ),
    Place(
        "attendance-policy",
        _("Calendar and rules"),
        "calendar-cog",
        "attendance-policy",
        may.SET_UP,
        SCHOOL,
    ),
    Place(
        "sign-in-settings",
        _("How people sign in"),
        "key-round",
        "sign-in-settings",
        may.SET_UP_SIGN_IN,
        SCHOOL,
    ),
    Place("settings", _("Settings"), "settings", "school-settings", may.SET_UP, SCHOOL),
    Place("advisees", _("My students"), "graduation-cap", "advisees", may.ADVISE),
    Place("starts", _("Starts"), "circle-check", "starts", may.ADVISE),
    Place("today", _("Today"), "clock", "teacher-today", may.ADVISE),
)
REGION_PLACES = (
    Place("region", _("Region"), "layout-dashboard", "region", may.OVERSEE),
    Place("overview", _("Overview"), "chart-column", "overview", may.OVERSEE),
    Place("schools", _("Schools"), "school", "schools", may.KEEP_SCHOOLS),
    Place("partners", _("Partners"), "handshake", "partners", may.KEEP_PARTNERS),
    Place("region-pool", _("Pool"), "share-2", "region-pool", may.OVERSEE),
    Place("exports", _("Reports"), "file-down", "exports", may.EXPORT),
    Place("postings", _("Postings"), "briefcase", "postings", may.POST),
    Place("partner-numbers", _("Numbers"), "chart-column", "partner-numbers", may.POST),
    Place("rosters", _("Roster"), "file-up", "rosters", may.BRING_ROSTERS, KEEPING),
    Place(
        "sign-in-settings",
        _("How people sign in"),
        "key-round",
        "sign-in-settings",
        may.SET_UP_SIGN_IN,
        KEEPING,
    ),
    Place("synonyms", _("Words of the search"), "search", "synonyms", may.KEEP_WORDS, KEEPING),
    Place("services", _("Services"), "webhook", "services", may.KEEP_SERVICES, KEEPING),
)


@dataclass(frozen=True)
class Group:
    """Places behind "More" under one heading; those that found no room in the bar have none."""

    heading: str | Promise
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Account:
    name: str
    initials: str
    role: str


def home_url(person: Person, *, kind: str) -> str:
    """Where *person* begins: the first place they may go, else their notices."""
    for place in SCHOOL_PLACES if kind == "school" else REGION_PLACES:
        if person.has_role(*place.permission.roles):
            return place.url
    return reverse("notices")


def navigation(person: Person, *, kind: str) -> tuple[list[Place], list[Group]]:
    """Where *person* may go in a tenant of *kind*: what stands in the bar, what is behind "More".

    Who holds several roles may go to more places than the bar has room for: the surplus
    comes first behind "More".
    """
    places = SCHOOL_PLACES if kind == "school" else REGION_PLACES
    mine = [place for place in places if person.has_role(*place.permission.roles)]
    standing = [place for place in mine if not place.under]
    behind: dict[str | Promise, list[Place]] = {"": standing[MOST_STANDING:]}
    for place in mine:
        if place.under:
            behind.setdefault(place.under, []).append(place)
    groups = [Group(heading, tuple(group)) for heading, group in behind.items() if group]
    return standing[:MOST_STANDING], groups


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor; see base.html for what each name is for."""
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        return {"tenant_name": "Portico", "monogram": "P"}
    person: Person | None = getattr(request, "user", None)
    viewer: Person | None = getattr(request, "viewer", None)  # see web/people/viewing.py
    context: dict[str, Any] = {
        "tenant_name": tenant.name,
        "region_name": tenant.region.name if tenant.region_id else "",
        "monogram": tenant.monogram,
        "tenant_color": tenant.color,
        "tenant": tenant,
    }
    if person is None or not person.is_authenticated:
        return context
    context["nav_items"], context["nav_more"] = navigation(person, kind=tenant.kind)
    own = viewer or person
    context["account"] = Account(
        name=own.full_name,
        initials=own.initials,
        role=own.role_labels,
    )
    if viewer is not None:
        context["viewed_as"] = person
        return context
    context["may_have_tokens"] = person.has_role(*may.MAKE_TOKENS.roles)
    context["may_have_webhooks"] = person.has_role(*may.KEEP_WEBHOOKS.roles)
    context["unread"] = unread_count(person=person)
    return context
