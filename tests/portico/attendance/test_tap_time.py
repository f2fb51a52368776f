"""When a tap really was, whatever the phone's clock says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portico.attendance.tap_time import LONGEST_WAIT, real_time

RECEIVED = datetime(2027, 2, 2, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ms(span):
    return int(span.total_seconds() * 1000)


def test_without_a_time_it_is_now():
    when = real_time(client_time=None, skew_ms=None, elapsed_ms=None, received=RECEIVED)
    assert (when.at, when.was_offline, when.clock_was_off) == (RECEIVED, False, False)


def test_a_clock_hours_off_is_put_right_by_its_skew():
    when = real_time(
        client_time=RECEIVED + 3 * HOUR, skew_ms=ms(-3 * HOUR), elapsed_ms=0, received=RECEIVED
    )
    assert (when.at, when.was_offline, when.clock_was_off) == (RECEIVED, False, True)


def test_a_tap_without_a_network_keeps_its_time():
    when = real_time(
        client_time=RECEIVED - 6 * HOUR, skew_ms=0, elapsed_ms=ms(6 * HOUR), received=RECEIVED
    )
    assert when.at == RECEIVED - 6 * HOUR
    assert when.was_offline


def test_time_that_has_passed_is_a_bound_whatever_the_clock_says():
    when = real_time(client_time=RECEIVED, skew_ms=0, elapsed_ms=ms(2 * HOUR), received=RECEIVED)
    assert when.at == RECEIVED - 2 * HOUR
    assert when.clock_was_off


numbers = st.none() | st.integers(-(2**62), 2**62)


@given(st.none() | st.datetimes(timezones=st.just(UTC)), numbers, numbers)
def test_it_is_never_in_the_future_nor_older_than_a_fortnight(client_time, skew_ms, elapsed_ms):
    when = real_time(
        client_time=client_time, skew_ms=skew_ms, elapsed_ms=elapsed_ms, received=RECEIVED
    )
    assert RECEIVED - LONGEST_WAIT <= when.at <= RECEIVED
