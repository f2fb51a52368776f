"""Reading what the school curates: opportunities, sites, suggestions. For its staff."""

import uuid
from functools import reduce
from operator import and_

from django.db.models import Count, Q, QuerySet

from catalog.models import Mentor, Opportunity, Site, Suggestion


def find_opportunities(*, state: str = "", words: str = "") -> QuerySet[Opportunity]:
    """The school's opportunities, newest change first, narrowed by whatever is given."""
    found = Opportunity.objects.select_related("site").defer("doc")
    if state:
        found = found.filter(state=state)
    if words.split():
        found = found.filter(
            reduce(
                and_,
                (Q(title__icontains=w) | Q(site_name__icontains=w) for w in words.split()),
            )
        )
    return found.order_by("-updated_at", "-id")


def opportunity_counts() -> dict[str, int]:
    """How many opportunities are in each state; states without any are missing."""
    rows = Opportunity.objects.order_by().values_list("state").annotate(n=Count("id"))
    return dict(rows)


def get_opportunity(*, opportunity_id: uuid.UUID) -> Opportunity:
    """One opportunity with site, mentor and term; DoesNotExist if not this school's."""
    return (
        Opportunity.objects.select_related("site", "mentor", "term")
        .defer("doc")
        .get(id=opportunity_id)
    )


def find_sites(*, words: str = "") -> QuerySet[Site]:
    """Sites by name, with `mentor_count` and `published_count`."""
    found = Site.objects.annotate(
        mentor_count=Count("mentors", filter=Q(mentors__is_active=True), distinct=True),
        published_count=Count(
            "opportunities",
            filter=Q(opportunities__state=Opportunity.State.PUBLISHED),
            distinct=True,
        ),
    )
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word) | Q(neighborhood__icontains=word) | Q(sector__icontains=word)
        )
    return found.order_by("name", "id")


def active_mentors() -> QuerySet[Mentor]:
    """Mentors who still take students, grouped by site."""
    return (
        Mentor.objects.filter(is_active=True)
        .select_related("site")
        .order_by("site__name", "site_id", "name")
    )


def find_suggestions(*, state: str = "") -> QuerySet[Suggestion]:
    """Places students proposed; the new ones oldest first, answered ones newest first."""
    found = Suggestion.objects.select_related("student", "site")
    if state:
        found = found.filter(state=state)
    return found.order_by("created_at" if state == Suggestion.State.NEW else "-created_at")


def count_new_suggestions() -> int:
    return Suggestion.objects.filter(state=Suggestion.State.NEW).count()
