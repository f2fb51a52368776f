"""Groups of students a school keeps an eye on, so that nobody is left out unseen."""

import uuid
from collections import Counter
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.audit.actions import record
from tenants.context import current_schema
from tenants.errors import Refused
from tenants.queries import tenant_by_schema

MOST_GROUPS = 8
LONGEST_NAME = 40


def recorded_groups() -> dict[str, int]:
    """The names the school uses, and how many active students each has."""
    found = Person.objects.filter(is_active=True).exclude(groups=[])
    names = Counter(name for groups in found.values_list("groups", flat=True) for name in groups)
    return dict(sorted(names.items()))


@transaction.atomic
def keep_group(*, actor: Person, name: str, students: Collection[uuid.UUID]) -> int:
    """Have exactly *students* in the group *name*, none of them: forget it. How many changed.

    Refused: `forbidden`, `name`, `too_many`.
    """
    require_role(actor, Role.COORDINATOR)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("name", _("Give it a name of at most 40 letters."), field="name")
    known = recorded_groups()
    if name not in known and len(known) >= MOST_GROUPS:
        raise Refused("too_many", _("Eight groups are enough; empty one first."), field="name")
    changed = 0
    people = Person.objects.select_for_update(no_key=True).filter(roles__contains=[Role.STUDENT])
    for person in people.order_by("id"):
        belongs, is_in = person.id in students, name in person.groups
        if belongs == is_in:
            continue
        person.groups = [one for one in person.groups if one != name] + [name] * belongs
        person.save(update_fields=["groups"])
        changed += 1
    if changed:  # how many, not who: the history is read by more people than the groups
        record(
            action="group_changed",
            subject=tenant_by_schema(current_schema()),
            actor=actor,
            after={"group": name, "changed": changed},
        )
    return changed
