"""A listing as a student meets it in a list: its words and where its buttons lead."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.fields import Field
from portico.internships.models import Placement
from portico.web.offer_words import distance_words, pay_words, schedule_words
from sharing.search import Listing

ORIGIN_KINDS = {"own": "own", "school": "released", "partner": "partner"}  # of the component


@dataclass(frozen=True)
class Card:
    """What the listing card needs, and the same for the listing's own page."""

    listing: Listing
    url: str
    origin: str
    origin_label: str
    field: str
    schedule: str
    travel: str
    pay: str
    favorite_url: str
    request_url: str
    placement: Placement | None


def card(listing: Listing, *, placement: Placement | None = None) -> Card:
    """*listing* in words; *placement* is the student's own open one here, if there is one."""
    url = reverse("listing", args=[listing.id])
    asks = placement is None and listing.open_slots > 0
    return Card(
        listing=listing,
        url=url,
        origin=ORIGIN_KINDS[listing.origin_kind],
        origin_label=origin_label(listing.origin_kind, listing.origin_name),
        field=str(Field(listing.field).label),
        schedule=schedule_words(listing.days, listing.start_time, listing.end_time),
        travel=distance_words(listing.miles, remote=listing.remote),
        pay=pay_words(listing.pay, listing.hourly_rate, listing.pay_note),
        favorite_url=favorite_url(listing.id, saved=listing.is_saved),
        request_url=f"{url}#request" if asks else "",
        placement=placement,
    )


def cards(listings: Iterable[Listing], *, placements: Mapping[uuid.UUID, Placement]) -> list[Card]:
    """Cards of *listings*; *placements* are the student's open ones by listing."""
    return [card(listing, placement=placements.get(listing.id)) for listing in listings]


def origin_label(kind: str, name: str) -> str:
    """“Your school”, “Released by Bronx Academy”, “Partner: Bridge Works”."""
    if kind == "school":
        return _("Released by %(school)s") % {"school": name}
    if kind == "partner":
        return _("Partner: %(partner)s") % {"partner": name}
    return _("Your school")


def favorite_url(listing_id: uuid.UUID, *, saved: bool) -> str:
    """Where the bookmark POSTs; it says what is wanted, so a second click changes nothing."""
    return reverse("forget-listing" if saved else "save-listing", args=[listing_id])
