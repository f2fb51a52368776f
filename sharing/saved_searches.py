"""Searches a student keeps: made, forgotten, and looked at again by the clock."""

import datetime
import uuid
from dataclasses import asdict, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import SavedSearch
from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.due.actions import drop_work, plan_work
from portico.notices.actions import tell
from sharing.search import Criteria, search_listings
from tenants.context import current_schema
from tenants.errors import Refused
from tenants.queries import tenant_by_schema

MOST_SEARCHES = 10
EVERY = datetime.timedelta(hours=1)
WORK = "saved_search"
# Not kept: where a student lives, and what is not part of the question.
_FORGOTTEN = frozenset({"near", "saved_by", "wishes_of", "new_since"})
_TIMES = ("free_from", "free_until")


def searches_of(*, student: Person) -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(student=student).order_by("-id")


def is_worth_keeping(criteria: Criteria) -> bool:
    """Whether it looks for anything that is kept."""
    return bool(set(_as_json(criteria)) - {"sort"})


def save_search(*, student: Person, name: str, criteria: Criteria) -> SavedSearch:
    """Keep a search; the student is told when something new matches.

    A home address is not kept: distance is from the school then. The same search is kept
    once. Refused: `empty`, `too_many`.
    """
    require_role(student, Role.STUDENT)
    if not is_worth_keeping(criteria):
        raise Refused("empty", _("Search for something first."))
    kept = _as_json(criteria)
    if there := searches_of(student=student).filter(criteria=kept).first():
        return there
    if searches_of(student=student).count() >= MOST_SEARCHES:
        raise Refused("too_many", _("Ten searches are enough; remove one first."))
    search = SavedSearch(
        student=student,
        name=" ".join(name.split())[:80] or criteria.words[:80] or str(_("My search")),
        criteria=kept,
        checked_at=timezone.now(),
    )
    search.full_clean()
    search.save()
    plan_work(kind=WORK, subject_id=search.id, due_at=search.checked_at + EVERY)
    return search


def forget_search(*, student: Person, search_id: uuid.UUID) -> None:
    """SavedSearch.DoesNotExist when *student* has no such search."""
    search = searches_of(student=student).get(id=search_id)
    search.delete()
    drop_work(kind=WORK, subject_id=search_id)


def check_search(*, subject_id: uuid.UUID) -> datetime.datetime | None:
    """The clock's visit: tell the student what is new since the last one; when to come again."""
    search = (
        SavedSearch.objects.select_for_update(of=("self",))
        .select_related("student")
        .filter(id=subject_id, student__is_active=True)
        .first()
    )
    if search is None:
        return None
    now = timezone.now()
    criteria = read_criteria(search)
    school = tenant_by_schema(current_schema())
    at = (
        None
        if school.latitude is None or school.longitude is None
        else (school.latitude, school.longitude)
    )
    found = search_listings(
        criteria=replace(criteria, new_since=search.checked_at, sort="newest"),
        school_position=at,
        size=1,
    )
    if found.listings and found.suggestion is None:
        newest = found.listings[0]
        tell(
            kind="search_matches",
            person=search.student,
            data={
                "name": search.name,
                "count": found.total,
                "title": newest.title,
                "site": newest.site_name,
                "address": address_of(criteria),
            },
        )
    SavedSearch.objects.filter(id=search.id).update(checked_at=now)
    return now + EVERY


def read_criteria(search: SavedSearch) -> Criteria:
    """The question a saved search asks; what a later version no longer knows is left out."""
    known = {field.name for field in fields(Criteria)} - _FORGOTTEN
    facts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in search.criteria.items()
        if name in known
    }
    for name in _TIMES:
        if name in facts:
            facts[name] = datetime.time.fromisoformat(facts[name])
    if "partner" in facts:
        facts["partner"] = uuid.UUID(facts["partner"])
    return Criteria(**facts)


def address_of(criteria: Criteria) -> str:
    """The query of the page that shows this search."""
    parts: list[tuple[str, str]] = [("q", criteria.words)] if criteria.words else []
    for name, values in (
        ("field", criteria.fields),
        ("day", criteria.days),
        ("pay", criteria.pays),
        ("origin", criteria.origins),
    ):
        parts += [(name, str(value)) for value in values]
    if criteria.miles is not None:
        parts.append(("miles", f"{criteria.miles:g}"))
    parts += [
        (name, "1")
        for name, asked in (("remote", criteria.remote), ("open", criteria.open_only))
        if asked
    ]
    return urlencode(parts)


def _as_json(criteria: Criteria) -> dict[str, Any]:
    """What differs from asking for nothing, JSON-plain."""
    nothing = asdict(Criteria())
    kept = {
        name: value
        for name, value in asdict(criteria).items()
        if name not in _FORGOTTEN and value != nothing[name]
    }
    for name in _TIMES:
        if name in kept:
            kept[name] = kept[name].isoformat()
    if "partner" in kept:
        kept["partner"] = str(kept["partner"])
    return kept
