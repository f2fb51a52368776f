"""Saved: the listings a student wants to find again, and the searches they keep."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catalog.wanted import saved_ids
from portico.accounts import may
from portico.internships.queries import open_by_offer, placements_of
from portico.web.access import PortalRequest, page
from portico.web.student.cards import cards, favorite_url
from portico.web.student.position import school_position
from portico.web.student.views.searches import kept
from sharing.search import Criteria, search_listings

MOST_SHOWN = 100


@require_GET
@page(may.SEARCH)
def saved(request: PortalRequest) -> HttpResponse:
    """Newest saved first, and how many are not offered any more."""
    ids = saved_ids(student=request.user)
    results = search_listings(
        criteria=Criteria(saved_by=request.user.id),
        school_position=school_position(request.tenant),
        student=request.user,
        size=MOST_SHOWN,
        with_facets=False,
    )
    place = {listing_id: number for number, listing_id in enumerate(ids)}
    listings = sorted(results.listings, key=lambda found: place.get(found.id, 0))
    offered = {found.id for found in listings}
    gone = [] if results.next_cursor else [one for one in ids if one not in offered]
    context = {
        "nav": "saved",
        "cards": cards(listings, placements=open_by_offer(placements_of(student=request.user))),
        "searches": kept(request.user),
        "gone": [favorite_url(listing_id, saved=True) for listing_id in gone],
    }
    return render(request, "student/saved.html", context)
