"""History as sentences: a placement's here, a person's in web/people."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.audit.models import Entry
from portico.audit.queries import history_of


@dataclass(frozen=True)
class Happened:
    """One line of a timeline (cotton/timeline.html)."""

    who: str
    text: str
    when: str
    iso: str
    icon: str
    tone: str = ""
    quote: str = ""


@dataclass(frozen=True)
class Line:
    """The words for one audit action; `%(name)s` are keys of the entry's `after`."""

    text: str | Promise
    icon: str
    tone: str = ""


LINES: dict[str, Line] = {
    "placement_request": Line(gettext_lazy("asked for this internship"), "send"),
    "placement_approve": Line(
        gettext_lazy("approved the request; time to pursue until %(deadline)s"),
        "circle-check",
        "good",
    ),
    "placement_ask_owner": Line(
        gettext_lazy("approved; the owning school is asked too"), "share-2", "brand"
    ),
    "placement_agree": Line(
        gettext_lazy("agreed; time to pursue until %(deadline)s"), "circle-check", "good"
    ),
    "placement_refuse": Line(gettext_lazy("could not offer the slot"), "circle-x", "bad"),
    "placement_decline": Line(gettext_lazy("declined the request"), "circle-x", "bad"),
    "contact_revealed": Line(
        gettext_lazy("made the mentor's contact visible to %(to)s"), "contact", "brand"
    ),
    "placement_extend": Line(
        gettext_lazy("gave more time, until %(deadline)s"), "calendar-plus", "brand"
    ),
    "placement_reminded": Line(gettext_lazy("reminded that time is running out"), "bell"),
    "attendance_reminded": Line(gettext_lazy("asked where the student is"), "bell"),
    "placement_request_start": Line(
        gettext_lazy("asked to start on %(starts_on)s"), "calendar-check", "brand"
    ),
    "placement_approve_start": Line(gettext_lazy("approved the start"), "circle-check", "good"),
    "placement_start_despite": Line(
        gettext_lazy("let it start without: %(missing)s"), "triangle-alert", "warn"
    ),
    "documents_asked": Line(gettext_lazy("asked for: %(titles)s"), "send"),
    "document_given": Line(gettext_lazy("gave “%(title)s”"), "file-check", "brand"),
    "document_accepted": Line(gettext_lazy("accepted “%(title)s”"), "circle-check", "good"),
    "document_sent_back": Line(gettext_lazy("sent “%(title)s” back"), "undo-2", "warn"),
    "document_read": Line(gettext_lazy("opened the file of “%(title)s”"), "eye"),
    "placement_decline_start": Line(gettext_lazy("did not approve the start"), "undo-2", "warn"),
    "placement_expire": Line(
        gettext_lazy("ran out; the slot is free for others"), "hourglass", "bad"
    ),
    "placement_complete": Line(gettext_lazy("recorded it as completed"), "flag", "good"),
    "placement_end_early": Line(gettext_lazy("ended it early"), "flag", "warn"),
    "placement_withdraw": Line(gettext_lazy("withdrew"), "log-out", "warn"),
    "placement_terms": Line(gettext_lazy("changed what is expected here"), "clock"),
    "evaluation_sent": Line(gettext_lazy("asked the mentor to answer “%(form)s”"), "send"),
    "evaluation_answered": Line(gettext_lazy("answered “%(form)s”"), "message-circle", "good"),
    "placement_made_own": Line(gettext_lazy("took the internship over from the region"), "share-2"),
    "certificate": Line(gettext_lazy("made a certificate of the hours"), "award"),
}


def history_in_words(subject: Model, *, lines: dict[str, Line] = LINES) -> list[Happened]:
    """What happened with *subject*, a placement or what *lines* are for; newest first."""
    entries = [_in_words(entry, lines) for entry in history_of(subject=subject)]
    return list(reversed(entries))


def _in_words(entry: Entry, lines: dict[str, Line]) -> Happened:
    line = lines.get(entry.action) or Line(entry.action.replace("_", " "), "dot")
    text = str(line.text) % _Words(entry.after)
    if entry.via == "link":
        text = _("%(what)s (by the link in an e-mail)") % {"what": text}
    return Happened(
        who=_who(entry),
        text=text,
        when=date_format(timezone.localtime(entry.at), "DATETIME_FORMAT"),
        iso=entry.at.isoformat(),
        icon=line.icon,
        tone=line.tone,
        quote=entry.after.get("reason") or "",
    )


def _who(entry: Entry) -> str:
    if entry.actor_label == "clock":
        return _("The time")
    if entry.actor_label == "restore":
        return _("A backup that was restored")
    words = {"who": entry.actor_label, "teacher": entry.after.get("on_behalf_of")}
    return _("%(who)s, on behalf of %(teacher)s,") % words if words["teacher"] else words["who"]


class _Words(dict[str, Any]):
    """An entry's `after`, with moments and days as people write them; missing is empty."""

    def __missing__(self, key: str) -> str:
        return ""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        if key in ("deadline", "until") and value:
            return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
        if key.endswith("_on") and value:
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        return value
