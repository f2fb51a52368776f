"""Addresses under /api/v1/, at schools' and regions' hosts alike."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from api.views import catalog, listings, placements, pool, registry
from api.views.reference import nothing_here, reference, schema

router = SimpleRouter(use_regex_path=False)
for view in (
    listings.Listings,
    listings.Favorites,
    listings.Wishlist,
    listings.SavedSearches,
    catalog.Opportunities,
    catalog.Sites,
    catalog.Mentors,
    catalog.Terms,
    catalog.Suggestions,
    placements.Placements,
    pool.Releases,
    pool.Questions,
    pool.Partners,
    pool.Pool,
    pool.Postings,
    pool.Synonyms,
    registry.Schools,
    registry.Tokens,
):
    router.register(view.kind, view, basename=f"api-{view.kind}")

urlpatterns = [
    path("", reference, name="api-reference"),
    path("schema/", schema, name="api-schema"),
    path("me/", registry.Me.as_view({"get": "retrieve"}), name="api-me"),
    *router.urls,
    re_path("", nothing_here),
]
