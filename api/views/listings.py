"""The one list, and what a student keeps of it."""

import uuid
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.resource import EVERYONE, STUDENT, Resource
from api.serializers.catalog import WishDocument
from api.serializers.listings import (
    ListingDocument,
    ListingQuery,
    ResultsDocument,
    SavedSearchDocument,
    SavedSearchTerms,
    listing_document,
    results_document,
)
from catalog.actions import add_wish, remove_wish, set_favorite
from catalog.models import SavedSearch, WishlistItem
from portico.accounts import may
from portico.accounts.models import Person
from sharing.models import VisibleListing
from sharing.saved_searches import forget_search, save_search, searches_of
from sharing.search import get_listing, search_listings


class Listings(Resource):
    """Own opportunities and the pool as one list, own school first."""

    kind = "listings"
    reads_replica = True
    queryset = VisibleListing.objects.none()  # names a model for the description
    roles = {"*": EVERYONE}
    serializer_class = ListingDocument
    pagination_class = None

    @property
    def student(self) -> Person | None:
        return self.person if self.person.has_role(STUDENT) else None

    @property
    def position(self) -> tuple[float, float] | None:
        tenant = self.tenant
        if tenant.latitude is None or tenant.longitude is None:
            return None
        return tenant.latitude, tenant.longitude

    @extend_schema(parameters=[ListingQuery], responses=ResultsDocument)
    def list(self, request: Request) -> Response:
        """Search. Pages neither skip nor repeat while listings change."""
        return self._search(request)

    def _search(self, request: Request, **also: Any) -> Response:
        query = ListingQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        results = search_listings(
            criteria=replace(query.criteria(student_id=self.person.id), **also),
            school_position=self.position,
            student=self.student,
            cursor=asked.get("cursor"),
            size=asked["size"],
            with_facets=asked["facets"],
        )
        return Response(results_document(results, with_facets=asked["facets"]))

    @extend_schema(responses=ListingDocument)
    def retrieve(self, request: Request, pk: uuid.UUID) -> Response:
        """One listing this school may see now."""
        found = get_listing(listing_id=pk, student=self.student, school_position=self.position)
        if found is None:
            raise NotFound
        return Response(listing_document(found))


class Favorites(Listings):
    """Listings a student saved."""

    kind = "favorites"
    roles = {"*": may.SEARCH.roles}

    @extend_schema(parameters=[ListingQuery], responses=ResultsDocument)
    def list(self, request: Request) -> Response:
        """Those still offered, searched like listings."""
        return self._search(request, saved_by=self.person.id)

    @extend_schema(request=None, responses={204: None})
    def update(self, request: Request, pk: uuid.UUID) -> Response:
        """Save a listing; saving twice is saving once."""
        if get_listing(listing_id=pk) is None:
            raise NotFound
        set_favorite(student=self.person, listing_id=pk, saved=True)
        return Response(status=204)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Forget it."""
        set_favorite(student=self.person, listing_id=pk, saved=False)
        return Response(status=204)


class Wishlist(Resource):
    """Fields and jobs a student would like, whether or not anybody offers them yet."""

    kind = "wishlist"
    queryset = WishlistItem.objects.none()  # names the model; see get_queryset
    roles = {"*": may.SEARCH.roles}
    serializer_class = WishDocument

    def get_queryset(self) -> QuerySet[WishlistItem]:
        return WishlistItem.objects.filter(student=self.person)

    def list(self, request: Request) -> Response:
        """The student's own wishes."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(WishDocument(page, many=True).data)

    @extend_schema(responses={201: WishDocument})
    def create(self, request: Request) -> Response:
        """Wish for a field, a job, or a job in a field."""
        asked = WishDocument(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = add_wish(student=self.person, **asked.validated_data)
        return Response(WishDocument(wish).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Wish no longer."""
        self.get_queryset().get(id=pk)
        remove_wish(student=self.person, wish_id=pk)
        return Response(status=204)


class SavedSearches(Resource):
    """Searches a student keeps, to be told when something new matches."""

    kind = "saved-searches"
    queryset = SavedSearch.objects.none()  # names the model; see get_queryset
    roles = {"*": may.SEARCH.roles}
    serializer_class = SavedSearchDocument

    def get_queryset(self) -> QuerySet[SavedSearch]:
        return searches_of(student=self.person)

    def list(self, request: Request) -> Response:
        """The student's own."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(SavedSearchDocument(page, many=True).data)

    @extend_schema(request=SavedSearchTerms, responses={201: SavedSearchDocument})
    def create(self, request: Request) -> Response:
        """Keep a search."""
        asked = SavedSearchTerms(data=request.data)
        asked.is_valid(raise_exception=True)
        search = save_search(
            student=self.person,
            name=asked.validated_data["name"],
            criteria=asked.criteria(student_id=self.person.id),
        )
        return Response(SavedSearchDocument(search).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: uuid.UUID) -> Response:
        """Forget it."""
        forget_search(student=self.person, search_id=pk)
        return Response(status=204)
