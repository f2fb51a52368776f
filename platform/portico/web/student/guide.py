"""What a student should do next, in their words: one line and one button a state."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portico.attendance.schedule import is_within
from portico.internships.models import Placement
from portico.internships.queries import Contact, Step, days_left, days_left_in_words, tracker
from portico.internships.states import State
from portico.web.offer_words import schedule_words


@dataclass(frozen=True)
class Guide:
    """A placement as its student meets it: where it stands and the one thing to do."""

    placement: Placement
    url: str
    eyebrow: str
    next_step: str
    lines: list[str]
    steps: list[Step]
    days: int | None = None
    days_label: str = ""
    action_url: str = ""
    action_label: str = ""
    contact: Contact | None = None
    deadline: str = field(default="")


def guide(placement: Placement, *, contact: Contact | None = None) -> Guide:
    """The guide of *placement* (as the clock has it); *contact* only while it is revealed."""
    url = reverse("placement", args=[placement.id])
    eyebrow, next_step = _words(placement, contact)
    lines = [placement.site_name]
    if contact and contact.name:
        lines.append(_("Mentor: %(name)s") % {"name": contact.name})
    days = days_left(placement)
    action_url, action_label = "", ""
    if placement.state == State.PURSUING:
        action_url, action_label = reverse("start-request", args=[placement.id]), _("Ask to start")
    elif placement.state == State.ACTIVE and _is_today(placement):
        action_url, action_label = reverse("check-in"), _("Check in or out")
    return Guide(
        placement=placement,
        url=url,
        eyebrow=eyebrow,
        next_step=next_step,
        lines=lines,
        steps=tracker(placement),
        days=days or None,
        days_label=_("day left") if days == 1 else _("days left"),
        action_url=action_url,
        action_label=action_label,
        contact=contact,
        deadline=deadline_in_words(placement),
    )


def _is_today(placement: Placement) -> bool:
    today = timezone.localdate()
    return is_within(placement, today) and today.isoweekday() in placement.days


def deadline_in_words(placement: Placement) -> str:
    """“9 days left, until Thursday, March 12, 3:15 p.m.”; empty without a clock."""
    if placement.state != State.PURSUING or placement.deadline is None:
        return ""
    local = timezone.localtime(placement.deadline)
    if days_left(placement) == 0:
        return days_left_in_words(placement)
    return _("%(days_left)s, until %(weekday)s, %(date)s, %(time)s") % {
        "days_left": days_left_in_words(placement),
        "weekday": date_format(local, "l"),
        "date": date_format(local, "MONTH_DAY_FORMAT"),
        "time": date_format(local, "TIME_FORMAT"),
    }


def _words(placement: Placement, contact: Contact | None) -> tuple[str, str]:
    """The line above the title, and what to do next."""
    if placement.state == State.PURSUING:
        return _("You are pursuing"), _pursuing(placement, contact)
    if placement.state == State.ACTIVE:
        return _active(placement)
    teacher = placement.student.teacher
    decider = teacher.full_name if teacher else _("Your coordinator")
    reason = placement.reason
    words = {
        State.REQUESTED: (
            _("You asked for"),
            _("Your coordinator reads it next. You get a message with the answer."),
        ),
        State.AWAITING_OWNER: (
            _("One more yes for"),
            _(
                "Your coordinator said yes. %(origin)s knows this place and is asked too. "
                "You get a message with the answer."
            )
            % {"origin": placement.origin_name},
        ),
        State.START_REQUESTED: (
            _("You asked to start"),
            _("%(decider)s reads it next. The clock has stopped, so take a breath.")
            % {"decider": decider},
        ),
        State.COMPLETED: (_("You completed"), _("Well done! It stays in your journey.")),
        State.ENDED_EARLY: (
            _("Ended early"),
            _("Talk to your teacher about what comes next."),
        ),
        State.DECLINED: (
            _("Not this time"),
            _("The answer was no: “%(reason)s” Try another one, there is more to find.")
            % {"reason": reason}
            if reason
            else _("The answer was no. Try another one, there is more to find."),
        ),
        State.EXPIRED: (
            _("Time is up"),
            _("The slot is free for others again. If it is still open you may ask again."),
        ),
        State.WITHDRAWN: (_("You stepped back"), _("That is fine. Find the next one.")),
    }
    return words[State(placement.state)]


def _pursuing(placement: Placement, contact: Contact | None) -> str:
    if placement.start_requested_at and placement.reason:
        return _("Not yet: “%(reason)s” Change it and ask again.") % {"reason": placement.reason}
    if contact and contact.name:
        return _("Next: get in touch with %(mentor)s and visit. Then ask to start.") % {
            "mentor": contact.name
        }
    return _("Next: get in touch with the place and visit. Then ask to start.")


def _active(placement: Placement) -> tuple[str, str]:
    schedule = schedule_words(placement.days, placement.start_time, placement.end_time)
    if placement.starts_on and placement.starts_on > timezone.localdate():
        first = date_format(placement.starts_on, "MONTH_DAY_FORMAT")
        return _("You start soon"), _("Your first day is %(date)s. Your days: %(schedule)s.") % {
            "date": first,
            "schedule": schedule,
        }
    return _("You are interning"), _("Your days: %(schedule)s.") % {"schedule": schedule}
