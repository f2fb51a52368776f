"""The rules for minors in words: what a schedule goes against, and where that is written."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from catalog.offers import Pay
from portico.attendance.hours import in_hours
from portico.internships.models import Placement
from portico.minors.assessing import Assessment, assess
from portico.minors.comparing import Code, Finding
from portico.minors.schedule import Schedule
from portico.minors.table import FEDERAL, Rule


@dataclass(frozen=True)
class Sentence:
    text: str
    source: str
    link: str


@dataclass(frozen=True)
class Minors:
    """What minors/notes.html reads."""

    title: str
    tone: str
    warnings: list[Sentence]
    notes: list[Sentence]


def minors_of(
    placement: Placement, *, schedule: Schedule | None = None, to_student: bool = False
) -> Minors | None:
    """What to know about the student's age and *schedule*; None where there is nothing.

    *to_student*: the student reads it.
    """
    found = assess(placement, schedule=schedule, today=timezone.localdate())
    return None if found is None else in_words(found, to_student=to_student)


def in_words(found: Assessment, *, to_student: bool = False) -> Minors | None:
    warnings = [_sentence(one) for one in found.warnings]
    notes = [] if warnings else [note for rule in found.rules for note in _notes(rule)]
    if found.pay in (Pay.UNPAID, Pay.CREDIT):
        notes.append(
            Sentence(
                _("Not paid: as long as it is no employment, limits on hours do not apply."),
                _("DOL Fact Sheet 71"),
                "https://www.dol.gov/agencies/whd/fact-sheets/71-flsa-internships",
            )
        )
        if found.age is None:
            return None  # nothing is known, and nothing to say
    if not warnings and not notes:
        return None
    if found.age is None:
        title = _("If you are under 16") if to_student else _("If the student is under 16")
    elif to_student:
        title = _("You are %(age)s on the first day") % {"age": found.age}
    else:
        title = _("The student is %(age)s on the first day") % {"age": found.age}
    return Minors(title, "warn" if warnings else "info", warnings, notes)


def _sentence(one: Finding) -> Sentence:
    words = {
        "age": one.age,
        "hours": in_hours(one.minutes),
        "allowed": in_hours(round(60 * one.allowed)) if one.allowed is not None else "",
        "time": time_format(one.at, "TIME_FORMAT") if one.at else "",
        "day": date_format(one.day, "MONTH_DAY_FORMAT"),
    }
    texts = {
        Code.TOO_YOUNG: _("Most employment is not allowed at %(age)s."),
        Code.SCHOOL_DAY: _("%(hours)s on a school day; at %(age)s at most %(allowed)s."),
        Code.SCHOOL_WEEK: _("%(hours)s in a school week; at %(age)s at most %(allowed)s."),
        Code.FREE_DAY: _("%(hours)s on a day without school; at %(age)s at most %(allowed)s."),
        Code.FREE_WEEK: _("%(hours)s in a week without school; at %(age)s at most %(allowed)s."),
        Code.TOO_EARLY: _("Not before %(time)s at %(age)s."),
        Code.TOO_LATE: _("Not after %(time)s at %(age)s (from %(day)s)."),
        Code.SCHOOL_HOURS: _(
            "During usual school hours: at %(age)s only in a supervised work-experience program."
        ),
        Code.HAZARDOUS: _("Hazardous occupations are closed to those under 18."),
    }
    return Sentence(texts[one.code] % words, source_words(one.rule), one.rule.link)


def _notes(rule: Rule) -> list[Sentence]:
    """What a rule allows, in a sentence or two."""
    texts = []
    if rule.hazardous_orders:
        texts.append(_("No federal limit of hours; hazardous occupations are closed under 18."))
    if rule.not_employed:
        texts.append(_("Most employment is not allowed at this age."))
    if rule.school_day_hours is not None and rule.school_week_hours is not None:
        texts.append(
            _("At most %(day)s on a school day and %(week)s in a school week.")
            % {
                "day": in_hours(round(60 * rule.school_day_hours)),
                "week": in_hours(round(60 * rule.school_week_hours)),
            }
        )
    if rule.earliest is not None and rule.latest is not None:
        texts.append(
            _("Between %(from)s and %(until)s.")
            % {
                "from": time_format(rule.earliest, "TIME_FORMAT"),
                "until": time_format(rule.latest, "TIME_FORMAT"),
            }
        )
    return [Sentence(" ".join(texts), source_words(rule), rule.link)] if texts else []


def source_words(rule: Rule) -> str:
    """“29 CFR 570.35”, “NY: Labor Law 142”."""
    return rule.source if rule.where == FEDERAL else f"{rule.where}: {rule.source}"
