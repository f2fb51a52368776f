"""What the school expects of a day: hours, grace, questions, its calendar, its forms."""

import secrets
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.rules import require_role
from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.actions.evaluating import QUESTION_KINDS
from portico.attendance.models import AttendancePolicy
from portico.attendance.rules import require_staff
from portico.audit.actions import record
from portico.internships.models import Placement
from portico.internships.states import OPEN
from tenants.errors import Refused

MOST_QUESTIONS = 5  # a tap must stay a tap
RADIUS = range(25, 5001)  # meters


def lock_policy() -> AttendancePolicy:
    """The school's one row, locked; made with the defaults when there is none yet."""
    AttendancePolicy.objects.bulk_create([AttendancePolicy()], ignore_conflicts=True)
    return AttendancePolicy.objects.select_for_update().get(id=1)


def _change(
    actor: Person, action: str, change: Callable[[AttendancePolicy], dict[str, Any]]
) -> None:
    """Change the one row under its lock; *change* returns what the history should say."""
    require_role(actor, Role.COORDINATOR)
    policy = lock_policy()
    after = change(policy)
    policy.save()
    record(action=action, subject=policy, actor=actor, after=after)


@transaction.atomic
def set_expectations(
    *,
    actor: Person,
    required_hours: int,
    late_minutes: int,
    grace_minutes: int,
    radius_m: int,
    questions: list[str],
) -> None:
    """Numbers and the questions at check-in. A question keeps its id while its words stay."""
    if radius_m not in RADIUS:
        raise Refused("radius", _("Between 25 and 5,000 meters."), field="radius_m")
    wanted = list(dict.fromkeys(" ".join(one.split())[:200] for one in questions if one.strip()))
    if len(wanted) > MOST_QUESTIONS:
        raise Refused("questions", _("Five questions at most."), field="questions")

    def change(policy: AttendancePolicy) -> dict[str, Any]:
        known = {one["text"]: one["id"] for one in policy.questions}
        numbers = {
            "required_hours": required_hours,
            "late_minutes": late_minutes,
            "grace_minutes": grace_minutes,
            "radius_m": radius_m,
        }
        for name, number in numbers.items():
            setattr(policy, name, number)
        policy.questions = [
            {"id": known.get(text) or secrets.token_hex(4), "text": text} for text in wanted
        ]
        return {**numbers, "questions": wanted}

    _change(actor, "attendance_expectations", change)


@transaction.atomic
def add_holiday(*, actor: Person, first: date, last: date, name: str) -> None:
    """Days off in the school's calendar: nobody is expected, nobody is missing."""
    name = " ".join(name.split())[:80]
    if not name:
        raise Refused("name", _("Give it a name."), field="name")
    if last < first:
        raise Refused("dates", _("The last day must not be before the first."), field="last")

    def change(policy: AttendancePolicy) -> dict[str, Any]:
        holiday = {"from": first.isoformat(), "to": last.isoformat(), "name": name}
        if holiday not in policy.holidays:
            policy.holidays = sorted([*policy.holidays, holiday], key=lambda one: one["from"])
        return holiday

    _change(actor, "holiday_add", change)


@transaction.atomic
def remove_holiday(*, actor: Person, first: str, name: str) -> None:
    """Take a holiday out of the calendar; nothing happens when it is not there."""

    def change(policy: AttendancePolicy) -> dict[str, Any]:
        policy.holidays = [
            one for one in policy.holidays if (one["from"], one["name"]) != (first, name)
        ]
        return {"from": first, "name": name}

    _change(actor, "holiday_remove", change)


@transaction.atomic
def save_evaluation_form(
    *, actor: Person, form_id: str, name: str, questions: list[tuple[str, str]]
) -> dict[str, Any]:
    """A form of the school: (kind, words) a question; an empty *form_id* makes a new one.

    Evaluations already asked for keep the questions as they were. Refused: `name`,
    `questions`, `kind`, `form` when it has been removed.
    """
    name = " ".join(name.split())[:80]
    asked = [(kind, " ".join(text.split())[:300]) for kind, text in questions if text.strip()]
    if not name:
        raise Refused("name", _("Give it a name."), field="name")
    if not asked:
        raise Refused("questions", _("Ask at least one question."), field="questions")
    if any(kind not in QUESTION_KINDS for kind, _text in asked):
        raise Refused("kind", _("Scale, text or competency."), field="questions")

    form = {
        "id": form_id or secrets.token_hex(4),
        "name": name,
        "questions": [
            {"id": f"q{number}", "kind": kind, "text": text}
            for number, (kind, text) in enumerate(asked, start=1)
        ],
    }

    def change(policy: AttendancePolicy) -> dict[str, Any]:
        if form_id and form_id not in {one["id"] for one in policy.evaluation_forms}:
            raise Refused("form", _("There is no such form."))
        others = [one for one in policy.evaluation_forms if one["id"] != form["id"]]
        policy.evaluation_forms = sorted([*others, form], key=lambda one: one["name"])
        return {"form": name}

    _change(actor, "evaluation_form", change)
    return form


@transaction.atomic
def remove_evaluation_form(*, actor: Person, form_id: str) -> None:
    """Nobody is asked with it any more; evaluations asked for before stay as they are."""

    def change(policy: AttendancePolicy) -> dict[str, Any]:
        left = [one for one in policy.evaluation_forms if one["id"] != form_id]
        names = [one["name"] for one in policy.evaluation_forms if one["id"] == form_id]
        policy.evaluation_forms = left
        return {"form": ", ".join(names)}

    _change(actor, "evaluation_form_removed", change)


@transaction.atomic
def set_placement_terms(
    *,
    actor: Person,
    placement_id: uuid.UUID,
    required_hours: int | None,
    radius_m: int | None,
) -> Placement:
    """Hours required of this placement, and the radius of its site (of all placements there)."""
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("student__teacher")
        .get(id=placement_id)
    )
    require_staff(actor, placement)
    if radius_m is not None and radius_m not in RADIUS:
        raise Refused("radius", _("Between 25 and 5,000 meters."), field="radius_m")
    before = {"required_hours": placement.required_hours, "radius_m": placement.radius_m}
    after = {"required_hours": required_hours, "radius_m": radius_m}
    if before == after:
        return placement
    placement.required_hours, placement.radius_m = required_hours, radius_m
    placement.save(update_fields=["required_hours", "radius_m"])
    same_site = (
        Q(opportunity_id=placement.opportunity_id)
        if placement.opportunity_id
        else Q(listing_id=placement.listing_id)
    )
    Placement.objects.filter(same_site, state__in=OPEN).update(radius_m=radius_m)
    record(action="placement_terms", subject=placement, actor=actor, before=before, after=after)
    return placement
