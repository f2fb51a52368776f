"""One message to a mentor, about every day of every intern that waits for their word."""

import uuid
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.hours import in_hours, interval, minutes
from portico.attendance.mentors import make_link, placements_with
from portico.attendance.models import Attendance, MentorLink, MentorReach
from portico.attendance.queries import policy
from portico.attendance.schedule import expected_on
from portico.attendance.school_time import end_of_week, local
from portico.attendance.words import clock, day_words
from portico.audit.actions import record
from portico.due.actions import plan_work
from portico.internships.states import State
from portico.notices.actions import tell, write_to
from tenants.errors import Refused

ASK_ABOUT = timedelta(days=30)  # older days are for the school to settle
WAIT_FOR_OTHERS = timedelta(minutes=75)  # past a scheduled end: then a check-out was forgotten
NEXT_DAY_AT = time(17)
QUIET_AFTER = timedelta(days=14)
REMIND_AGAIN_AFTER = timedelta(hours=20)


def waiting_for(reach: MentorReach) -> list[Attendance]:
    """Days the mentor has not answered about, oldest first."""
    return list(
        Attendance.objects.filter(
            reach=reach,
            state=Attendance.State.CLOSED,
            mentor_state=Attendance.MentorState.UNCONFIRMED,
            corrected_by="",
            day__gte=timezone.localdate() - ASK_ABOUT,
        )
        .select_related("placement__student")
        .order_by("placement__student__family_name", "placement_id", "day")
    )


@transaction.atomic
def write_to_mentor(*, reach_id: uuid.UUID) -> datetime | None:
    """Send what waits, or say when it is time: one message a day at most, or one a week.

    A day's message waits until the mentor's last intern of the day is expected to have left.
    """
    # NO KEY: a check-out refers to this row when it commits, and has its due work locked by
    # then, which we come to last.
    reach = MentorReach.objects.select_for_update(no_key=True).filter(id=reach_id).first()
    if reach is None:
        return None
    days = waiting_for(reach)
    if not days or not _has_news(reach, days):
        return None
    if later := _better_later(reach):
        return later
    _ask(reach, days)
    return None


@transaction.atomic
def remind_mentor(*, reach_id: uuid.UUID, actor: Person) -> None:
    """Ask a silent mentor once more, now. Refused: `forbidden`, `nothing`, `reminded`."""
    if not actor.has_role(Role.COORDINATOR):
        raise Refused("forbidden", gettext_lazy("Your role does not allow this."))
    reach = MentorReach.objects.select_for_update(no_key=True).get(id=reach_id)
    name = {"mentor": reach.name or reach.email}
    days = waiting_for(reach)
    if not days:
        raise Refused("nothing", gettext_lazy("%(mentor)s has nothing to answer.") % name)
    if reach.last_asked_at and reach.last_asked_at > timezone.now() - REMIND_AGAIN_AFTER:
        raise Refused("reminded", gettext_lazy("%(mentor)s has been asked already.") % name)
    _ask(reach, days)
    record(action="mentor_reminded", subject=reach, actor=actor)


def _ask(reach: MentorReach, days: list[Attendance]) -> None:
    """One message about *days*, with a fresh link; two weeks without an answer tell the school."""
    now = timezone.now()
    first_since_answer = reach.last_asked_at is None or (
        reach.last_answered_at is not None and reach.last_answered_at >= reach.last_asked_at
    )
    secret = make_link(
        reach=reach, purpose=MentorLink.Purpose.DAYS, subjects=[day.id for day in days]
    )
    write_to(
        kind="mentor_days",
        email=reach.email,
        language=reach.language,
        data=_words(reach, days),
        secret=secret,
    )
    reach.last_asked_at = now
    reach.save(update_fields=["last_asked_at"])
    if first_since_answer:
        plan_work(kind="quiet_mentor", subject_id=reach.id, due_at=now + QUIET_AFTER)


def _has_news(reach: MentorReach, days: Iterable[Attendance]) -> bool:
    """True when a day waits that no message has asked about yet."""
    links = MentorLink.objects.filter(reach=reach, purpose=MentorLink.Purpose.DAYS)
    asked: set[uuid.UUID] = set()
    for subjects in links.order_by("-created_at").values_list("subjects", flat=True)[:20]:
        asked.update(subjects)
    return any(day.id not in asked for day in days)


def _better_later(reach: MentorReach) -> datetime | None:
    """When this message should go out, if not now."""
    now = timezone.now()
    if reach.often == MentorReach.Often.WEEKLY:
        # a moment back, so that the Friday that has just come counts as come
        due = end_of_week(now - timedelta(hours=8))
        if due > now:
            return due
        if reach.last_asked_at is not None and reach.last_asked_at >= due:
            return end_of_week(now)
        return None
    today = timezone.localdate()
    if reach.last_asked_at is not None and timezone.localdate(reach.last_asked_at) == today:
        return local(today + timedelta(days=1), NEXT_DAY_AT)
    return _when_all_have_left(reach, now)


def _when_all_have_left(reach: MentorReach, now: datetime) -> datetime | None:
    """When to look again while interns of this mentor are at work or still to come today."""
    today = timezone.localdate(now)
    zone, holidays = timezone.get_current_timezone(), policy().holidays
    placements = list(placements_with(reach).filter(state=State.ACTIVE))
    here = {
        day.placement_id: day
        for day in Attendance.objects.filter(placement__in=placements, day=today)
    }
    latest: datetime | None = None
    for placement in placements:
        day = here.get(placement.id)
        if day is not None and day.state != Attendance.State.OPEN:
            continue
        expected = expected_on(placement, today, zone=zone, holidays=holidays)
        if expected is not None and now < expected.end + WAIT_FOR_OTHERS:
            end = expected.end + WAIT_FOR_OTHERS
            latest = end if latest is None else max(latest, end)
    return latest


def _words(reach: MentorReach, days: list[Attendance]) -> dict[str, str]:
    """The message's words in the mentor's language, JSON-plain."""
    with translation.override(reach.language):
        count = ngettext("%(n)d day", "%(n)d days", len(days)) % {"n": len(days)}
        lines = [
            _("Hello %(name)s,") % {"name": reach.name} if reach.name else _("Hello,"),
            _("did this happen? Opening the page changes nothing; one button confirms all."),
            "",
        ]
        for day in days:
            lines += _day_lines(day)
        return {
            "count": count,
            "site": days[0].placement.site_name,
            "mentor": reach.name,
            "summary": "\n".join(lines),
        }


def _day_lines(day: Attendance) -> list[str]:
    start, end = interval(day)
    times = f"{clock(start)} – {clock(end)}" if start and end else _("times not known")
    head = _("%(student)s, %(day)s: %(times)s (%(hours)s)") % {
        "student": day.placement.student.full_name,
        "day": day_words(day.day),
        "times": times,
        "hours": in_hours(minutes(day)),
    }
    goals = [f"{'✓' if goal['done'] else '–'} {goal['text']}" for goal in day.goals]
    return [head, *goals, ""]


@transaction.atomic
def note_quiet_mentor(*, reach_id: uuid.UUID) -> datetime | None:
    """Two weeks after a mentor was first asked: tell the school if no answer came."""
    reach = MentorReach.objects.select_for_update(no_key=True).filter(id=reach_id).first()
    if reach is None or not (days := waiting_for(reach)):
        return None
    now = timezone.now()
    if reach.last_answered_at is not None and reach.last_answered_at > now - QUIET_AFTER:
        return reach.last_answered_at + QUIET_AFTER
    reach.quiet_since = now
    reach.save(update_fields=["quiet_since"])
    data = {"mentor": reach.name or reach.email, "site": days[0].placement.site_name}
    teachers = [
        day.placement.student.teacher_id for day in days if day.placement.student.teacher_id
    ]
    coordinators = Person.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True)
    for person in coordinators.union(Person.objects.filter(id__in=teachers, is_active=True)):
        tell(kind="mentor_quiet", person=person, data=data)
    return None
