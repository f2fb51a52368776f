"""What is said about a placement: feedback, progress of goals, visits and calls."""

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.models import TimelineEntry
from portico.attendance.rules import is_staff_of, require_staff
from portico.internships.models import Placement
from portico.internships.rules import stands_for
from tenants.errors import Refused

FULL = 4  # quarters of a goal
Kind, Voice = TimelineEntry.Kind, TimelineEntry.Voice


def _placement(placement_id: uuid.UUID) -> Placement:
    return Placement.objects.select_related("student__teacher").get(id=placement_id)


def _voice(actor: Person, placement: Placement) -> str:
    if is_staff_of(actor, placement):
        return Voice.STAFF
    if Role.STUDENT in stands_for(actor, placement):
        return Voice.STUDENT
    raise Refused("forbidden", _("Your role does not allow this."))


def _text(text: str) -> str:
    text = text.strip()[:4000]
    if not text:
        raise Refused("text", _("Write a few words."), field="text")
    return text


@transaction.atomic
def give_feedback(
    *, actor: Person, placement_id: uuid.UUID, text: str, staff_only: bool = False
) -> TimelineEntry:
    """A word from staff or from the student. *staff_only* notes are never the student's."""
    placement = _placement(placement_id)
    voice = _voice(actor, placement)
    return TimelineEntry.objects.create(
        placement=placement,
        kind=Kind.NOTE,
        voice=voice,
        author=actor,
        author_name=actor.full_name,
        staff_only=staff_only and voice == Voice.STAFF,
        day=timezone.localdate(),
        text=_text(text),
        created_at=timezone.now(),
    )


@transaction.atomic
def note_progress(
    *, actor: Person, placement_id: uuid.UUID, goal: int, progress: int, text: str = ""
) -> TimelineEntry:
    """How far learning goal number *goal* (from 0) has come, in quarters."""
    placement = _placement(placement_id)
    voice = _voice(actor, placement)
    if not 0 <= goal < len(placement.goals):
        raise Refused("goal", _("There is no such goal."), field="goal")
    if not 0 <= progress <= FULL:
        raise Refused("progress", _("Choose how far it has come."), field="progress")
    return TimelineEntry.objects.create(
        placement=placement,
        kind=Kind.PROGRESS,
        voice=voice,
        author=actor,
        author_name=actor.full_name,
        day=timezone.localdate(),
        goal=goal,
        progress=progress,
        text=text.strip()[:4000],
        created_at=timezone.now(),
    )


@transaction.atomic
def log_visit(
    *,
    actor: Person,
    placement_id: uuid.UUID,
    kind: str,
    day: date,
    text: str,
    next_step: str = "",
    next_on: date | None = None,
) -> TimelineEntry:
    """A visit to the site or a call with it, for staff: notes and the next step."""
    placement = _placement(placement_id)
    require_staff(actor, placement)
    if kind not in (Kind.VISIT, Kind.CALL):
        raise Refused("kind", _("A visit or a call."), field="kind")
    if day > timezone.localdate():
        raise Refused("day", _("That day is still to come."), field="day")
    return TimelineEntry.objects.create(
        placement=placement,
        kind=kind,
        voice=Voice.STAFF,
        author=actor,
        author_name=actor.full_name,
        staff_only=True,
        day=day,
        text=_text(text),
        next_step=next_step.strip()[:300],
        next_on=next_on,
        created_at=timezone.now(),
    )
