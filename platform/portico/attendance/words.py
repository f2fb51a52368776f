"""What a student is told about a tap, in one plain sentence or two."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.attendance.models import Attendance, Flag, Where

FLAG_WORDS = {
    Flag.EARLY: gettext_lazy("You are early."),
    Flag.LATE: gettext_lazy("You are late today."),
    Flag.LEFT_EARLY: gettext_lazy("That is before the end of your day."),
    Flag.UNSCHEDULED: gettext_lazy("This is not one of your scheduled days."),
    Flag.HOLIDAY: gettext_lazy("Your school's calendar has a day off today."),
    Flag.AFTER_END: gettext_lazy("This internship has ended; your school will look at it."),
    Flag.CLOCK_OFF: gettext_lazy("Your phone's clock is off; we used ours."),
}
WHERE_WORDS = {
    Where.AWAY: gettext_lazy("Your phone says you are not at the site."),
    Where.POOR: gettext_lazy("Your phone was not sure where you are."),
    Where.REFUSED: gettext_lazy("Your phone's position was not shared."),
}


def clock(moment: datetime) -> str:
    """“9:02 a.m.”, in the school's time."""
    return date_format(timezone.localtime(moment), "TIME_FORMAT")


def day_words(day: date) -> str:
    """“Tuesday, February 2”."""
    return f"{date_format(day, 'l')}, {date_format(day, 'MONTH_DAY_FORMAT')}"


def _sentences(first: str, flags: Iterable[str], where: str) -> str:
    more = [str(words) for flag, words in FLAG_WORDS.items() if flag in flags]
    if where in WHERE_WORDS:
        more.append(str(WHERE_WORDS[Where(where)]))
    return _one_stop(" ".join([first, *more]))


def _one_stop(text: str) -> str:
    """“since 9:02 a.m.” ends a sentence with the stop it has already."""
    return text.replace("..", ".")


def checked_in(day: Attendance) -> str:
    assert day.check_in_at is not None
    first = _("You are checked in since %(time)s.") % {"time": clock(day.check_in_at)}
    return _sentences(first, day.flags, day.where_in)


def checked_in_already(day: Attendance) -> str:
    if day.check_out_at is not None and day.state == Attendance.State.CLOSED:
        return checked_out_already(day)
    if day.check_in_at is None:
        return _("This day is recorded already.")
    already = _("You have checked in already, at %(time)s. Nothing was changed.")
    return _one_stop(already % {"time": clock(day.check_in_at)})


def checked_out(day: Attendance) -> str:
    assert day.check_out_at is not None
    first = _("You are checked out since %(time)s. Well done!") % {"time": clock(day.check_out_at)}
    if Flag.NO_CHECK_IN in day.flags:
        first = _(
            "You are checked out since %(time)s, but nobody knows when you came: "
            "ask your coordinator to add it."
        ) % {"time": clock(day.check_out_at)}
    flags = [flag for flag in day.flags if flag in (Flag.LEFT_EARLY, Flag.AFTER_END)]
    return _sentences(first, flags, day.where_out)


def checked_out_already(day: Attendance) -> str:
    assert day.check_out_at is not None
    already = _("You have checked out already, at %(time)s. Nothing was changed.")
    return _one_stop(already % {"time": clock(day.check_out_at)})


def estimate_confirmed(day: Attendance) -> str:
    assert day.check_out_at is not None
    return _("Thank you. %(day)s ends at %(time)s; your mentor confirms it next.") % {
        "day": date_format(day.day, "MONTH_DAY_FORMAT"),
        "time": clock(day.check_out_at),
    }
