"""The school's zone, for work the clock starts: a request has it already."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils import timezone

from portico.attendance.schedule import moment
from tenants.context import current_schema
from tenants.queries import tenant_by_schema

P = ParamSpec("P")
R = TypeVar("R")
FRIDAY = 5
WEEK_ENDS_AT = time(16)


@contextmanager
def school_time() -> Iterator[None]:
    """Let the current school's zone be the active one inside the block."""
    with timezone.override(tenant_by_schema(current_schema()).time_zone):
        yield


def in_school_time(job: Callable[P, R]) -> Callable[P, R]:
    @wraps(job)
    def in_zone(*args: P.args, **kwargs: P.kwargs) -> R:
        with school_time():
            return job(*args, **kwargs)

    return in_zone


def local(day: date, at: time) -> datetime:
    """*at* on *day* in the active zone, as UTC."""
    return moment(day, at, timezone.get_current_timezone())


def end_of_week(after: datetime) -> datetime:
    """The first Friday, four in the afternoon at the school, later than *after*."""
    day = timezone.localdate(after)
    friday = day + timedelta(days=(FRIDAY - day.isoweekday()) % 7)
    found = local(friday, WEEK_ENDS_AT)
    return found if found > after else local(friday + timedelta(days=7), WEEK_ENDS_AT)
