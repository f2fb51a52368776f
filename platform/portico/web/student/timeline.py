"""A placement's history as its student reads it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.audit.models import Entry
from portico.audit.queries import history_of
from portico.internships.models import Placement
from portico.internships.states import State

# Action of the history → (words, icon, tone). %(who)s is the person who did it.
WORDS = {
    "placement_request": (gettext_lazy("You asked for this internship."), "send", "brand"),
    "placement_approve": (gettext_lazy("%(who)s said yes."), "circle-check", "good"),
    "placement_ask_owner": (
        gettext_lazy("%(who)s said yes and asked %(origin)s too."),
        "circle-check",
        "good",
    ),
    "placement_agree": (gettext_lazy("%(origin)s said yes."), "circle-check", "good"),
    "placement_decline": (gettext_lazy("%(who)s said no."), "circle-x", "bad"),
    "placement_refuse": (gettext_lazy("%(origin)s said no."), "circle-x", "bad"),
    "placement_extend": (gettext_lazy("%(who)s gave you more time."), "clock", "brand"),
    "placement_request_start": (gettext_lazy("You asked to start."), "send", "brand"),
    "placement_approve_start": (gettext_lazy("%(who)s approved your start."), "rocket", "good"),
    "placement_decline_start": (gettext_lazy("%(who)s said: not yet."), "circle-x", "warn"),
    "placement_expire": (gettext_lazy("Time was up."), "clock", "bad"),
    "placement_complete": (gettext_lazy("You completed this internship."), "award", "good"),
    "placement_end_early": (gettext_lazy("%(who)s ended this internship."), "flag", "warn"),
    "placement_withdraw": (gettext_lazy("You stepped back."), "undo-2", ""),
}


@dataclass(frozen=True)
class Happening:
    """One line of the timeline component."""

    text: str
    when: str
    iso: str
    icon: str = ""
    tone: str = ""
    quote: str = ""


def timeline(placement: Placement) -> list[Happening]:
    """What happened, newest first."""
    entries = [entry for entry in history_of(subject=placement) if entry.action in WORDS]
    lines = [_happening(placement, entry) for entry in entries]
    past = entries[-1].action if entries else ""
    if placement.state == State.EXPIRED and past != "placement_expire" and placement.deadline:
        lines.append(_line(placement, "placement_expire", at=placement.deadline))
    return lines[::-1]


def _happening(placement: Placement, entry: Entry) -> Happening:
    quote = str(entry.after.get("reason") or "")
    if entry.action == "placement_request":
        quote = placement.message
    return _line(placement, entry.action, at=entry.at, who=entry.actor_label, quote=quote)


def _line(
    placement: Placement, action: str, *, at: datetime, who: str = "", quote: str = ""
) -> Happening:
    words, icon, tone = WORDS[action]
    local = timezone.localtime(at)
    return Happening(
        text=str(words) % {"who": who, "origin": placement.origin_name},
        when=_("%(date)s, %(time)s")
        % {
            "date": date_format(local, "DATE_FORMAT"),
            "time": date_format(local, "TIME_FORMAT"),
        },
        iso=local.isoformat(),
        icon=icon,
        tone=tone,
        quote=quote,
    )
