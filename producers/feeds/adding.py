"""From an address that someone gives to the feed that is meant."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus

from producers.feeds.discovery import Candidate, announced_feeds, common_feeds
from producers.feeds.feed import FEED_BYTES_MAX, Feed, FeedError
from producers.feeds.polling import ACCEPT
from producers.feeds.reading import read_feed
from producers.feeds.state import Answer, permanent_target
from producers.fetching import Fetcher, FetchError, Request, Response

ANYTHING = f"text/html;q=0.9,{ACCEPT}"


@dataclass(frozen=True)
class Found:
    """A feed, where it is, and the answer it was read from. `others` were announced beside it."""

    url: str
    feed: Feed
    answer: Answer
    others: tuple[Candidate, ...] = ()


class NoFeedError(Exception):
    """There is no feed to be found. The message says what was tried and what came of it."""


async def find_feed(fetcher: Fetcher, url: str) -> Found:
    """The feed at an address, or the first that its page announces, or one in a usual place.

    What was fetched to find out is what the feed is read from: nothing is asked for twice. Raises
    `NoFeedError`.
    """
    page, outcome = await _look(fetcher, url)
    if isinstance(outcome, Found):
        return outcome
    if page is None:
        raise NoFeedError(outcome)
    candidates = announced_feeds(page.body, page.url)
    found, failures = await _first(fetcher, candidates or common_feeds(page.url))
    if found is None:
        where = "what it announces" if candidates else "the usual places"
        raise NoFeedError(f"{url} is no feed, and {where} gave none: {'; '.join(failures)}")
    others = tuple(one for one in candidates if one.url != found.url)
    return Found(found.url, found.feed, found.answer, others)


async def _first(fetcher: Fetcher, candidates: Sequence[Candidate]) -> tuple[Found | None, list[str]]:
    failures: list[str] = []
    for candidate in candidates:
        _, outcome = await _look(fetcher, candidate.url)
        if isinstance(outcome, Found):
            return outcome, failures
        failures.append(outcome)
    return None, failures


async def _look(fetcher: Fetcher, url: str) -> tuple[Response | None, Found | str]:
    """The page at an address if there is one; and the feed that it is, or why it is none."""
    try:
        response = await fetcher.get(Request(url, accept=ANYTHING, max_bytes=FEED_BYTES_MAX))
    except FetchError as error:
        return None, f"{url}: {error.reason}: {error.detail}"
    if response.status != HTTPStatus.OK:
        return None, f"{url} answered {response.status}"
    kind = response.headers.get("content-type", "")
    try:
        feed = await asyncio.to_thread(read_feed, response.body, response.url, kind)
    except FeedError as error:
        return response, f"{url}: {error.reason}: {error}"
    body_hash = blake2b(response.body, digest_size=16).hexdigest()
    answer = Answer(response.status, response.headers, (), body_hash)
    return response, Found(permanent_target(response.redirects) or url, feed, answer)
