"""One reading of one feed: asked for politely, understood, kept."""

from __future__ import annotations

import asyncio
import random
import time
from hashlib import blake2b
from http import HTTPStatus

import structlog
from msgspec import structs

from producers.feeds.dates import instant
from producers.feeds.feed import FEED_BYTES_MAX, Feed, FeedError, Item
from producers.feeds.options import FeedsOptions
from producers.feeds.reading import read_feed
from producers.feeds.state import (
    Answer,
    Failure,
    FeedState,
    Moment,
    after_failure,
    after_gone,
    after_reading,
    after_unchanged,
    moved,
)
from producers.feeds.store import DAY_SECONDS, Store
from producers.feeds.waiting import Incoming, domain_of
from producers.feeds.websub import with_link_header
from producers.fetching import Fetcher, FetchError, Request, Response, retry_after_seconds
from producers.pages import suffices

log = structlog.get_logger(__name__)

ACCEPT = (
    "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml;q=0.9,"
    "application/xml;q=0.8,text/xml;q=0.8,application/json;q=0.7,*/*;q=0.5"
)


async def poll(store: Store, fetcher: Fetcher, state: FeedState, options: FeedsOptions) -> FeedState:
    """Read a feed and keep what became of it. Raises nothing of the web's; the state says it."""
    subscription = store.subscription(feed=state.url)
    is_pushed = subscription is not None and subscription.is_live(time.time())
    state = structs.replace(state, pushed=is_pushed)
    try:
        response = await fetcher.get(feed_request(state))
    except FetchError as error:
        return fail(
            store, state, Failure(error.reason, error.detail, wait_seconds=error.retry_after_seconds), options
        )
    return await take(store, state, response, options)


def feed_request(state: FeedState) -> Request:
    """What to ask for: the feed, if it has changed."""
    return Request(state.url, state.etag, state.last_modified, accept=ACCEPT, max_bytes=FEED_BYTES_MAX)


async def take(store: Store, state: FeedState, response: Response, options: FeedsOptions) -> FeedState:
    """Keep what an answer says of a feed, its new items with it."""
    if response.status == HTTPStatus.GONE:
        gone = after_gone(state, moment(options))
        store.edit(gone)
        return gone
    body_hash = blake2b(response.body, digest_size=16).hexdigest()
    answer = Answer(response.status, response.headers, response.redirects, body_hash)
    if response.status == HTTPStatus.NOT_MODIFIED or (
        response.status == 200 and body_hash == state.body_hash
    ):
        return _settle(store, after_unchanged(state, answer, moment(options)))
    if response.status != HTTPStatus.OK:
        wait = retry_after_seconds(response.headers)
        failure = Failure(
            f"http_{response.status}", f"{response.url} answered {response.status}", response.status, wait
        )
        return fail(store, state, failure, options)
    try:
        feed = await asyncio.to_thread(
            read_feed, response.body, response.url, response.headers.get("content-type", "")
        )
    except FeedError as error:
        return fail(store, state, Failure(error.reason, str(error), response.status), options)
    return keep_feed(store, state, feed, answer, options)


def keep_feed(store: Store, state: FeedState, feed: Feed, answer: Answer, options: FeedsOptions) -> FeedState:
    """Keep a feed as it was read, and which of its items are to be delivered."""
    at = moment(options)
    feed = with_link_header(feed, answer.headers.get("link", ""), state.url)
    news = store.unknown(state.url, feed.items, settled_by=at.now - options.revision_seconds)
    _count_misses(store, state, bool(news), at.now)
    read = after_reading(state, answer, feed, tuple(news), at)
    incoming = incoming_items(news, first=not state.success_at, options=options, now=at.now)
    store.keep(read, incoming, at.now, seen=feed.items)
    log.info("feed_read", feed=state.url, items=len(feed.items), new=sum(one.is_taken for one in incoming))
    return _settle(store, read)


def incoming_items(news: list[Item], *, first: bool, options: FeedsOptions, now: float) -> list[Incoming]:
    """What to take of new items. At the first reading no more than the newest, and nothing old: an archive
    is no news.
    """
    taken = {item.id for item in news}
    if first:
        since = now - options.first_days * DAY_SECONDS
        recent = [item for item in news if _age_known(item) is None or (_age_known(item) or 0) >= since]
        recent.sort(key=lambda item: _age_known(item) or now, reverse=True)
        taken = {item.id for item in recent[: options.first_items]}
    return [
        Incoming(
            item,
            is_taken=item.id in taken,
            is_whole=item.url is None or suffices(item.content or item.summary),
        )
        for item in news
    ]


def fail(store: Store, state: FeedState, failure: Failure, options: FeedsOptions) -> FeedState:
    """Keep a failure; a domain that asked to be left alone is, with all its feeds."""
    at = moment(options)
    failed = after_failure(state, failure, at)
    store.edit(failed)
    if failure.limited or (failure.wait_seconds and failure.http_status == HTTPStatus.SERVICE_UNAVAILABLE):
        wait = failure.wait_seconds if failure.wait_seconds is not None else options.bounds.min_seconds
        store.postpone_domain(domain_of(state.url), at.now + min(wait, DAY_SECONDS))
    log.warning(
        "feed_failed", feed=state.url, reason=failure.reason, detail=failure.detail, failures=failed.failures
    )
    return failed


def moment(options: FeedsOptions) -> Moment:
    """Now, for planning."""
    return Moment(time.time(), options.bounds, random.random())  # noqa: S311 - to spread visits


def _settle(store: Store, state: FeedState) -> FeedState:
    store.edit(state)
    target = moved(state)
    if target is None:
        return state
    log.info("feed_moved", feed=state.url, to=target)
    return store.move(structs.replace(state, detail=f"moved from {state.url}"), target)


def _count_misses(store: Store, state: FeedState, has_news: bool, now: float) -> None:
    """A live hub should have pushed what a second reading finds. If it keeps missing, it is not relied on."""
    one = store.subscription(feed=state.url)
    if one is None or not one.is_live(now) or not has_news:
        return
    if state.success_at > one.verified_at > 0:
        store.keep_subscription(structs.replace(one, misses=one.misses + 1))


def _age_known(item: Item) -> float | None:
    stated = instant(item.published or item.updated)
    return None if stated is None else stated.timestamp()
