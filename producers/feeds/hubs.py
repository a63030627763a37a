"""Our side of WebSub at work: hubs are asked, renewed and left; what they push is taken in."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import httpx
import structlog
from msgspec import structs

from producers.feeds.feed import FeedError
from producers.feeds.options import FeedsOptions
from producers.feeds.polling import incoming_items, moment
from producers.feeds.reading import read_feed
from producers.feeds.state import FeedState, after_push
from producers.feeds.store import Store
from producers.feeds.websub import (
    HubSubscription,
    asked,
    is_due,
    new_subscription,
    request_form,
    signature_verdict,
)
from producers.fetching import FetchError, FetchingOptions
from producers.fetching.transport import CheckedTransport

log = structlog.get_logger(__name__)

PATH = "/websub/"
FAREWELLS_MAX = 3


@dataclass
class Hubs:
    """Keeps the subscriptions of a store's feeds. Hubs are reached as pages are: at checked addresses."""

    store: Store
    options: FeedsOptions
    fetching: FetchingOptions

    async def upkeep(self) -> None:
        """Ask the hubs that are to be asked: new ones, those that did not answer, leases that run out, and
        those of feeds that are followed no longer.
        """
        known = {one.feed: one for one in self.store.subscriptions()}
        followed = {state.url: state for state in self.store.feeds() if state.status != "gone"}
        for state in followed.values():
            if state.hubs:
                one = known.get(state.url)
                await self._keep_up(_fitting(one, state))
            elif state.url in known:
                await self._leave(known[state.url])
        for one in known.values():
            if one.feed not in followed:
                await self._leave(one)

    async def take_push(self, one: HubSubscription, body: bytes, signature: str, content_type: str) -> None:
        """Take in what a hub pushed, if it is the hub; what can't be trusted is looked up instead."""
        verdict = signature_verdict(one.secret, signature, body)
        if verdict == "wrong":
            log.warning("push_refused", feed=one.feed, hub=one.hub)
            return
        if verdict == "weak" or not body.strip():
            self._read_soon(one.feed)
            return
        try:
            feed = await asyncio.to_thread(read_feed, body, one.topic, content_type)
        except FeedError as error:
            log.warning("push_unreadable", feed=one.feed, reason=error.reason, detail=str(error))
            self._read_soon(one.feed)
            return
        state = self.store.feed(one.feed)
        if state is None:
            return
        now = time.time()
        news = self.store.unknown(state.url, feed.items, settled_by=now - self.options.revision_seconds)
        incoming = incoming_items(news, first=False, options=self.options, now=now)
        self.store.keep(after_push(state, tuple(news), moment(self.options)), incoming, now, seen=feed.items)
        self.store.keep_subscription(structs.replace(one, pushed_at=now, misses=0))
        log.info("feed_pushed", feed=one.feed, new=len(news))

    def callback(self, one: HubSubscription) -> str:
        """Where a hub reaches us about this subscription."""
        return f"{(self.options.callback_url or '').rstrip('/')}{PATH}{one.token}"

    async def _keep_up(self, one: HubSubscription) -> None:
        if is_due(one, time.time()):
            one = asked(one, time.time())
            self.store.keep_subscription(one)  # before the hub can ask back
            await self._ask(one)

    async def _leave(self, one: HubSubscription) -> None:
        if one.standing != "leaving":
            one = structs.replace(one, standing="leaving", asked_at=0, attempts=0)
        if one.expires_at < time.time() or one.attempts >= FAREWELLS_MAX:
            self.store.drop_subscription(one.feed)
        else:
            await self._keep_up(one)

    async def _ask(self, one: HubSubscription) -> None:
        lease_seconds = self.options.lease_days * 86_400
        transport = CheckedTransport(allow_private_addresses=self.fetching.allow_private_addresses)
        try:
            async with (
                httpx.AsyncClient(
                    transport=transport,
                    timeout=self.fetching.read_seconds,
                    headers={"user-agent": self.fetching.user_agent},
                    follow_redirects=True,
                    max_redirects=3,
                ) as client,
                client.stream(
                    "POST",
                    one.hub,
                    content=request_form(one, self.callback(one), lease_seconds),
                    headers={"content-type": "application/x-www-form-urlencoded"},
                ) as answer,
            ):
                told = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, FetchError) as error:
            log.warning("hub_away", hub=one.hub, feed=one.feed, why=str(error) or type(error).__name__)
            return
        log.info("hub_asked", hub=one.hub, feed=one.feed, status=told, leaving=one.standing == "leaving")

    def _read_soon(self, feed: str) -> None:
        """Read a feed now, but no oftener than its bounds allow."""
        state = self.store.feed(feed)
        if state is not None and state.status != "gone":
            soon = max(time.time(), state.attempt_at + state.bounds(self.options.bounds).min_seconds)
            self.store.edit(structs.replace(state, next_at=min(state.next_at, soon)))


def _fitting(one: HubSubscription | None, state: FeedState) -> HubSubscription:
    """The subscription there is, or a new one where feed or hub have changed."""
    hub, topic = state.hubs[0], state.topic or state.url
    if one is not None and (one.hub, one.topic) == (hub, topic) and one.standing != "leaving":
        return one
    return new_subscription(state.url, hub, topic)
