"""A mentor's word about a day: confirmed, corrected, or “not my intern”.

The link is the right to answer. One answer counts; it may be amended until the end of the
next day. What stood there before is in the history.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.accounts.roles import Role
from portico.attendance.hours import LONGEST_DAY, in_hours, interval, minutes
from portico.attendance.mentors import find_link
from portico.attendance.models import Attendance, MentorLink, MentorReach
from portico.attendance.school_time import local
from portico.audit.actions import record
from portico.notices.actions import tell
from tenants.errors import Refused

CONFIRM, CORRECT, NOT_MINE = "confirm", "correct", "not_mine"


@dataclass(frozen=True, kw_only=True)
class DayAnswer:
    """What a mentor says about one day; times are the school's, for `correct`."""

    attendance_id: uuid.UUID
    verdict: str
    start: time | None = None
    end: time | None = None
    comment: str = ""


@transaction.atomic
def confirm_all(*, secret: str) -> int:
    """Confirm every day of the link that waits for an answer; how many there were.

    LinkDead when the link is no good.
    """
    link = find_link(secret=secret, for_use=True)
    days = list(_locked(link).filter(mentor_state=Attendance.MentorState.UNCONFIRMED))
    open_days = [day for day in days if may_answer(day)]
    for day in open_days:
        _answer(link.reach, day, DayAnswer(attendance_id=day.id, verdict=CONFIRM))
    if open_days:
        _heard(link.reach)
    return len(open_days)


@transaction.atomic
def answer_day(*, secret: str, answer: DayAnswer) -> Attendance:
    """Record the mentor's answer about one day of the link.

    LinkDead when the link is no good. Refused: `unknown_day`, `answered` (too late to
    amend, or the school has settled it), `times`.
    """
    link = find_link(secret=secret, for_use=True)
    day = _locked(link).filter(id=answer.attendance_id).first()
    if day is None:
        raise Refused("unknown_day", _("This day is not one you were asked about."))
    if not may_answer(day):
        raise Refused("answered", _("This day has been settled; call the school to change it."))
    _answer(link.reach, day, answer)
    _heard(link.reach)
    return day


@transaction.atomic
def set_preferences(*, secret: str, often: str, language: str) -> MentorReach:
    """How often the mentor is written to, and in which language."""
    reach = find_link(secret=secret, for_use=True).reach
    if often not in MentorReach.Often.values:
        raise Refused("often", _("Choose daily or weekly."), field="often")
    reach.often = often
    reach.language = language
    reach.save(update_fields=["often", "language"])
    return reach


def may_answer(day: Attendance) -> bool:
    """True while the mentor may answer, or amend an answer: until the next day is over."""
    if day.corrected_by == "staff" or day.state != Attendance.State.CLOSED:
        return False
    if day.mentor_answered_at is None:
        return True
    return timezone.now() < amendable_until(day.mentor_answered_at)


def amendable_until(answered_at: datetime) -> datetime:
    return local(timezone.localdate(answered_at) + timedelta(days=2), time(0))


def days_of_link(link: MentorLink) -> list[Attendance]:
    """The days a link asks about, oldest first, student by student."""
    return list(
        Attendance.objects.filter(id__in=link.subjects)
        .select_related("placement__student")
        .order_by("placement__student__family_name", "placement_id", "day")
    )


def _locked(link: MentorLink) -> QuerySet[Attendance]:
    return (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("placement__student")
        .filter(id__in=link.subjects, reach=link.reach)
        .order_by("id")
    )


def corrected_interval(
    day: date, start: time | None, end: time | None
) -> tuple[datetime, datetime]:
    """*start* to *end* of *day* at the school, in UTC; past midnight when the end is before."""
    if start is None or end is None:
        raise Refused("times", _("Say from when until when."), field="start")
    began, ended = local(day, start), local(day, end)
    if ended <= began:
        ended = local(day + timedelta(days=1), end)
    if ended - began > LONGEST_DAY:
        raise Refused("times", _("That is longer than a day can be."), field="end")
    if ended > timezone.now() + timedelta(hours=1):
        raise Refused("times", _("That is still to come."), field="end")
    return began, ended


def _answer(reach: MentorReach, day: Attendance, answer: DayAnswer) -> None:
    before = _as_it_stands(day)
    State = Attendance.MentorState  # noqa: N806
    day.corrected_in_at = day.corrected_out_at = None
    day.corrected_by = ""
    if answer.verdict == CORRECT:
        day.corrected_in_at, day.corrected_out_at = corrected_interval(
            day.day, answer.start, answer.end
        )
        day.corrected_by = "mentor"
        day.mentor_state = State.CORRECTED
    elif answer.verdict == NOT_MINE:
        day.mentor_state = State.DISPUTED
    elif answer.verdict == CONFIRM:
        day.mentor_state = State.CONFIRMED
    else:
        raise Refused("verdict", _("Confirm, correct, or say that it is not your intern."))
    day.mentor_comment = " ".join(answer.comment.split())[:1000]
    day.mentor_answered_at = timezone.now()
    day.save(
        update_fields=[
            "corrected_in_at",
            "corrected_out_at",
            "corrected_by",
            "mentor_state",
            "mentor_comment",
            "mentor_answered_at",
        ]
    )
    after = _as_it_stands(day)
    if before == after:
        return  # the same answer again
    record(
        action=f"attendance_{answer.verdict}",
        subject=day,
        actor=None,
        label=reach.name or reach.email,
        before=before,
        after=after,
    )
    _tell(reach, day)


def _as_it_stands(day: Attendance) -> dict[str, object]:
    start, end = interval(day)
    return {
        "mentor_state": str(day.mentor_state),
        "from": start,
        "until": end,
        "minutes": minutes(day),
        "comment": day.mentor_comment,
    }


def _tell(reach: MentorReach, day: Attendance) -> None:
    placement = day.placement
    data = {
        "student": placement.student.full_name,
        "site": placement.site_name,
        "placement": str(placement.id),
        "day": day.day.isoformat(),
        "mentor": reach.name or reach.email,
        "who": reach.name or str(_("Your mentor")),
        "hours": in_hours(minutes(day)),
        "comment": day.mentor_comment,
    }
    if day.mentor_state == Attendance.MentorState.DISPUTED:
        for person in Person.objects.filter(roles__contains=[Role.COORDINATOR], is_active=True):
            tell(kind="hours_disputed", person=person, data=data)
    elif day.mentor_state == Attendance.MentorState.CORRECTED:
        tell(kind="hours_changed", person=placement.student, data=data)


def _heard(reach: MentorReach) -> None:
    reach.last_answered_at = timezone.now()
    reach.quiet_since = None
    reach.save(update_fields=["last_answered_at", "quiet_since"])
