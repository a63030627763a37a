"""When a feed is read again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.feeds.feed import Pace
from producers.feeds.schedule import (
    DAY_SECONDS,
    FIRST_GUESS_SECONDS,
    HOUR_SECONDS,
    PUSHED_SECONDS,
    Bounds,
    asked_seconds,
    backoff_seconds,
    interval_seconds,
    items_a_day,
    next_poll,
)

NOW = datetime(2026, 11, 27, 10, 30, tzinfo=UTC).timestamp()  # a Friday
BOUNDS = Bounds()


def every(seconds: float, count: int = 12, last: float = 60.0) -> list[float]:
    return [NOW - last - number * seconds for number in range(count)]


@pytest.mark.parametrize(
    ("arrivals", "expected"),
    [
        ([], FIRST_GUESS_SECONDS),
        (every(60), BOUNDS.min_seconds),
        (every(7200), 3600),
        (every(DAY_SECONDS), DAY_SECONDS / 2),
        (every(90 * DAY_SECONDS), BOUNDS.max_seconds),
        (every(600, last=10 * DAY_SECONDS), DAY_SECONDS),  # silent for ten days
        ([NOW + DAY_SECONDS, *every(7200)], 3600),  # a date in the future counts for nothing
        ([NOW - 60, NOW - 60, NOW - 60], FIRST_GUESS_SECONDS),  # all at once tells no pace
    ],
)
def test_a_feeds_own_pace_within_bounds(arrivals: list[float], expected: float) -> None:
    assert interval_seconds(arrivals, NOW, BOUNDS) == pytest.approx(expected)


def test_no_oftener_than_asked_and_never_outside_the_bounds() -> None:
    assert interval_seconds(every(60), NOW, BOUNDS, 5400) == 5400
    assert interval_seconds(every(60), NOW, BOUNDS, 90 * DAY_SECONDS) == BOUNDS.max_seconds
    assert interval_seconds(every(60), NOW, Bounds(60, 3600), 5400) == 3600
    assert interval_seconds(every(60), NOW, BOUNDS, pushed=True) == PUSHED_SECONDS


@pytest.mark.parametrize(
    ("pace", "headers", "expected"),
    [
        (Pace(), {}, 0),
        (Pace(ttl_seconds=3600), {"cache-control": "public, max-age=600"}, 3600),
        (Pace(update_seconds=7200), {"cache-control": "max-age=99999, s-maxage=1", "age": "9999"}, 90_000),
        (Pace(), {"cache-control": "no-cache, max-age=600"}, 0),
        (Pace(), {"cache-control": "max-age=soon"}, 0),
        (Pace(), {"expires": "Fri, 27 Nov 2026 11:30:00 GMT"}, 3600),
        (Pace(), {"expires": "Fri, 27 Nov 2026 11:30:00 GMT", "cache-control": "max-age=60"}, 60),
        (Pace(), {"expires": "0"}, 0),
        (Pace(), {"expires": "Fri, 27 Nov 2020 11:30:00 GMT"}, 0),
    ],
)
def test_what_feed_and_server_ask_for(pace: Pace, headers: dict[str, str], expected: float) -> None:
    assert asked_seconds(pace, headers, NOW) == expected


def test_failures_are_waited_out_longer_each_time_and_never_for_ever() -> None:
    waits = [backoff_seconds(failures, 600, BOUNDS) for failures in (1, 2, 3, 8, 50, 5000)]
    assert waits == [600, 1200, 2400, 76_800, DAY_SECONDS, DAY_SECONDS]
    assert backoff_seconds(3, 3 * DAY_SECONDS, BOUNDS) == 3 * DAY_SECONDS


def hour(moment: float) -> int:
    return datetime.fromtimestamp(moment, UTC).hour


def test_closed_hours_and_days_are_waited_for() -> None:
    assert next_poll(NOW, 600, Pace(), 0.0) == NOW + 600
    assert next_poll(NOW, 600, Pace(skip_hours=frozenset({10, 11})), 0.0) == NOW + 5400
    weekend = next_poll(NOW, HOUR_SECONDS, Pace(skip_days=frozenset({4, 5, 6})), 0.5)
    assert (datetime.fromtimestamp(weekend, UTC).weekday(), hour(weekend)) == (0, 0)
    assert next_poll(NOW, 600, Pace(skip_hours=frozenset(range(24))), 0.0) == NOW + 600


@given(
    st.floats(600, 14 * DAY_SECONDS), st.floats(0, 1), st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6))
)  # fmt: skip
def test_never_too_early_never_much_too_late_never_in_closed_hours(
    interval: float, share: float, hours: frozenset[int], days: frozenset[int]
) -> None:
    moment = next_poll(NOW, interval, Pace(skip_hours=hours, skip_days=days), share)
    assert NOW + interval - 1e-3 <= moment <= NOW + min(interval * 1.1, BOUNDS.max_seconds) + 8 * DAY_SECONDS
    if len(hours) < 24 and len(days) < 7:
        assert hour(moment) not in hours
        assert datetime.fromtimestamp(moment, UTC).weekday() not in days


@given(st.floats(600, 14 * DAY_SECONDS), st.floats(0, 1), st.floats(0, 4e9))
def test_without_closed_hours_it_is_the_interval_and_up_to_a_tenth(
    interval: float, share: float, now: float
) -> None:
    moment = next_poll(now, interval, Pace(), share)
    assert now + interval - 1e-3 <= moment <= now + min(interval * 1.1, BOUNDS.max_seconds) + 1e-3


def test_feeds_that_came_together_part() -> None:
    assert len({round(next_poll(NOW, 3600, Pace(), share / 50)) for share in range(50)}) == 50


def test_items_a_day() -> None:
    assert items_a_day([], NOW) == 0
    assert items_a_day(every(DAY_SECONDS, 10), NOW) == pytest.approx(1, abs=0.01)
    assert items_a_day(every(3600, 30, last=0), NOW) == pytest.approx(24.8, abs=0.1)  # as many as are kept
    assert items_a_day(every(DAY_SECONDS, 3, last=30 * DAY_SECONDS), NOW) == 0
