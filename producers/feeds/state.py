"""What is known of a feed, and what each answer makes of it. Pure: times come in, states go out.

new ──read──▶ ok ◀──read── failing, rate_limited          gone (410, or it said it was finished) is not
 └──fails──▶ failing ──429, 503──▶ rate_limited           read again until someone checks it by hand
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

import msgspec
from msgspec import structs

from producers.feeds.dates import instant
from producers.feeds.feed import Feed, Item, Pace
from producers.feeds.opml import Category
from producers.feeds.schedule import (
    ARRIVALS_KEPT,
    FIRST_GUESS_SECONDS,
    USUAL,
    Bounds,
    asked_seconds,
    backoff_seconds,
    interval_seconds,
    next_poll,
)

Status = Literal["new", "ok", "failing", "rate_limited", "gone"]
MOVED_SIGHTINGS = 3
PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})


class FeedState(msgspec.Struct, frozen=True, kw_only=True):
    """One feed that is followed. Moments (`…_at`) are epoch seconds, 0 for never.

    `moved_to` is where permanent redirects lead, `moved_sightings` how often in a row. `min_seconds` and
    `max_seconds` are this feed's own bounds. `arrivals` are when its latest items came, newest first.
    `pushed` says that a hub pushes it.
    """

    url: str
    title: str = ""
    home_url: str | None = None
    categories: tuple[Category, ...] = ()
    form: str = ""
    status: Status = "new"
    reason: str = ""
    detail: str = ""
    http_status: int = 0
    failures: int = 0
    added_at: float = 0
    attempt_at: float = 0
    success_at: float = 0
    next_at: float = 0
    interval_seconds: float = FIRST_GUESS_SECONDS
    min_seconds: float | None = None
    max_seconds: float | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str = ""
    ttl_seconds: int | None = None
    update_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    moved_to: str | None = None
    moved_sightings: int = 0
    arrivals: tuple[float, ...] = ()
    hubs: tuple[str, ...] = ()
    topic: str | None = None
    pushed: bool = False

    @property
    def pace(self) -> Pace:
        """What the feed asked for when it was last read."""
        return Pace(
            self.ttl_seconds, self.update_seconds, frozenset(self.skip_hours), frozenset(self.skip_days)
        )

    def bounds(self, usual: Bounds) -> Bounds:
        """Its own bounds where it has any, else the usual ones."""
        least = usual.min_seconds if self.min_seconds is None else self.min_seconds
        most = usual.max_seconds if self.max_seconds is None else self.max_seconds
        return Bounds(least, max(least, most))


@dataclass(frozen=True)
class Moment:
    """When something happened, within which bounds to plan, and a number from 0 to 1 to spread plans by."""

    now: float
    bounds: Bounds = USUAL
    share: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What of an HTTP answer counts here; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    redirects: tuple[tuple[int, str], ...] = ()
    body_hash: str = ""


@dataclass(frozen=True)
class Failure:
    """Why no feed was to be had: a constant word, what there is to say, and how long the server asked for."""

    reason: str
    detail: str
    http_status: int = 0
    wait_seconds: float | None = None

    @property
    def limited(self) -> bool:
        """Whether we were asked to come less often, rather than anything being wrong."""
        return self.http_status == HTTPStatus.TOO_MANY_REQUESTS or self.reason in (
            "asked_to_wait",
            "budget_spent",
        )


def after_reading(
    state: FeedState, answer: Answer, feed: Feed, new: tuple[Item, ...], at: Moment
) -> FeedState:
    """A feed was read. `new` are the items not known before."""
    read = structs.replace(
        state,
        title=feed.title or state.title,
        home_url=feed.home_url or state.home_url,
        form=feed.form,
        body_hash=answer.body_hash,
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        ttl_seconds=feed.pace.ttl_seconds,
        update_seconds=feed.pace.update_seconds,
        skip_hours=tuple(sorted(feed.pace.skip_hours)),
        skip_days=tuple(sorted(feed.pace.skip_days)),
        arrivals=_arrivals(state, feed, new, at.now),
        hubs=feed.hubs,
        topic=feed.self_url,
    )
    if feed.finished:
        return _gone(read, "finished", "the feed says that nothing more will come", at)
    return _well(read, answer, at)


def after_unchanged(state: FeedState, answer: Answer, at: Moment) -> FeedState:
    """A 304, or the same bytes as before."""
    return _well(
        structs.replace(
            state,
            etag=answer.headers.get("etag", state.etag),
            last_modified=answer.headers.get("last-modified", state.last_modified),
        ),
        answer,
        at,
    )


def after_push(state: FeedState, new: tuple[Item, ...], at: Moment) -> FeedState:
    """A hub pushed `new` items."""
    came = (*(at.now for _ in new), *state.arrivals)[:ARRIVALS_KEPT]
    return structs.replace(state, arrivals=came, success_at=at.now)


def after_failure(state: FeedState, failure: Failure, at: Moment) -> FeedState:
    """No feed was to be had. It is kept and tried again, each time later."""
    failures = state.failures + 1
    bounds = state.bounds(at.bounds)
    wait = max(backoff_seconds(failures, state.interval_seconds, bounds), failure.wait_seconds or 0.0)
    if failure.limited and failure.wait_seconds is not None:
        wait = max(failure.wait_seconds, bounds.min_seconds)
    return structs.replace(
        state,
        status="rate_limited" if failure.limited else "failing",
        reason=failure.reason,
        detail=failure.detail,
        http_status=failure.http_status,
        failures=failures,
        attempt_at=at.now,
        next_at=next_poll(at.now, min(wait, bounds.max_seconds), Pace(), at.share, bounds),
    )


def after_gone(state: FeedState, at: Moment) -> FeedState:
    """A 410: the publisher says that it will not come back."""
    return structs.replace(_gone(state, "gone", "410 Gone", at), http_status=int(HTTPStatus.GONE))


def moved(state: FeedState) -> str | None:
    """The address to take over, once permanent redirects have led there often enough."""
    return state.moved_to if state.moved_sightings >= MOVED_SIGHTINGS else None


def permanent_target(redirects: tuple[tuple[int, str], ...]) -> str | None:
    """Where the permanent redirects lead that come before the first passing one."""
    target = None
    for status, url in redirects:
        if status not in PERMANENT:
            break
        target = url
    return target


def _well(state: FeedState, answer: Answer, at: Moment) -> FeedState:
    bounds = state.bounds(at.bounds)
    asked = asked_seconds(state.pace, answer.headers, at.now)
    interval = interval_seconds(state.arrivals, at.now, bounds, asked, pushed=state.pushed)
    target = permanent_target(answer.redirects)
    return structs.replace(
        state,
        status="ok",
        reason="",
        detail="",
        http_status=answer.status,
        failures=0,
        attempt_at=at.now,
        success_at=at.now,
        interval_seconds=interval,
        next_at=next_poll(at.now, interval, state.pace, at.share, bounds),
        moved_to=target,
        moved_sightings=(state.moved_sightings + 1 if target == state.moved_to else 1) if target else 0,
    )


def _gone(state: FeedState, reason: str, detail: str, at: Moment) -> FeedState:
    return structs.replace(
        state, status="gone", reason=reason, detail=detail, attempt_at=at.now, next_at=0, pushed=False
    )


def _arrivals(state: FeedState, feed: Feed, new: tuple[Item, ...], now: float) -> tuple[float, ...]:
    """When the latest items came: as they state it, else when they were first seen.

    What was there at the first reading and bears no date came at an unknown time.
    """
    seen = () if not state.success_at else tuple(now for item in new if _stated(item, now) is None)
    stated = (moment for item in feed.items if (moment := _stated(item, now)) is not None)
    return tuple(sorted({*stated, *seen, *state.arrivals}, reverse=True)[:ARRIVALS_KEPT])


def _stated(item: Item, now: float) -> float | None:
    moment = instant(item.published or item.updated)
    return None if moment is None or moment.timestamp() > now else moment.timestamp()
