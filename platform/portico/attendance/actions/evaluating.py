"""Evaluations: the school's own questions, asked of a mentor by link, kept as they were asked."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.attendance.mentors import find_link, make_link, reach_for
from portico.attendance.models import MentorLink, TimelineEntry
from portico.attendance.queries import evaluation_form
from portico.attendance.rules import require_staff
from portico.audit.actions import record
from portico.internships.models import Placement
from portico.notices.actions import write_to
from tenants.context import current_schema
from tenants.errors import Refused
from tenants.queries import tenant_by_schema

SCALE, TEXT, COMPETENCY = "scale", "text", "competency"
QUESTION_KINDS = (SCALE, TEXT, COMPETENCY)
HIGHEST = 5  # of a scale; a competency has four steps
STEPS_OF_COMPETENCY = (_("not yet"), _("beginning"), _("mostly"), _("fully"))
EVALUATION_DAYS = 30  # how long the link works


@transaction.atomic
def send_evaluation(*, actor: Person, placement_id: uuid.UUID, form_id: str) -> TimelineEntry:
    """Ask the placement's mentor to answer the school's form *form_id* by a link.

    Refused: `form` when the school has none such, `no_mentor` without an e-mail address.
    """
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("student__teacher")
        .get(id=placement_id)
    )
    require_staff(actor, placement)
    form = evaluation_form(form_id)
    if form is None:
        raise Refused("form", _("There is no such form."), field="form")
    reach = reach_for(placement)
    if reach is None:
        raise Refused("no_mentor", _("The mentor has no e-mail address here."))
    entry = TimelineEntry.objects.create(
        placement=placement,
        kind=TimelineEntry.Kind.EVALUATION,
        voice=TimelineEntry.Voice.MENTOR,
        author_name=reach.name or reach.email,
        day=timezone.localdate(),
        form=form,
        created_at=timezone.now(),
    )
    secret = make_link(
        reach=reach,
        purpose=MentorLink.Purpose.EVALUATION,
        subjects=[entry.id],
        days=EVALUATION_DAYS,
    )
    write_to(
        kind="mentor_evaluation",
        email=reach.email,
        language=reach.language,
        data={
            "form": form["name"],
            "student": placement.student.full_name,
            "site": placement.site_name,
            "school": tenant_by_schema(current_schema()).name,
        },
        secret=secret,
    )
    record(action="evaluation_sent", subject=placement, actor=actor, after={"form": form["name"]})
    return entry


@transaction.atomic
def answer_evaluation(*, secret: str, answers: dict[str, str]) -> TimelineEntry:
    """Record a mentor's answers; amendable while the link works.

    LinkDead when the link is no good; Refused with the question's id as the field.
    """
    link = find_link(secret=secret, for_use=True)
    entry = (
        TimelineEntry.objects.select_for_update(of=("self",))
        .select_related("placement")
        .get(id=link.subjects[0])
    )
    entry.answers = read_answers(entry.form["questions"], answers)
    entry.answered_at = timezone.now()
    entry.day = timezone.localdate()
    entry.save(update_fields=["answers", "answered_at", "day"])
    link.reach.last_answered_at = entry.answered_at
    link.reach.save(update_fields=["last_answered_at"])
    record(
        action="evaluation_answered",
        subject=entry.placement,
        actor=None,
        label=entry.author_name,
        after={"form": entry.form["name"]},
    )
    return entry


def read_answers(questions: list[dict[str, Any]], given: dict[str, str]) -> dict[str, Any]:
    """*given*, checked against the form's questions: numbers as numbers, text cut to size."""
    read: dict[str, Any] = {}
    for question in questions:
        name, value = question["id"], given.get(question["id"], "").strip()
        if question["kind"] == TEXT:
            read[name] = value[:2000]
            continue
        highest = HIGHEST if question["kind"] == SCALE else len(STEPS_OF_COMPETENCY)
        if not value.isdigit() or not 1 <= int(value) <= highest:
            raise Refused("answer", _("Choose one."), field=name)
        read[name] = int(value)
    return read
