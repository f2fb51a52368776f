"""One timeline of a placement: mentor's, school's and student's words, oldest last. Reads only."""

from dataclasses import dataclass

from portico.attendance.models import Attendance, TimelineEntry
from portico.internships.models import Placement

Kind, Voice = TimelineEntry.Kind, TimelineEntry.Voice


@dataclass(frozen=True)
class GoalProgress:
    """A learning goal and how far it has come, in quarters, by whom last."""

    number: int
    text: str
    quarters: int
    last: TimelineEntry | None

    @property
    def percent(self) -> int:
        return self.quarters * 25


def entries_of(*, placement: Placement, for_staff: bool) -> list[TimelineEntry]:
    """What was said about *placement*, newest first; the school's own notes only *for_staff*.

    A mentor's word about a single day stands in the timeline as feedback of that day.
    """
    found = TimelineEntry.objects.filter(placement=placement)
    if not for_staff:
        found = found.filter(staff_only=False)
    entries = [*found, *_comments(placement)]
    return sorted(entries, key=lambda one: (one.day, one.created_at), reverse=True)


def _comments(placement: Placement) -> list[TimelineEntry]:
    """Mentors' comments on days as entries, made for reading and never saved."""
    days = Attendance.objects.filter(placement=placement).exclude(mentor_comment="")
    return [
        TimelineEntry(
            placement=placement,
            kind=Kind.NOTE,
            voice=Voice.MENTOR,
            author_name=day.reach.name or day.reach.email if day.reach else "",
            day=day.day,
            text=day.mentor_comment,
            created_at=day.mentor_answered_at or day.created_at,
        )
        for day in days.select_related("reach")
    ]


def progress_of(*, placement: Placement) -> list[GoalProgress]:
    """The placement's learning goals with the latest word on each."""
    latest: dict[int, TimelineEntry] = {}
    told = TimelineEntry.objects.filter(placement=placement, kind=Kind.PROGRESS)
    for entry in told.order_by("created_at"):
        assert entry.goal is not None
        latest[entry.goal] = entry
    return [
        GoalProgress(
            number=number,
            text=text,
            quarters=(latest[number].progress or 0) if number in latest else 0,
            last=latest.get(number),
        )
        for number, text in enumerate(placement.goals)
    ]


def waiting_evaluations(*, placement: Placement) -> list[TimelineEntry]:
    """Evaluations that were asked for and are not answered yet."""
    return list(
        TimelineEntry.objects.filter(
            placement=placement, kind=Kind.EVALUATION, answered_at__isnull=True
        )
    )
