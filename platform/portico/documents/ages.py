"""How old somebody is on a day. A birth date may be unknown, and then the age is."""

from datetime import date


def age_on(birth_date: date | None, day: date) -> int | None:
    """Whole years lived on *day*; None where the birth date is unknown.

    Born on 29 February one turns a year older on 1 March of other years, as most states
    count.
    """
    if birth_date is None:
        return None
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def is_under(years: int, birth_date: date | None, day: date) -> bool:
    """True when *birth_date* makes one younger than *years* on *day*, or says nothing.

    Unknown counts as under: a form too many is mended in a minute, one too few is not.
    """
    age = age_on(birth_date, day)
    return age is None or age < years
