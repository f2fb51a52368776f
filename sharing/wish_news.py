"""Telling students that something new is what they wished for: once a day at most."""

import uuid
from datetime import datetime

from django.db.models import Max, Min
from django.utils import timezone

from catalog.demand import next_afternoon
from catalog.models import WishlistItem
from portico.accounts.models import Person
from portico.notices.actions import tell
from portico.notices.models import Notice
from sharing.search import Criteria, search_listings
from tenants.context import current_schema
from tenants.queries import tenant_by_schema

KIND = "wish_matches"
MOST_NAMED = 20


def tell_wish_news(*, subject_id: uuid.UUID) -> datetime | None:
    """The clock's daily visit (settings.DUE_WORK): tell each student what is new for them.

    New is what appeared since the student was last told, or first wished; released listings
    and the school's own alike. Returns tomorrow, or None when nobody wishes for anything.
    """
    with timezone.override(tenant_by_schema(current_schema()).time_zone):
        wished: dict[uuid.UUID, datetime] = dict(
            WishlistItem.objects.filter(student__is_active=True)
            .order_by()
            .values_list("student_id")
            .annotate(first=Min("created_at"))
        )
        if not wished:
            return None
        told: dict[uuid.UUID, datetime] = dict(
            Notice.objects.filter(kind=KIND, person_id__in=list(wished))
            .order_by()
            .values_list("person_id")
            .annotate(last=Max("created_at"))
        )
        for student in Person.objects.filter(id__in=list(wished)).order_by("id"):
            _tell(student, since=told.get(student.id) or wished[student.id])
        return next_afternoon(timezone.now())


def _tell(student: Person, *, since: datetime) -> None:
    found = search_listings(
        criteria=Criteria(wishes_of=student.id, new_since=since, open_only=True, sort="newest"),
        school_position=None,
        student=student,
        size=MOST_NAMED,
        with_facets=False,
    ).listings
    if not found:
        return
    tell(
        kind=KIND,
        person=student,
        data={"title": found[0].title, "site": found[0].site_name, "count": len(found)},
    )
