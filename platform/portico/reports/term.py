"""A term at a glance: every placement that falls into it, with its health. Reads only.

A placement belongs to each term its days touch: from its first day (until that is known,
from the request) to its end. One that is still open has no end yet, so it stands in the
next term too until somebody ends it.
"""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from catalog.models import Opportunity, Term
from portico.internships.models import Placement
from portico.internships.queries import by_the_clock
from portico.internships.queue import find_placements
from portico.internships.states import State
from portico.reports.days import midnight
from portico.reports.health import Health, Level, health_of

# The columns of the board: what a coordinator tells apart at a glance.
COLUMNS: tuple[tuple[str, frozenset[State]], ...] = (
    ("waiting", frozenset({State.REQUESTED, State.AWAITING_OWNER})),
    ("pursuing", frozenset({State.PURSUING, State.START_REQUESTED})),
    ("active", frozenset({State.ACTIVE})),
    ("completed", frozenset({State.COMPLETED})),
    (
        "fell_through",
        frozenset({State.ENDED_EARLY, State.DECLINED, State.EXPIRED, State.WITHDRAWN}),
    ),
)


@dataclass(frozen=True)
class Row:
    placement: Placement
    health: Health | None  # None: not begun, or over


@dataclass(frozen=True)
class Glance:
    """The placements of a term, newest first, and how many of each level of health."""

    rows: list[Row]
    levels: dict[str, int]

    def column(self, states: frozenset[State]) -> list[Row]:
        return [row for row in self.rows if row.placement.state in states]


def term_at_a_glance(
    *,
    term: Term | None,
    health: str = "",
    teacher_id: uuid.UUID | None = None,
    grade: int | None = None,
    field: str = "",
    origin: str = "",
    words: str = "",
    state: str = "",
) -> Glance:
    """The placements of *term* (None: of all time), narrowed. Five queries."""
    found: QuerySet[Placement] = find_placements(
        teacher_id=teacher_id, grade=grade, field=field, origin=origin, words=words, state=state
    )
    if term is not None:
        found = found.filter(in_term(term))
    placements = [by_the_clock(one) for one in found.defer("message")]
    signals = health_of([one for one in placements if one.state == State.ACTIVE])
    levels = Counter(str(signal.level) for signal in signals.values())
    rows = [Row(one, signals.get(one.id)) for one in placements]
    if health in list(Level):
        rows = [row for row in rows if row.health is not None and row.health.level == health]
    return Glance(rows, dict(levels))


def in_term(term: Term) -> Q:
    """Placements whose days touch *term*."""
    before = midnight(term.ends_on + timedelta(days=1))
    began = Q(starts_on__lte=term.ends_on) | Q(starts_on__isnull=True, requested_at__lt=before)
    ended = Q(ended_at__isnull=True) | Q(ended_at__gte=midnight(term.starts_on))
    return began & ended


@dataclass(frozen=True)
class Leftovers:
    """What a term leaves to decide about: who is still at work, what is still offered."""

    active: list[Placement]
    offers: list[Opportunity]
    following: list[Term]  # terms that could come next, the nearest first


def leftovers_of(*, term: Term) -> Leftovers:
    active = Placement.objects.filter(in_term(term), state=State.ACTIVE).select_related(
        "student__teacher"
    )
    offers = (
        Opportunity.objects.filter(term=term)
        .exclude(state=Opportunity.State.ARCHIVED)
        .defer("doc", "description")
    )
    following = Term.objects.filter(archived_at__isnull=True, ends_on__gt=term.ends_on)
    return Leftovers(
        list(active.order_by("student__family_name", "student__given_name")),
        list(offers.order_by("title", "id")),
        list(following.order_by("starts_on")),
    )
