"""How a backfill's pace follows live news."""

from __future__ import annotations

import asyncio
import threading
import time

from processors.pipeline import DESIGNATIONS_GROUP, PIPELINE
from wirewatch.backfill import PAUSE_SECONDS_MAX, WAIT_SECONDS_MAX, Governor, LiveFlow, Pace
from wirewatch.stalls import LIMIT_SECONDS
from wirewatch.worker import chosen_groups


def _followed(pace: Pace, *, rate: float, under_way: int, looks: int, since: float = 0.0) -> float:
    """The pause after so many looks, two seconds apart."""
    for look in range(looks):
        at = since + 2.0 * look
        pace.follow(LiveFlow(at, int(rate * at), under_way))
    return pace.pause_seconds


def test_live_news_that_are_in_time_slow_nothing() -> None:
    assert _followed(Pace(), rate=4, under_way=30, looks=20) == 0, "7.5 s at 4 a second"
    assert _followed(Pace(), rate=0, under_way=15, looks=20) == 0, "few, however long"


def test_late_news_slow_a_backfill_ever_more_and_never_stop_it() -> None:
    pace = Pace()
    first = _followed(pace, rate=4, under_way=40, looks=3)
    second = _followed(pace, rate=4, under_way=40, looks=3, since=6)
    assert 0 < first < second < PAUSE_SECONDS_MAX
    assert _followed(pace, rate=4, under_way=400, looks=30, since=12) == PAUSE_SECONDS_MAX


def test_what_waits_while_nothing_comes_is_late_too() -> None:
    assert _followed(Pace(), rate=0, under_way=500, looks=5) > 0


def test_once_live_news_have_caught_up_the_pace_comes_back() -> None:
    pace = Pace()
    _followed(pace, rate=4, under_way=400, looks=30)
    assert _followed(pace, rate=4, under_way=3, looks=3, since=60) > 0
    assert _followed(pace, rate=4, under_way=3, looks=10, since=66) == 0


def test_a_governor_makes_agents_wait_and_outlives_a_broker_that_is_away() -> None:
    late = threading.Event()
    looked = 0

    def look() -> LiveFlow:
        nonlocal looked
        looked += 1
        if looked % 2:
            raise OSError("away")
        return LiveFlow(time.monotonic(), 0, 1000 if late.is_set() else 0)

    async def waited(articles: int) -> float:
        began = time.monotonic()
        await governor(articles)
        return time.monotonic() - began

    with Governor(look, look_seconds=0.01) as governor:
        time.sleep(0.1)
        assert asyncio.run(waited(10)) < 0.05
        late.set()
        time.sleep(0.1)
        assert asyncio.run(waited(2)) > 0.03


def test_no_batch_waits_as_long_as_a_stall_takes() -> None:
    assert 2 * WAIT_SECONDS_MAX < LIMIT_SECONDS


def test_a_backfill_worker_takes_no_group_that_live_news_needs_unless_it_is_named() -> None:
    assert chosen_groups([], "live") == list(PIPELINE)
    assert chosen_groups([], "backfill") == [group for group in PIPELINE if group is not DESIGNATIONS_GROUP]
    assert chosen_groups(["designations"], "backfill") == [DESIGNATIONS_GROUP]
