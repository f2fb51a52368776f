"""Reading what a student wants: wishes, saved listings, suggested places."""

import uuid

from django.db.models import QuerySet

from catalog.models import Favorite, Suggestion, WishlistItem
from portico.accounts.models import Person


def wishes_of(*, student: Person) -> QuerySet[WishlistItem]:
    """*student*'s wishes in the order they were made."""
    return WishlistItem.objects.filter(student=student).order_by("created_at", "id")


def saved_ids(*, student: Person) -> list[uuid.UUID]:
    """Ids of the listings *student* saved, newest first; some may not be offered any more."""
    saved = Favorite.objects.filter(student=student).order_by("-created_at", "-id")
    return list(saved.values_list("listing_id", flat=True))


def suggestions_of(*, student: Person) -> QuerySet[Suggestion]:
    """The places *student* suggested, newest first, with their answers."""
    return Suggestion.objects.filter(student=student).order_by("-created_at", "-id")
