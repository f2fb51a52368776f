"""The coordinator's board: key numbers, placements by week."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connections
from django.db.models import Count, F, IntegerField, Min, Q, Sum
from django.utils import timezone

from catalog.models import Opportunity
from portico.internships.models import Placement
from portico.internships.states import State
from portico.reports.days import midnight
from portico.reports.fairness import students
from sharing.models import OwnListing
from sharing.queries import questions_to_us
from tenants.context import current_alias

SOON = timedelta(days=2)


@dataclass(frozen=True)
class KeyNumbers:
    """The numbers at the top. Slots are own ones: free for own students, released, in use."""

    students: int
    interning: int
    pursuing: int
    expiring: int
    requests: int
    starts: int
    questions: int
    oldest: datetime | None
    slots_free: int
    slots_released: int
    released_in_use: int

    @property
    def waiting(self) -> int:
        return self.requests + self.starts + self.questions


def key_numbers() -> KeyNumbers:
    """The school's numbers now, pursuits as the clock has them. Four queries."""
    now = timezone.now()
    running = Q(state=State.PURSUING, deadline__gt=now)
    # a start is the teacher's to decide; it waits for the coordinator where there is none
    start = Q(state=State.START_REQUESTED, student__teacher__isnull=True)
    placements = Placement.objects.aggregate(
        interning=Count("id", filter=Q(state=State.ACTIVE)),
        pursuing=Count("id", filter=running | Q(state=State.START_REQUESTED)),
        expiring=Count("id", filter=running & Q(deadline__lte=now + SOON)),
        requests=Count("id", filter=Q(state=State.REQUESTED)),
        starts=Count("id", filter=start),
        oldest_request=Min("requested_at", filter=Q(state=State.REQUESTED)),
        oldest_start=Min("start_requested_at", filter=start),
        overdue=Count(
            "id",
            filter=Q(
                state=State.PURSUING,
                deadline__lte=now,
                opportunity__state=Opportunity.State.PUBLISHED,
            ),
        ),
    )
    questions = questions_to_us().order_by().aggregate(n=Count("id"), oldest=Min("created_at"))
    offers = Opportunity.objects.aggregate(
        free=Sum(
            F("capacity") - F("released") - F("taken"),
            filter=Q(state=Opportunity.State.PUBLISHED),
            output_field=IntegerField(),
            default=0,
        ),
    )
    pool = OwnListing.objects.aggregate(
        slots=Sum("slots", default=0), taken=Sum("taken", default=0)
    )
    ages = (placements["oldest_request"], placements["oldest_start"], questions["oldest"])
    return KeyNumbers(
        students=students().count(),
        interning=placements["interning"],
        pursuing=placements["pursuing"],
        expiring=placements["expiring"],
        requests=placements["requests"],
        starts=placements["starts"],
        questions=questions["n"],
        oldest=min((age for age in ages if age), default=None),
        slots_free=offers["free"] + placements["overdue"],
        slots_released=pool["slots"],
        released_in_use=pool["taken"],
    )


# --- by week --------------------------------------------------------------------------


@dataclass(frozen=True)
class Week:
    """How many placements stood at each stage at the end of a week (or now, for the last)."""

    starts_on: date
    interning: int
    pursuing: int
    waiting: int


# By hand: as aggregates of the ORM these thirty counts took ten times as long to compile
# as PostgreSQL takes to count.
_BY_WEEK = """
    SELECT
        count(one.requested_at) FILTER (WHERE started_at <= week.ends_at),
        count(one.requested_at) FILTER (
            WHERE decided_at <= week.ends_at
            AND (started_at IS NULL OR started_at > week.ends_at)),
        count(one.requested_at) FILTER (WHERE decided_at IS NULL OR decided_at > week.ends_at)
    FROM unnest(%(ends)s::timestamptz[]) WITH ORDINALITY AS week (ends_at, number)
    LEFT JOIN (
        SELECT requested_at, decided_at, started_at, coalesce(
            ended_at, CASE WHEN state = 'pursuing' AND deadline <= %(now)s THEN deadline END
        ) AS over_at
        FROM internships_placement
    ) one ON requested_at <= week.ends_at AND (over_at IS NULL OR over_at > week.ends_at)
    GROUP BY week.number ORDER BY week.number
"""


def placements_by_week(*, weeks: int = 10) -> list[Week]:
    """The last *weeks* weeks, this one included, from the placements' own dates. One query."""
    now = timezone.now()
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    starts = [monday - timedelta(weeks=back) for back in reversed(range(weeks))]
    ends = [min(midnight(day + timedelta(weeks=1)), now) for day in starts]
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(_BY_WEEK, {"ends": ends, "now": now})
        counts = cursor.fetchall()
    return [
        Week(starts_on=day, interning=interning, pursuing=pursuing, waiting=waiting)
        for day, (interning, pursuing, waiting) in zip(starts, counts, strict=True)
    ]
