"""Doing at one school what a difference says, in one transaction."""

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

from portico.accounts.models import Person
from portico.audit.actions import record
from portico.documents.actions import mark_concentrators
from portico.rosters.difference import (
    BACK,
    CONCENTRATOR,
    GONE,
    MOVED,
    Difference,
    find_difference,
)
from portico.rosters.roster import Org, Roster
from tenants.context import current_alias, tenant_context
from tenants.errors import Refused
from tenants.queries import tenant_by_schema

BATCH = 500
UNIQUE = ("email", "source_id")  # given up by all who change them before anyone gets a new one


def apply_roster(
    *,
    roster: Roster,
    org: Org,
    school: str,
    actor: Person | None = None,
    label: str,
    allow: bool = False,
    run_id: str = "",
) -> Difference:
    """Bring *school* up to date with *roster*, which knows it as *org*; what was changed.

    The difference is worked out anew inside the transaction. Refused (`too_many_gone`) when
    it would deactivate more than a tenth of the school's people, unless *allow*. *run_id*
    is kept in the school's history: see was_applied.
    """
    tenant = tenant_by_schema(school)
    with tenant_context(school):
        _one_at_a_time(school)
        difference = find_difference(roster, org)
        if difference.takes_too_many and not allow:
            raise too_many_gone(difference, name=tenant.name)
        _save_people(difference)
        for term in difference.terms:
            term.save()
        if not difference.is_empty or run_id:
            counts = {kind: count for kind, count in difference.counts.items() if count}
            record(
                action="roster_applied",
                subject=tenant,
                actor=actor,
                label=label,
                after={**counts, "terms": len(difference.terms), "run": run_id},
            )
    return difference


def too_many_gone(difference: Difference, *, name: str) -> Refused:
    return Refused(
        "too_many_gone",
        _("%(school)s: %(leaving)d of %(active)d people would be deactivated.")
        % {"school": name, "leaving": difference.leaving, "active": difference.active},
    )


def _save_people(difference: Difference) -> None:
    new = [change for change in difference.changes if change.is_new]
    old = [change for change in difference.changes if not change.is_new]
    for name in UNIQUE:
        givers = [c.person.id for c in old if name in c.values and c.values[name][0]]
        for ids in _batches(givers):
            Person.objects.filter(id__in=ids).update(**{name: ""})
    marks = {}
    for change in difference.changes:
        if CONCENTRATOR in change.values:
            _was, marks[change.person.id] = change.values[CONCENTRATOR]
        for name, (_old, value) in change.values.items():
            if name != CONCENTRATOR:
                setattr(change.person, name, value)
    for change in new:
        change.person.set_unusable_password()
    # New teachers before the students who point to them, changed people after both.
    Person.objects.bulk_create([change.person for change in new], batch_size=BATCH)
    changed = {name for change in old for name in change.values} - {CONCENTRATOR}
    names = sorted("teacher" if name == "teacher_id" else name for name in changed)
    if names:
        Person.objects.bulk_update([c.person for c in old], names, batch_size=BATCH)
    mark_concentrators(marks=marks)
    for change in old:
        if change.kind in (BACK, GONE, MOVED):
            record(
                action="person_returned" if change.kind == BACK else "person_deactivated",
                subject=change.person,
                actor=None,
                label=_("roster"),
            )


def _one_at_a_time(school: str) -> None:
    """Two rosters for one school wait for each other."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"roster {school}"]
        )


def _batches(items: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
