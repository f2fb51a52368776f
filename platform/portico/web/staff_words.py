"""Words the pages of coordinators and teachers share."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portico.internships.models import Placement
from portico.internships.states import State

HOUR, DAY = 3600, 86400

# What is next, as the staff see it; completes "Next: …".
NEXT_STEPS = {
    State.REQUESTED: gettext_lazy("The coordinator decides on the request."),
    State.AWAITING_OWNER: gettext_lazy("The owning school answers."),
    State.PURSUING: gettext_lazy("The student calls, visits, and asks to start."),
    State.START_REQUESTED: gettext_lazy("Decide on the start."),
    State.ACTIVE: gettext_lazy("Nothing to decide until it ends."),
}


def age_short(since: datetime) -> str:
    """“3 d”, “5 h”, “now”: for a narrow column."""
    seconds = _seconds(since)
    if seconds >= DAY:
        return _("%(n)d d") % {"n": seconds // DAY}
    if seconds >= HOUR:
        return _("%(n)d h") % {"n": seconds // HOUR}
    return _("now")


def age_in_words(since: datetime) -> str:
    """“3 days”, “5 hours”, “less than an hour”."""
    seconds = _seconds(since)
    if seconds >= DAY:
        days = seconds // DAY
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if seconds >= HOUR:
        hours = seconds // HOUR
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return _("less than an hour")


def _seconds(since: datetime) -> int:
    return max(0, int((timezone.now() - since).total_seconds()))


def origin_key(kind: str) -> str:
    """The `kind` of cotton/origin.html for a placement's or listing's origin_kind."""
    return {"own": "own", "partner": "partner"}.get(kind, "released")


def origin_label(*, kind: str, name: str) -> str:
    """“Your school”, “Partner: Bridge Works”, “Released by Soundview Prep”."""
    if kind == "own":
        return _("Your school")
    if kind == "partner":
        return _("Partner: %(origin)s") % {"origin": name}
    return _("Released by %(origin)s") % {"origin": name}


def grade_words(grade: int | None) -> str:
    return _("grade %(grade)d") % {"grade": grade} if grade is not None else ""


def next_step(placement: Placement | None) -> str:
    """What comes next for a student, or what to do when nothing is open."""
    if placement is None:
        return _("Has no internship: talk about what to ask for.")
    return str(NEXT_STEPS.get(State(placement.state), ""))
