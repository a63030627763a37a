"""What each answer makes of a feed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec import structs

from producers.feeds.feed import Feed, Item, Pace
from producers.feeds.schedule import DAY_SECONDS, Bounds
from producers.feeds.state import (
    Answer,
    Failure,
    FeedState,
    Moment,
    after_failure,
    after_gone,
    after_push,
    after_reading,
    after_unchanged,
    moved,
    permanent_target,
)

AT = Moment(1_800_000_000.0)
URL = "https://www.example.org/feed"
NEW = FeedState(url=URL, added_at=AT.now, next_at=AT.now)


def ok(headers: Mapping[str, str] | None = None, *redirects: tuple[int, str]) -> Answer:
    return Answer(200, headers or {}, redirects, "hash")


def read(state: FeedState = NEW, feed: Feed = Feed("RSS 2.0"), answer: Answer | None = None) -> FeedState:  # noqa: B008
    return after_reading(state, answer or ok(), feed, feed.items, AT)


def test_a_reading_keeps_what_is_needed_for_the_next() -> None:
    feed = Feed(
        "RSS 2.0",
        title="T",
        home_url="https://www.example.org/",
        hubs=("https://hub.example.net/",),
        pace=Pace(ttl_seconds=7200),
    )
    state = read(feed=feed, answer=ok({"etag": '"x"', "last-modified": "Fri"}))
    assert (state.status, state.title, state.etag, state.last_modified, state.body_hash) == (
        "ok",
        "T",
        '"x"',
        "Fri",
        "hash",
    )
    assert (state.next_at, state.success_at, state.hubs) == (
        AT.now + 7200,
        AT.now,
        ("https://hub.example.net/",),
    )
    later = after_unchanged(state, Answer(304, {"cache-control": "max-age=9000"}), AT)
    assert (later.etag, later.next_at) == ('"x"', AT.now + 9000)


def test_failures_back_off_and_are_forgotten_with_the_first_success() -> None:
    state = read()
    waits = []
    for _ in range(12):
        state = after_failure(state, Failure("timeout", "too long"), AT)
        waits.append(state.next_at - AT.now)
    assert (state.status, state.reason, state.failures) == ("failing", "timeout", 12)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (3600, DAY_SECONDS)
    again = read(state)
    assert (again.status, again.failures, again.reason, again.detail) == ("ok", 0, "", "")


@pytest.mark.parametrize(
    ("failure", "status", "wait"),
    [
        (Failure("http_429", "", 429, 7200.0), "rate_limited", 7200),
        (Failure("http_429", "", 429, 5.0), "rate_limited", 600),
        (Failure("http_429", "", 429), "rate_limited", 3600),
        (Failure("asked_to_wait", "", wait_seconds=900.0), "rate_limited", 900),
        (Failure("budget_spent", "", wait_seconds=40_000.0), "rate_limited", 40_000),
        (Failure("http_503", "", 503, 7200.0), "failing", 7200),
        (Failure("http_503", "", 503, 5.0), "failing", 3600),
        (Failure("http_429", "", 429, 10.0**9), "rate_limited", 14 * DAY_SECONDS),
    ],
)
def test_who_asks_us_to_wait_is_waited_for(failure: Failure, status: str, wait: float) -> None:
    state = after_failure(read(), failure, AT)
    assert (state.status, state.next_at - AT.now) == (status, wait)


def test_gone_is_kept_and_not_read_again_until_it_is_back() -> None:
    state = after_gone(read(), AT)
    assert (state.status, state.reason, state.http_status, state.next_at) == ("gone", "gone", 410, 0)
    assert read(state).status == "ok"
    assert read(feed=Feed("JSON Feed", finished=True)).status == "gone"


def test_a_permanent_redirect_counts_after_three_sightings_in_a_row() -> None:
    to = (301, "https://new.example.org/feed")
    state = NEW
    for _ in range(2):
        state = read(state, answer=ok(None, to))
    assert moved(state) is None
    assert read(state).moved_sightings == 0
    assert read(state, answer=ok(None, (301, "https://other.example.org/"))).moved_sightings == 1
    assert moved(after_failure(state, Failure("timeout", ""), AT)) is None
    assert moved(read(state, answer=ok(None, to))) == to[1]
    assert moved(after_unchanged(state, Answer(304, {}, (to,)), AT)) == to[1]


@pytest.mark.parametrize(
    ("redirects", "target"),
    [
        ((), None),
        (((302, "https://b/"),), None),
        (((301, "https://b/"), (308, "https://c/")), "https://c/"),
        (((301, "https://b/"), (302, "https://c/"), (301, "https://d/")), "https://b/"),
        (((307, "https://b/"), (301, "https://c/")), None),
    ],
)
def test_only_permanent_redirects_before_the_first_passing_one_count(
    redirects: tuple[tuple[int, str], ...], target: str | None
) -> None:
    assert permanent_target(redirects) == target


def item(number: int, published: str | None) -> Item:
    return Item(id=str(number), published=published)


def test_arrivals_are_stated_or_else_when_first_seen() -> None:
    first = read(
        feed=Feed("Atom", items=(item(1, "2027-01-15T07:00:00+00:00"), item(2, None), item(3, "2099-01-01")))
    )
    assert first.arrivals == (1_799_996_400.0,)
    undated = Feed("Atom", items=(item(4, None),))
    later = after_reading(first, ok(), undated, undated.items, Moment(AT.now + 50))
    assert later.arrivals == (AT.now + 50, 1_799_996_400.0)
    assert after_push(later, undated.items, Moment(AT.now + 99)).arrivals[0] == AT.now + 99


def test_a_feeds_own_bounds_come_before_the_usual_ones() -> None:
    own = structs.replace(NEW, min_seconds=60.0, max_seconds=1800.0)
    assert read(own).next_at - AT.now == 1800
    assert own.bounds(Bounds(600, 9000)) == Bounds(60, 1800)
    assert NEW.bounds(Bounds(600, 9000)) == Bounds(600, 9000)
