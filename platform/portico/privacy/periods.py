"""For how many days a school keeps each kind of its data.

The installation says a number (settings.RETENTION_DAYS, 0: for ever), and between which bounds
a school may choose its own (settings.RETENTION_BOUNDS: what the law asks to be kept, and what it
lets be kept). The bounds have the last word: a choice of yesterday bends to today's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portico.accounts.may import SET_UP
from portico.accounts.models import Person
from portico.audit.actions import record
from portico.privacy.models import RetentionChoice
from tenants.context import current_schema
from tenants.errors import Refused
from tenants.queries import tenant_by_schema


@dataclass(frozen=True)
class Bounds:
    """The fewest and the most days a school may choose."""

    fewest: int
    most: int

    def bend(self, days: int) -> int:
        return min(max(days, self.fewest), self.most)


def bounds_of(kind: str) -> Bounds:
    """The bounds of *kind*, widened to hold the installation's own number."""
    fewest, most = settings.RETENTION_BOUNDS[kind]
    days = settings.RETENTION_DAYS.get(kind) or fewest
    return Bounds(min(fewest, days), max(most, days))


def periods() -> dict[str, int]:
    """Days by kind as they count at the current school; a kind kept for ever is missing."""
    choice = RetentionChoice.objects.filter(id=1).first()
    return _with(choice.days if choice else {})


def _with(chosen: Mapping[str, int]) -> dict[str, int]:
    found = {}
    for kind, days in settings.RETENTION_DAYS.items():
        if kind in chosen:
            found[kind] = bounds_of(kind).bend(chosen[kind])
        elif days:
            found[kind] = days
    return found


@transaction.atomic
def choose_periods(*, actor: Person, days: Mapping[str, int]) -> dict[str, int]:
    """Keep each kind in *days* for so many days from tonight on; what counts then.

    A number that is the installation's is no choice: it follows when that changes. Refused:
    `forbidden`, `kind`, `bounds` (with the kind as the field). History has before and after.
    """
    if not actor.has_role(*SET_UP.roles):
        raise Refused("forbidden", _("Your role does not allow this."))
    choice, _made = RetentionChoice.objects.select_for_update().get_or_create(id=1)
    before, chosen = _with(choice.days), dict(choice.days)
    for kind, number in days.items():
        if kind not in settings.RETENTION_DAYS:
            raise Refused("kind", _("There is no such kind of data."))
        bounds = bounds_of(kind)
        if bounds.bend(number) != number:
            said = _("From %(fewest)d to %(most)d days.") % vars(bounds)
            raise Refused("bounds", said, field=kind)
        if number == settings.RETENTION_DAYS[kind]:
            chosen.pop(kind, None)
        else:
            chosen[kind] = number
    choice.days = chosen
    choice.save(update_fields=["days"])
    after = _with(chosen)
    changed = {kind for kind in days if before.get(kind) != after.get(kind)}
    if changed:
        record(
            action="retention_changed",
            subject=tenant_by_schema(current_schema()),
            actor=actor,
            before={kind: before.get(kind) for kind in sorted(changed)},
            after={kind: after.get(kind) for kind in sorted(changed)},
        )
    return after
