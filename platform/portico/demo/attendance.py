"""The demo's days: taps of the last weeks, by the real rules, and what mentors and staff said.

Most days are as they should be. Some are late, forgotten, corrected, disputed or not
confirmed yet, so that every page has something to show.
"""

import datetime
import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils import timezone

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance import actions
from portico.attendance.mentors import make_link
from portico.attendance.models import Attendance, MentorLink
from portico.attendance.queries import policy
from portico.attendance.schedule import Expected, expected_days
from portico.attendance.school_time import school_time
from portico.demo import content
from portico.demo.clock import clock_at
from portico.due.models import DueWork
from portico.internships.models import Placement
from portico.internships.states import State
from portico.notices.models import Notice
from tenants.context import current_schema, tenant_context

MOST_DAYS = 8  # a placement: enough for a chart, few enough to seed in seconds
MINUTE = timedelta(minutes=1)


def play(schemas: Sequence[str]) -> None:
    """Give every placement that has begun its days, school by school."""
    for schema in schemas:
        with tenant_context(schema), school_time():
            _play_school()


def _play_school() -> None:
    words = content.days()
    coordinator = Person.objects.filter(roles__contains=[Role.COORDINATOR]).order_by("id").first()
    if coordinator is None:
        return
    _set_expectations(coordinator, words)
    started = Placement.objects.filter(started_at__isnull=False).select_related("student__teacher")
    for number, placement in enumerate(started.order_by("started_at")):
        chance = random.Random(f"{placement.title} {placement.student.email}")  # noqa: S311
        days = _work(placement, words, chance, number)
        _hear_mentor(days, words, chance, number)
        if placement.state == State.ACTIVE:
            _say(placement, coordinator, words, number)
    _settle()


def _set_expectations(coordinator: Person, words: dict[str, Any]) -> None:
    today = timezone.localdate()
    actions.set_expectations(
        actor=coordinator,
        required_hours=100,
        late_minutes=10,
        grace_minutes=30,
        radius_m=150,
        questions=[words["question"]],
    )
    for name, first, last in words["holidays"]:
        actions.add_holiday(
            actor=coordinator,
            first=today + timedelta(days=first),
            last=today + timedelta(days=last),
            name=name,
        )
    for form in words["forms"]:
        actions.save_evaluation_form(
            actor=coordinator,
            form_id="",
            name=form["name"],
            questions=[(kind, text) for kind, text in form["questions"]],
        )


# --- the student's side -------------------------------------------------------------------


def _work(
    placement: Placement, words: dict[str, Any], chance: random.Random, number: int
) -> list[uuid.UUID]:
    """The taps of the placement's last expected days; the days' ids, oldest first."""
    assert placement.starts_on is not None and placement.ends_on is not None  # noqa: PT018
    now = timezone.now()
    over = placement.ended_at or now
    planned = [
        one
        for one in expected_days(
            placement,
            first=placement.starts_on,
            last=min(placement.ends_on, timezone.localdate(over)),
            zone=timezone.get_current_timezone(),
            holidays=policy().holidays,
        )
        if one.start + 15 * MINUTE < over
    ][-MOST_DAYS:]
    made = []
    for place, expected in enumerate(planned):
        is_last = place == len(planned) - 1
        if is_last and number % 5 == 4 and placement.state == State.ACTIVE:
            continue  # missing, today perhaps
        made.append(
            _one_day(
                placement, expected, words, chance, last=is_last, forgets=is_last and number == 1
            )
        )
    return made


def _one_day(
    placement: Placement,
    expected: Expected,
    words: dict[str, Any],
    chance: random.Random,
    *,
    last: bool,
    forgets: bool,
) -> uuid.UUID:
    now = timezone.now()
    came = expected.start + chance.choice([-4, -2, -1, 0, 1, 3, 5, 18]) * MINUTE
    left = expected.end + chance.choice([-25, -2, 0, 1, 2, 4, 9]) * MINUTE
    goals = chance.sample(words["goals"][placement.field], k=chance.choice([1, 2, 2, 3]))
    day = _tap(
        placement,
        "in",
        came,
        goals=tuple(goals),
        location_status=chance.choice(["unavailable", "refused", "poor", "unavailable"]),
        answers={
            one["id"]: chance.choice(["Bus", "Walking", "Train"]) for one in policy().questions
        },
    )
    if forgets:
        with clock_at(min(now, expected.end + timedelta(hours=2))):
            actions.close_forgotten(attendance_id=day)
    elif left < now:
        worries = last and placement.title.startswith("Warehouse")
        _tap(
            placement,
            "out",
            left,
            done=tuple(range(chance.choice([1, len(goals)]))),
            reflection=chance.choice(words["reflections"]),
            pulse=chance.choice([2, 3, 4, 4, 5, 5]),
            worry=words["worry"] if worries else "",
        )
    return day


def _tap(placement: Placement, kind: str, moment: datetime.datetime, **facts: Any) -> uuid.UUID:
    with clock_at(moment):
        tap = actions.NewTap(key=uuid.uuid4(), placement_id=placement.id, kind=kind, **facts)
        answer = actions.record_tap(student=placement.student, tap=tap)
    return uuid.UUID(answer.body["attendance"]["id"])


# --- the mentor's and the school's ----------------------------------------------------------


@contextmanager
def _link_about(days: Sequence[uuid.UUID], *, spare: int) -> Iterator[tuple[str, list[Attendance]]]:
    """A mentor's link about all but the last *spare* days, on the evening of the last of them."""
    found = list(
        Attendance.objects.filter(id__in=days, state="closed", reach__isnull=False)
        .select_related("reach")
        .order_by("day")
    )
    asked = found[: len(found) - spare]
    if not asked or asked[-1].check_out_at is None or asked[-1].reach is None:
        yield "", []
        return
    evening = min(asked[-1].check_out_at + timedelta(hours=3), timezone.now())
    with clock_at(evening):
        secret = make_link(
            reach=asked[-1].reach,
            purpose=MentorLink.Purpose.DAYS,
            subjects=[day.id for day in asked],
        )
        yield secret, asked


def _hear_mentor(
    days: Sequence[uuid.UUID], words: dict[str, Any], chance: random.Random, number: int
) -> None:
    with _link_about(days, spare=1 if number % 3 else 0) as (secret, asked):
        if not secret:
            return
        if number % 7 == 3 and len(asked) > 2:
            _disagree(secret, asked)
        elif len(asked) > 1:
            actions.answer_day(
                secret=secret,
                answer=actions.DayAnswer(
                    attendance_id=asked[-1].id,
                    verdict="confirm",
                    comment=chance.choice(words["comments"]),
                ),
            )
        actions.confirm_all(secret=secret)


def _disagree(secret: str, asked: Sequence[Attendance]) -> None:
    """One day corrected, one disputed."""
    corrected, disputed = asked[0], asked[-1]
    assert corrected.check_in_at is not None
    start = timezone.localtime(corrected.check_in_at)
    actions.answer_day(
        secret=secret,
        answer=actions.DayAnswer(
            attendance_id=corrected.id,
            verdict="correct",
            start=start.time(),
            end=(start + timedelta(hours=3)).time(),
            comment="Left at noon for a dentist.",
        ),
    )
    actions.answer_day(
        secret=secret,
        answer=actions.DayAnswer(
            attendance_id=disputed.id, verdict="not_mine", comment="We were closed that day."
        ),
    )


def _say(placement: Placement, coordinator: Person, words: dict[str, Any], number: int) -> None:
    staff = placement.student.teacher or coordinator
    with clock_at(timezone.now() - timedelta(days=number % 5 + 1)):
        for goal in range(min(2, len(placement.goals))):
            actions.note_progress(
                actor=placement.student,
                placement_id=placement.id,
                goal=goal,
                progress=(number + goal) % 3 + 1,
            )
        if number % 2:
            text = words["feedback"][number % len(words["feedback"])]
            actions.give_feedback(actor=staff, placement_id=placement.id, text=text)
        else:
            actions.log_visit(
                actor=staff,
                placement_id=placement.id,
                kind="visit" if number % 4 else "call",
                day=timezone.localdate(),
                text=words["visits"][number % len(words["visits"])],
                next_step="Look at the goals together" if number % 4 else "",
            )


def _settle() -> None:
    """What the past would have planned and told is done and read; a mentor's mail is due now."""
    school = current_schema()
    closed = Attendance.objects.exclude(state=Attendance.State.OPEN).values_list("id", flat=True)
    DueWork.objects.filter(
        school=school, kind="close_forgotten", subject_id__in=list(closed)
    ).delete()
    kinds = ["hours_changed", "hours_disputed", "check_out_forgotten", "attendance_worry"]
    for notice in Notice.objects.filter(kind__in=kinds, state=Notice.State.WAITING):
        notice.state, notice.sent_at = Notice.State.SENT, notice.created_at
        notice.save(update_fields=["state", "sent_at"])
        DueWork.objects.filter(school=school, kind="deliver", subject_id=notice.id).delete()
