"""Acting as if it were another day, so that a demo has a past made by the real rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Let the portal's clock stand at *moment* (aware) inside the block.

    For seeding only: one process, nobody else acting. PostgreSQL's own clock goes on.
    """
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield
