"""When a tap really was: the phone's clock, put right and kept within reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(days=14)  # in a queue without a network
ONLINE = timedelta(minutes=2)  # what arrives sooner was never offline
CLOCK_OFF = timedelta(minutes=5)


@dataclass(frozen=True)
class TapTime:
    at: datetime
    was_offline: bool
    clock_was_off: bool


def real_time(
    *,
    client_time: datetime | None,
    skew_ms: int | None,
    elapsed_ms: int | None,
    received: datetime,
) -> TapTime:
    """When the tap was, from the phone's time plus its measured skew.

    Bounded: never after it arrived, nor after *elapsed_ms* before that (time since the tap
    by a clock nobody can set), and no more than a fortnight ago.
    """
    skew = timedelta(milliseconds=_within(skew_ms or 0))
    elapsed = timedelta(milliseconds=max(0, _within(elapsed_ms or 0)))
    earliest = received - LONGEST_WAIT
    latest = max(earliest, received - elapsed)
    said = received if client_time is None else _shift(client_time, skew, received)
    at = min(max(said, earliest), latest)
    return TapTime(
        at=at,
        was_offline=received - at > ONLINE,
        clock_was_off=abs(skew) > CLOCK_OFF or abs(at - said) > CLOCK_OFF,
    )


def _within(milliseconds: int) -> int:
    """A number of milliseconds that a timedelta can hold: a century is enough."""
    century = 100 * 365 * 24 * 3600 * 1000
    return max(-century, min(century, milliseconds))


def _shift(client_time: datetime, skew: timedelta, received: datetime) -> datetime:
    try:
        return client_time + skew
    except OverflowError:
        return received
