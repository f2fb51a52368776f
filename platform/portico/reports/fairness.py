"""Who gets an internship, and who has waited for one: for the school's own eyes. Reads only.

Shares are of students with an internship this school year, by grade and by the groups the
school records; small ones are hidden (overlapping_groups.py).
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.internships.models import Placement
from portico.internships.queue import INTERNED, Rival, Waiting
from portico.internships.states import OPEN, State
from portico.reports.overlapping_groups import hide_overlapping
from portico.reports.small_groups import Group

SCHOOL_YEAR_MONTH = 7  # a school year begins in July: summer internships count for the next
OFTEN_DECLINED = 2
LONGEST_LIST = 25


def school_year_start(day: date) -> date:
    """The first day of the school year *day* is in."""
    year = day.year if day.month >= SCHOOL_YEAR_MONTH else day.year - 1
    return date(year, SCHOOL_YEAR_MONTH, 1)


def students() -> QuerySet[Person]:
    return Person.objects.filter(roles__contains=[Role.STUDENT], is_active=True)


# --- shares -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shares:
    """Who is placed this school year; hidden groups have no count and no total."""

    grades: list[Group]  # key: the grade, None where it is unknown
    groups: list[Group]  # key: the group's name
    everyone: Group

    def of_grade(self, grade: int | None) -> Group | None:
        """The group of *grade* when it is shown."""
        found = next((one for one in self.grades if one.key == grade), None)
        return None if found is None or found.is_hidden else found


def placed_shares() -> Shares:
    """Two queries."""
    start = timezone.make_aware(datetime.combine(school_year_start(timezone.localdate()), time()))
    placed = set(
        Placement.objects.filter(state__in=INTERNED)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gte=start))
        .values_list("student_id", flat=True)
    )
    grades: dict[int | None, set[uuid.UUID]] = defaultdict(set)
    recorded: dict[str, set[uuid.UUID]] = defaultdict(set)
    everyone: set[uuid.UUID] = set()
    for student_id, grade, groups in students().values_list("id", "grade", "groups"):
        everyone.add(student_id)
        grades[grade].add(student_id)
        for name in groups:
            recorded[name].add(student_id)
    keyed = {("grade", grade): frozenset(ids) for grade, ids in grades.items()}
    keyed |= {("group", name): frozenset(ids) for name, ids in recorded.items()}  # type: ignore[misc]
    shown, whole = hide_overlapping(keyed, counted=placed, everyone=everyone)  # type: ignore[arg-type]

    def plain(kind: str) -> list[Group]:
        return [
            Group(key[1], group.count, group.total)  # type: ignore[index]
            for key, group in shown.items()
            if key[0] == kind  # type: ignore[index]
        ]

    by_grade = sorted(plain("grade"), key=lambda one: (one.key is None, one.key or 0))
    return Shares(by_grade, sorted(plain("group"), key=lambda one: str(one.key)), whole)


# --- students -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Seeker:
    """A student and how the search for an internship has gone."""

    student: Person
    waiting_since: datetime | None  # of the first open request; None: asks for nothing now
    asked: int
    declined: int
    interned: bool


@dataclass(frozen=True)
class Seekers:
    """Each list the longest first, cut to LONGEST_LIST; how many there are beside it."""

    never_placed: list[Seeker]
    never_placed_count: int
    waiting: list[Seeker]
    waiting_count: int
    declined: list[Seeker]
    declined_count: int


def seekers() -> Seekers:
    """Two queries, however many students."""
    people = list(students().select_related("teacher"))
    ways: dict[uuid.UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for student_id, state, asked_at in Placement.objects.order_by("requested_at").values_list(
        "student_id", "state", "requested_at"
    ):
        ways[student_id].append((state, asked_at))
    found = [_seeker(person, ways[person.id]) for person in people]
    far = timezone.now()
    never = sorted(
        (one for one in found if not one.interned),
        key=lambda one: (one.waiting_since or far, -one.asked, one.student.family_name),
    )
    waiting = sorted(
        (one for one in found if one.waiting_since), key=lambda one: one.waiting_since or far
    )
    declined = sorted(
        (one for one in found if one.declined >= OFTEN_DECLINED), key=lambda one: -one.declined
    )
    return Seekers(
        never[:LONGEST_LIST],
        len(never),
        waiting[:LONGEST_LIST],
        len(waiting),
        declined[:LONGEST_LIST],
        len(declined),
    )


def _seeker(student: Person, way: Iterable[tuple[str, datetime]]) -> Seeker:
    way = list(way)
    waiting = [at for state, at in way if state in OPEN and state != State.ACTIVE]
    return Seeker(
        student=student,
        waiting_since=min(waiting, default=None),
        asked=len(way),
        declined=sum(state == State.DECLINED for state, _at in way),
        interned=any(state in INTERNED for state, _at in way),
    )


# --- what one decision does ---------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """What approving a request would do to fairness. Pure: from the queue's own facts."""

    first_time: bool  # the student has never been at work
    waited_longest: bool  # of those who asked for the same slot
    asked: int  # how many asked for it, this one included
    passed_over: Rival | None  # never placed and waiting longer; the one who waits longest


def effect_of(waiting: Waiting) -> Effect:
    """Whom a yes to *waiting* serves, and whom it passes over."""
    longer = [one for one in waiting.rivals if one.waiting_since < waiting.waiting_since]
    never = [one for one in waiting.rivals if one.never_placed]
    passed = [one for one in never if one in longer or not waiting.never_placed]
    if waiting.slots is not None and waiting.slots.open > len(passed):
        passed = []  # there is a slot for each of them too
    return Effect(
        first_time=waiting.never_placed,
        waited_longest=not longer,
        asked=1 + len(waiting.rivals),
        passed_over=passed[0] if passed else None,
    )
