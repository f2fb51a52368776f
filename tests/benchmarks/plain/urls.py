"""The school's addresses, three of the API's in the plain way, and the list's plain search."""

from django.conf import settings
from django.urls import path

from portico.web.student.views import find
from tests.benchmarks import site_urls
from tests.benchmarks.plain import api, search

settings.PG_EXTRA_SEARCH_PATHS.append(settings.SHARED_SCHEMA)  # the list its backend has too
# The same page of the list, asked of the other search.
find.search_listings = search.search_listings  # type: ignore[assignment]

urlpatterns = [
    path("api/v1/me/", api.Me.as_view()),
    path("api/v1/listings/", api.Listings.as_view()),
    path("api/v1/placements/", api.Placements.as_view()),
    *site_urls.urlpatterns,
]
