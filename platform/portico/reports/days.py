"""Days as moments."""

from datetime import date, datetime, time

from django.utils import timezone


def midnight(day: date) -> datetime:
    """When *day* begins in the current zone, the school's."""
    return timezone.make_aware(datetime.combine(day, time()))
