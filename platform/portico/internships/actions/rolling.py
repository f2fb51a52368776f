"""Rolling a term over: what ends, what goes on, what is offered again, what is put away."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.actions import change_opportunity_state
from catalog.models import Opportunity, Term
from catalog.rules import require_role
from catalog.terms import archive_term, carry_opportunity
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.internships.actions.ending import end_placement
from portico.internships.models import Placement
from portico.internships.states import State
from sharing.actions import refresh_release
from tenants.errors import Refused


@dataclass
class RolledOver:
    """How it went. `refused`: what it was, and why not."""

    completed: int = 0
    carried: int = 0
    archived: int = 0
    refused: list[tuple[str, Refused]] = field(default_factory=list)


@transaction.atomic
def roll_over_term(
    *,
    actor: Person,
    term_id: uuid.UUID,
    next_term_id: uuid.UUID | None,
    complete: Collection[uuid.UUID],
    carry: Collection[uuid.UUID],
) -> RolledOver:
    """End the chosen active placements, offer the chosen opportunities again, archive the term.

    Active placements not chosen go on as they are. Opportunities of the term that are
    neither offered again nor in use are archived; what is released or in use stays, and is
    named. One that is refused does not stop the rest. Refused as a whole: `forbidden`,
    `archived`, `next_term`.
    """
    require_role(actor, Role.COORDINATOR)
    term = Term.objects.select_for_update().get(id=term_id)
    if term.archived_at is not None:
        raise Refused("archived", _("This term has been rolled over already."))
    following = None
    if next_term_id is not None:
        following = Term.objects.filter(id=next_term_id).exclude(id=term.id).first()
    if carry and (following is None or following.archived_at is not None):
        raise Refused("next_term", _("Choose the term to carry them on to."), field="next_term")
    outcome = RolledOver()

    for placement in Placement.objects.filter(id__in=complete, state=State.ACTIVE).order_by("id"):
        outcome.completed += _try(
            outcome,
            str(placement),
            lambda one=placement: end_placement(  # type: ignore[misc]
                placement_id=one.id, actor=actor, completed=True
            ),
        )
    offers = Opportunity.objects.filter(term=term).exclude(state=Opportunity.State.ARCHIVED)
    for offer in offers.defer("doc").order_by("id"):
        if offer.id in carry and following is not None:
            carried = carry_opportunity(actor=actor, opportunity_id=offer.id, term=following)
            refresh_release(opportunity=carried)
            outcome.carried += 1
        elif offer.taken:
            in_use = Refused("in_use", _("A student is still there; it was not archived."))
            outcome.refused.append((str(offer.title), in_use))
        else:
            outcome.archived += _try(
                outcome,
                str(offer.title),
                lambda one=offer: change_opportunity_state(  # type: ignore[misc]
                    actor=actor, opportunity_id=one.id, action="archive"
                ),
            )
    archive_term(actor=actor, term_id=term.id)
    return outcome


def _try(outcome: RolledOver, name: str, act: Callable[[], object]) -> int:
    """1 when *act* was done, 0 when it was refused and noted."""
    try:
        with transaction.atomic():
            act()
    except Refused as refusal:
        outcome.refused.append((name, refusal))
        return 0
    return 1
