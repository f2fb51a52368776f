"""What waits for a coordinator or a teacher, with what a fair decision needs. Reads only.

A pursuit past its deadline counts as expired here, as it does everywhere, whether or
not a job has tidied the row up.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from catalog.models import Favorite, Opportunity
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.accounts.substitutes import advised_by, own_advisees
from portico.internships.models import Placement
from portico.internships.queries import by_the_clock, is_under_way, open_ones
from portico.internships.states import HOLDING, State
from sharing.models import VisibleListing

# The states in which a student has been at work, today or before.
INTERNED = frozenset({State.ACTIVE, State.COMPLETED, State.ENDED_EARLY})


def in_state_now(states: Iterable[str]) -> Q:
    """Placements that queries.by_the_clock finds in one of *states*."""
    wanted = set(states)
    overdue = Q(state=State.PURSUING, deadline__lte=timezone.now())
    condition = Q(state__in=wanted) & ~overdue
    return condition | overdue if State.EXPIRED in wanted else condition


def find_placements(
    *,
    state: str = "",
    teacher_id: uuid.UUID | None = None,
    grade: int | None = None,
    field: str = "",
    origin: str = "",
    words: str = "",
) -> QuerySet[Placement]:
    """The school's placements, newest first, narrowed by whatever is given."""
    found = Placement.objects.select_related("student__teacher")
    if state:
        found = found.filter(in_state_now([state]))
    if teacher_id:
        found = found.filter(student__teacher_id=teacher_id)
    if grade is not None:
        found = found.filter(student__grade=grade)
    if field:
        found = found.filter(field=field)
    if origin:
        found = found.filter(origin_kind=origin)
    if words.split():
        found = found.filter(reduce(and_, (_mentions(word) for word in words.split())))
    return found.order_by("-requested_at", "-id")


def _mentions(word: str) -> Q:
    return (
        Q(student__given_name__icontains=word)
        | Q(student__family_name__icontains=word)
        | Q(title__icontains=word)
        | Q(site_name__icontains=word)
    )


def get_placement(*, placement_id: uuid.UUID) -> Placement:
    """One placement with its student, teacher and offer; DoesNotExist if not this school's."""
    return by_the_clock(
        Placement.objects.select_related(
            "student__teacher", "opportunity__site", "opportunity__mentor"
        ).get(id=placement_id)
    )


# --- slots by the clock ---------------------------------------------------------------


@dataclass(frozen=True)
class Slots:
    """How many of an offer's slots are open to this school's students now."""

    open: int
    total: int


def overdue_counts(opportunity_ids: Iterable[uuid.UUID]) -> Counter[uuid.UUID]:
    """How many holds of each own opportunity the clock has ended but nobody tidied up."""
    rows = (
        Placement.objects.filter(
            opportunity_id__in=list(opportunity_ids),
            state=State.PURSUING,
            deadline__lte=timezone.now(),
        )
        .values_list("opportunity_id")
        .annotate(n=Count("id"))
    )
    return Counter({opportunity_id: n for opportunity_id, n in rows if opportunity_id})


def slots_of(placements: Sequence[Placement]) -> dict[uuid.UUID, Slots]:
    """Slots of the offers behind *placements*, by the offer's id; what is gone is missing."""
    own = {one.opportunity_id for one in placements if one.opportunity_id}
    pool = {one.listing_id for one in placements if one.listing_id}
    found: dict[uuid.UUID, Slots] = {}
    if own:
        overdue = overdue_counts(own)
        for offer in Opportunity.objects.filter(id__in=own, state=Opportunity.State.PUBLISHED).only(
            "capacity", "released", "taken"
        ):
            total = offer.capacity - offer.released
            found[offer.id] = Slots(total - offer.taken + overdue[offer.id], total)
    if pool:
        now = timezone.now()
        for listing in VisibleListing.objects.filter(id__in=pool).only(
            "slots", "taken", "frees_at"
        ):
            freed = 1 if listing.frees_at and listing.frees_at <= now else 0
            found[listing.id] = Slots(listing.slots - listing.taken + freed, listing.slots)
    return found


# --- the coordinator's queue ----------------------------------------------------------


@dataclass(frozen=True)
class Rival:
    """Another student who asked for the same slot."""

    placement: Placement
    waiting_since: datetime
    never_placed: bool


@dataclass(frozen=True)
class Waiting:
    """A request with what a fair decision needs."""

    placement: Placement
    waiting_since: datetime  # of the student's first request since the last internship
    never_placed: bool
    past: tuple[tuple[str, int], ...]  # earlier placements: state's label and how many
    on_the_way_with: Placement | None  # a student pursues one internship at a time
    rivals: tuple[Rival, ...]  # longest waiting first
    slots: Slots | None  # None: not offered any more
    ask_owner: bool


def count_requests() -> int:
    return Placement.objects.filter(state=State.REQUESTED).count()


def waiting_requests(*, placement_id: uuid.UUID | None = None) -> list[Waiting]:
    """Every request not decided yet, oldest first; or the one of *placement_id*.

    Four queries however long the queue is.
    """
    waiting = list(
        Placement.objects.filter(state=State.REQUESTED)
        .select_related("student__teacher")
        .order_by("requested_at", "id")
    )
    if not waiting:
        return []
    ways = _ways_of({one.student_id for one in waiting})
    shown = [one for one in waiting if placement_id in (None, one.id)]
    slots = slots_of(shown)
    asks = _listings_that_ask(shown)
    return [
        Waiting(
            placement=one,
            waiting_since=_waiting_since(ways[one.student_id]),
            never_placed=_never_placed(ways[one.student_id]),
            past=_past(ways[one.student_id], but=one),
            on_the_way_with=next((way for way in ways[one.student_id] if is_under_way(way)), None),
            rivals=_rivals(one, waiting, ways),
            slots=slots.get(one.offer_id),
            ask_owner=one.listing_id in asks,
        )
        for one in shown
    ]


def _ways_of(student_ids: set[uuid.UUID]) -> dict[uuid.UUID, list[Placement]]:
    """All placements of each student, oldest first, as the clock has them."""
    ways: dict[uuid.UUID, list[Placement]] = defaultdict(list)
    found = Placement.objects.filter(student_id__in=student_ids).defer("message", "goals", "days")
    for one in found.order_by("requested_at", "id"):
        ways[one.student_id].append(by_the_clock(one))
    return ways


def _waiting_since(way: Sequence[Placement]) -> datetime:
    """When the student first asked since last being at work."""
    last_end = max(
        (one.ended_at for one in way if one.state in INTERNED and one.ended_at), default=None
    )
    return min(
        one.requested_at
        for one in way
        if one.state == State.REQUESTED
        or (one.state not in INTERNED and (last_end is None or one.requested_at > last_end))
    )


def _never_placed(way: Sequence[Placement]) -> bool:
    return not any(one.state in INTERNED for one in way)


def _past(way: Sequence[Placement], *, but: Placement) -> tuple[tuple[str, int], ...]:
    counts = Counter(one.state for one in way if one.id != but.id and one.state != State.REQUESTED)
    return tuple((str(state.label), counts[state]) for state in State if counts[state])


def _rivals(
    one: Placement, waiting: Sequence[Placement], ways: dict[uuid.UUID, list[Placement]]
) -> tuple[Rival, ...]:
    rivals = (
        Rival(
            other,
            _waiting_since(ways[other.student_id]),
            _never_placed(ways[other.student_id]),
        )
        for other in waiting
        if other.id != one.id and other.offer_id == one.offer_id
    )
    return tuple(sorted(rivals, key=lambda rival: rival.waiting_since))


def _listings_that_ask(placements: Sequence[Placement]) -> set[uuid.UUID]:
    pool = {one.listing_id for one in placements if one.listing_id}
    if not pool:
        return set()
    return set(
        VisibleListing.objects.filter(id__in=pool, ask_owner=True).values_list("id", flat=True)
    )


def start_requests(*, decider: Person | None = None) -> QuerySet[Placement]:
    """Students who ask to start, oldest first; with *decider*, those this teacher decides on."""
    found = Placement.objects.filter(state=State.START_REQUESTED).select_related("student__teacher")
    if decider is not None:
        found = found.filter(advised_by(decider, student="student"))
    return found.order_by("start_requested_at", "id")


# --- a teacher's students -------------------------------------------------------------


@dataclass(frozen=True)
class Advisee:
    """A student and what matters most of their placements."""

    student: Person
    placement: Placement | None  # the most urgent open one
    interned: int  # internships begun so far


def advisees_of(*, teacher: Person) -> list[Advisee]:
    """*teacher*'s students by name, and those of whom they stand in for; each with the most
    urgent of the open placements."""
    students = list(
        Person.objects.filter(own_advisees(teacher), is_active=True, roles__contains=[Role.STUDENT])
    )
    ways = _ways_of({student.id for student in students})
    return [
        Advisee(
            student=student,
            placement=next(iter(open_ones(ways[student.id])), None),
            interned=sum(one.state in INTERNED for one in ways[student.id]),
        )
        for student in students
    ]


# --- what nobody wants ----------------------------------------------------------------


def unwanted_opportunities() -> QuerySet[Opportunity]:
    """Published, with slots to release, and no student here ever requested or saved it."""
    return (
        Opportunity.objects.filter(
            state=Opportunity.State.PUBLISHED, capacity__gt=F("taken") + F("released")
        )
        .filter(
            ~Exists(Placement.objects.filter(opportunity_id=OuterRef("id"))),
            ~Exists(Favorite.objects.filter(listing_id=OuterRef("id"))),
        )
        .defer("doc")
        .order_by("title", "id")
    )


def holders_of(*, opportunity_id: uuid.UUID) -> QuerySet[Placement]:
    """This school's placements that keep or want a slot of an own opportunity."""
    return (
        Placement.objects.filter(opportunity_id=opportunity_id)
        .filter(in_state_now([*HOLDING, State.REQUESTED]))
        .select_related("student")
        .order_by("requested_at")
    )
