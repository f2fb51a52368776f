"""Filters of the staff's pages."""

from collections.abc import Sequence

from django import template
from django.utils.dates import WEEKDAYS_ABBR

register = template.Library()


@register.filter
def weekdays(days: Sequence[int]) -> str:
    """ISO weekdays as words: `[2, 4]` → “Tue, Thu”."""
    return ", ".join(str(WEEKDAYS_ABBR[day - 1]) for day in sorted(days) if 1 <= day <= 7)
