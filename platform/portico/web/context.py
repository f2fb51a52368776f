"""What every page shows around its content: whose portal, where one can go, what is new."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
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

    @property
    def url(self) -> str:
        return reverse(self.url_name)


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
    Place("sites", _("Sites"), "map-pin", "sites", may.CURATE),
    Place("pool", _("Region"), "share-2", "pool", may.RELEASE),
    Place("exports", _("Reports"), "file-down", "exports", may.EXPORT),
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
)


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
    places = SCHOOL_PLACES if tenant.kind == "school" else REGION_PLACES
    context["nav_items"] = [place for place in places if person.has_role(*place.permission.roles)]
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
