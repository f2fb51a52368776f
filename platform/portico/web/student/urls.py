"""A student's addresses, at the school's host."""

from django.urls import path

from portico.web.student.views.find import find
from portico.web.student.views.journey import journey, placement, start_request, withdraw
from portico.web.student.views.listing import (
    forget_listing,
    listing,
    request_listing,
    save_listing,
)
from portico.web.student.views.saved import saved
from portico.web.student.views.searches import forget, keep
from portico.web.student.views.wishes import remove, suggestions, wishes

urlpatterns = [
    path("", find, name="find"),
    path("listings/<uuid:listing_id>/", listing, name="listing"),
    path("listings/<uuid:listing_id>/request/", request_listing, name="request-listing"),
    path("listings/<uuid:listing_id>/save/", save_listing, name="save-listing"),
    path("listings/<uuid:listing_id>/forget/", forget_listing, name="forget-listing"),
    path("journey/", journey, name="journey"),
    path("placements/<uuid:placement_id>/", placement, name="placement"),
    path("placements/<uuid:placement_id>/start/", start_request, name="start-request"),
    path("placements/<uuid:placement_id>/withdraw/", withdraw, name="withdraw"),
    path("saved/", saved, name="saved"),
    path("searches/keep/", keep, name="keep-search"),
    path("searches/<uuid:search_id>/forget/", forget, name="forget-search"),
    path("wishes/", wishes, name="wishes"),
    path("wishes/<uuid:wish_id>/remove/", remove, name="remove-wish"),
    path("suggestions/", suggestions, name="suggestions"),
]
