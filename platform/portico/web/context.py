"""What every page shows around its content: whose portal, where one can go, what is new."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.notices.queries import unread_count


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    roles: frozenset[str]

    @property
    def url(self) -> str:
        return reverse(self.url_name)


def _place(key: str, label: str | Promise, icon: str, url_name: str, *roles: str) -> Place:
    return Place(key, label, icon, url_name, frozenset(roles))


# In the order they are shown; a person sees the places of the roles they hold.
SCHOOL_PLACES = (
    _place("find", _("Find"), "search", "find", Role.STUDENT),
    _place("journey", _("My journey"), "route", "journey", Role.STUDENT),
    _place(
        "check-in",
        pgettext_lazy("a place, for checking in and out", "Check in"),
        "map-pin-check",
        "check-in",
        Role.STUDENT,
    ),
    _place("saved", _("Saved"), "bookmark", "saved", Role.STUDENT),
    _place("wishes", _("Wishes"), "sparkles", "wishes", Role.STUDENT),
    _place("board", _("Board"), "layout-dashboard", "board", Role.COORDINATOR),
    _place("requests", _("Requests"), "inbox", "requests", Role.COORDINATOR),
    _place("today", _("Today"), "clock", "today", Role.COORDINATOR),
    _place("placements", _("Placements"), "users", "placements", Role.COORDINATOR),
    _place("opportunities", _("Opportunities"), "briefcase", "opportunities", Role.COORDINATOR),
    _place("sites", _("Sites"), "map-pin", "sites", Role.COORDINATOR),
    _place("pool", _("Region"), "share-2", "pool", Role.COORDINATOR),
    _place("exports", _("Reports"), "file-down", "exports", Role.COORDINATOR),
    _place("advisees", _("My students"), "graduation-cap", "advisees", Role.TEACHER),
    _place("starts", _("Starts"), "circle-check", "starts", Role.TEACHER),
    _place("today", _("Today"), "clock", "teacher-today", Role.TEACHER),
)
REGION_PLACES = (
    _place("region", _("Region"), "layout-dashboard", "region", Role.DISTRICT_ADMIN),
    _place("overview", _("Overview"), "chart-column", "overview", Role.DISTRICT_ADMIN),
    _place("schools", _("Schools"), "school", "schools", Role.DISTRICT_ADMIN),
    _place("partners", _("Partners"), "handshake", "partners", Role.DISTRICT_ADMIN),
    _place("region-pool", _("Pool"), "share-2", "region-pool", Role.DISTRICT_ADMIN),
    _place("exports", _("Reports"), "file-down", "exports", Role.DISTRICT_ADMIN),
    _place("postings", _("Postings"), "briefcase", "postings", Role.PARTNER_STAFF),
    _place("partner-numbers", _("Numbers"), "chart-column", "partner-numbers", Role.PARTNER_STAFF),
)


@dataclass(frozen=True)
class Account:
    name: str
    initials: str
    role: str


def home_url(person: Person, *, kind: str) -> str:
    """Where *person* begins: the first place they may go, else their notices."""
    for place in SCHOOL_PLACES if kind == "school" else REGION_PLACES:
        if place.roles & set(person.roles):
            return place.url
    return reverse("notices")


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor; see base.html for what each name is for."""
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        return {"tenant_name": "Portico", "monogram": "P"}
    person: Person | None = getattr(request, "user", None)
    context: dict[str, Any] = {
        "tenant_name": tenant.name,
        "region_name": tenant.region.name if tenant.region_id else "",
        "monogram": tenant.monogram,
        "tenant_color": tenant.color,
        "tenant": tenant,
    }
    if person is None or not person.is_authenticated:
        return context
    places = SCHOOL_PLACES if tenant.kind == "school" else REGION_PLACES
    context["nav_items"] = [place for place in places if place.roles & set(person.roles)]
    context["account"] = Account(
        name=person.full_name,
        initials=person.initials,
        role=", ".join(str(Role(role).label) for role in person.roles),
    )
    context["may_have_tokens"] = bool(set(person.roles) - {Role.STUDENT})
    context["unread"] = unread_count(person=person)
    return context
