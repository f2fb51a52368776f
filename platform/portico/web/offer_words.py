"""An offer in a few words: when, what it pays, how far. For cards, facts and heroes."""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.offers import Pay

MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5]


def days_words(days: Sequence[int]) -> str:
    """ISO weekdays as “Tue & Thu”, “Mon, Wed & Fri” or “Mon–Fri”."""
    ordered = sorted(days)
    names = [str(WEEKDAYS_ABBR[day - 1]) for day in ordered]
    if ordered == MONDAY_TO_FRIDAY:
        return f"{names[0]}–{names[-1]}"
    if len(names) < 2:
        return "".join(names)
    return _("%(days)s & %(last_day)s") % {"days": ", ".join(names[:-1]), "last_day": names[-1]}


def hours_words(start: time | None, end: time | None) -> str:
    """“9:00–2:30”; “from 9:00” when the end is open."""
    # Translators: letters of Django's time formats; "H:i" makes "14:30".
    letters = pgettext("format of a time of day", "g:i")
    if start and end:
        return f"{time_format(start, letters)}–{time_format(end, letters)}"
    if start:
        return _("from %(time)s") % {"time": time_format(start, letters)}
    return ""


def schedule_words(days: Sequence[int], start: time | None, end: time | None) -> str:
    """“Tue & Thu, 9:00–2:30”, or as much of it as is known."""
    return ", ".join(part for part in (days_words(days), hours_words(start, end)) if part)


def dates_words(first: date | None, last: date | None) -> str:
    """“Feb 1 – Jun 15, 2027”, or as much of it as is known."""
    # Translators: letters of Django's date formats; "j M" makes "3 Mar".
    short = pgettext("format of a short date", "M j")
    # Translators: letters of Django's date formats; "j M Y" makes "3 Mar 2027".
    long = pgettext("format of a short date with its year", "M j, Y")
    if first and last:
        opening = date_format(first, short if first.year == last.year else long)
        return f"{opening} – {date_format(last, long)}"
    if first:
        return _("from %(date)s") % {"date": date_format(first, long)}
    if last:
        return _("until %(date)s") % {"date": date_format(last, long)}
    return ""


def pay_words(pay: str, hourly_rate: Decimal | None = None, note: str = "") -> str:
    """“$16.50/h · Outdoors”, “Stipend”, “School credit”."""
    amount = str(Pay(pay).label)
    if pay == Pay.PAID and hourly_rate is not None:
        whole = hourly_rate == hourly_rate.to_integral_value()
        rate = number_format(hourly_rate, decimal_pos=0 if whole else 2)
        amount = _("$%(rate)s/h") % {"rate": rate}
    return f"{amount} · {note}" if note else amount


def distance_words(miles: float | None, *, remote: bool = False) -> str:
    """“0.6 mi from school”; “Remote” where nobody travels."""
    if remote:
        return _("Remote")
    if miles is None:
        return ""
    number = number_format(miles, decimal_pos=1 if miles < 10 else 0)
    return _("%(miles)s mi from school") % {"miles": number}


def grades_words(grades: Sequence[int]) -> str:
    """“Grades 11 and 12”, “Grades 9–12”; empty when every grade may come."""
    ordered = sorted(grades)
    if not ordered:
        return ""
    if len(ordered) == 1:
        return _("Grade %(grade)d") % {"grade": ordered[0]}
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return _("Grades %(first)d–%(last)d") % {"first": ordered[0], "last": ordered[-1]}
    front = ", ".join(str(grade) for grade in ordered[:-1])
    return _("Grades %(grades)s and %(last)d") % {"grades": front, "last": ordered[-1]}
