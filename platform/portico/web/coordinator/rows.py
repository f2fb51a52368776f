"""Requests and starts as rows of a queue (cotton/queue_row.html)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.internships.models import Placement
from portico.internships.queue import Waiting
from portico.web.staff_words import (
    age_in_words,
    age_short,
    grade_words,
    origin_key,
    origin_label,
)


@dataclass(frozen=True)
class Flag:
    label: str
    tone: str


@dataclass(frozen=True)
class Row:
    """One case. `yes` and `no` are keys of portico.web.placements.ACTS."""

    placement: Placement
    name: str
    about: str
    what: str
    url: str
    origin: str
    origin_label: str
    flags: tuple[Flag, ...]
    since: datetime
    yes: str
    no: str

    @property
    def age(self) -> str:
        return age_short(self.since)

    @property
    def age_label(self) -> str:
        return _("waiting %(age)s") % {"age": age_in_words(self.since)}


def request_row(waiting: Waiting) -> Row:
    one = waiting.placement
    what = _("Request: %(title)s, %(site)s") % {"title": one.title, "site": one.site_name}
    return _row(
        one,
        what=what,
        url=reverse("request", args=[one.id]),
        flags=flags_of(waiting),
        since=one.requested_at,
        yes="approve",
        no="decline",
    )


def start_row(one: Placement) -> Row:
    what = _("Start: %(title)s, %(site)s") % {"title": one.title, "site": one.site_name}
    teacher = one.student.teacher
    flags = (Flag(_("Asked: %(name)s") % {"name": teacher.full_name}, "info"),) if teacher else ()
    return _row(
        one,
        what=what,
        url=reverse("placement-staff", args=[one.id]),
        flags=flags,
        since=one.start_requested_at or one.requested_at,
        yes="approve_start",
        no="decline_start",
    )


def _row(
    one: Placement,
    *,
    what: str,
    url: str,
    flags: Sequence[Flag],
    since: datetime,
    yes: str,
    no: str,
) -> Row:
    return Row(
        placement=one,
        name=one.student.full_name,
        about=grade_words(one.student.grade),
        what=what,
        url=url,
        origin=origin_key(one.origin_kind),
        origin_label=origin_label(kind=one.origin_kind, name=one.origin_name),
        flags=tuple(flags),
        since=since,
        yes=yes,
        no=no,
    )


def flags_of(waiting: Waiting) -> tuple[Flag, ...]:
    """What a coordinator should not overlook, the gravest first."""
    flags = []
    if waiting.slots is None:
        flags.append(Flag(_("Not offered any more"), "bad"))
    elif waiting.slots.open < 1:
        flags.append(Flag(_("No slot free"), "bad"))
    if waiting.on_the_way_with is not None:
        flags.append(Flag(_("On the way with another"), "bad"))
    if waiting.rivals:
        count = len(waiting.rivals)
        words = ngettext("%(n)d other asked", "%(n)d others asked", count) % {"n": count}
        flags.append(Flag(words, "warn"))
    if waiting.never_placed:
        flags.append(Flag(_("Never placed"), "info"))
    if waiting.ask_owner:
        flags.append(Flag(_("Owner is asked too"), "info"))
    return tuple(flags)
