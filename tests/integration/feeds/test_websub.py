"""A hub pushes, forges, falls silent and is left, over real HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from msgspec import structs

from producers.feeds.callback import callback_server
from producers.feeds.hubs import Hubs
from producers.feeds.options import FeedsOptions
from producers.feeds.polling import poll
from producers.feeds.schedule import PUSHED_SECONDS
from producers.feeds.state import FeedState
from producers.feeds.store import Store
from producers.fetching import Fetcher, FetchingOptions
from tests.integration.feeds.hub import CHALLENGE, Hub
from tests.integration.feeds.outlet import entry, put_feed, rss
from tests.site.site import Site

pytestmark = pytest.mark.anyio
FETCHING = FetchingOptions(spacing_seconds=0, allow_private_addresses=True)


@dataclass
class Desk:
    store: Store
    hubs: Hubs
    fetcher: Fetcher
    feed: str
    options: FeedsOptions

    async def read(self) -> FeedState:
        state = self.store.feed(self.feed)
        assert state is not None
        return await poll(self.store, self.fetcher, state, self.options)

    async def subscribe(self, hub: Hub) -> None:
        await self.read()
        await self.hubs.upkeep()
        await until(lambda: bool(hub.verified))

    def waiting(self) -> list[str]:
        found = self.store.waiting("127.0.0.1", time.time() + 1, whole=True, count=99)
        found += self.store.waiting("127.0.0.1", time.time() + 1, whole=False, count=99)
        return [one.item.id for one in found]


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@pytest.fixture
def hub(site: Site) -> Hub:
    return Hub(site).open()


@asynccontextmanager
async def desk(site: Site, hub: Hub, folder: Path) -> AsyncIterator[Desk]:
    """A feed that names the hub, followed; and our callback server on a free port."""
    channel = f'<atom:link rel="hub" href="{hub.url}"/><atom:link rel="self" href="{site.url}/news.xml"/>'
    feed = put_feed(site, "/news.xml", entry(site, 1, whole=True), channel=channel)
    options = FeedsOptions(callback_port=0, callback_url="http://127.0.0.1:0")
    with Store(folder) as store:
        store.add(FeedState(url=feed, added_at=time.time(), next_at=time.time()))
        hubs = Hubs(store, options, FETCHING)
        async with Fetcher(FETCHING) as fetcher, callback_server(hubs) as port:
            hubs.options = replace(options, callback_url=f"http://127.0.0.1:{port}/")
            yield Desk(store, hubs, fetcher, feed, hubs.options)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_subscribed_verified_and_pushed(site: Site, hub: Hub, tmp_path: Path) -> None:
    async with desk(site, hub, tmp_path) as ours:
        await ours.subscribe(hub)
        (form,) = hub.forms
        assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", ours.feed)
        assert len(form["hub.secret"]) > 30
        assert hub.verified == [(200, CHALLENGE)]
        assert await hub.push(rss(entry(site, 7, whole=True))) == 202
        assert ours.waiting() == ["s-1", "s-7"]
        assert len(site.asked("/news.xml")) == 1
        site.put(
            "/news.xml", rss(entry(site, 7, whole=True), entry(site, 1, whole=True)), "application/rss+xml"
        )
        read = await ours.read()
        assert (read.pushed, read.interval_seconds >= PUSHED_SECONDS) == (True, True)
        assert len(ours.waiting()) == 2


@pytest.mark.parametrize(
    "forged", [{"secret": "guessed"}, {"method": "sha1", "secret": "guessed"}, {"method": "md5"}], ids=str
)
async def test_a_push_that_is_not_the_hubs_is_not_believed(
    site: Site, hub: Hub, tmp_path: Path, forged: dict[str, str]
) -> None:
    async with desk(site, hub, tmp_path) as ours:
        await ours.subscribe(hub)
        before = ours.store.feed(ours.feed)
        assert await hub.push(rss(entry(site, 66, whole=True)), **forged) == 202
        assert ours.waiting() == ["s-1"]
        assert ours.store.feed(ours.feed) == before


async def test_an_old_signature_and_an_empty_push_only_make_us_look(
    site: Site, hub: Hub, tmp_path: Path
) -> None:
    async with desk(site, hub, tmp_path) as ours:
        await ours.subscribe(hub)
        for told in (
            {"body": rss(entry(site, 66, whole=True)), "method": "sha1"},
            {"body": " "},
            {"body": "no feed"},
        ):
            state = ours.store.feed(ours.feed)
            assert state is not None
            ours.store.edit(structs.replace(state, next_at=time.time() + 99_999))
            assert await hub.push(**told) == 202
            soon = ours.store.feed(ours.feed)
            assert soon is not None
            assert state.attempt_at + 600 == pytest.approx(soon.next_at, abs=2)
        assert ours.waiting() == ["s-1"]


async def test_what_we_did_not_ask_for_is_not_confirmed(site: Site, hub: Hub, tmp_path: Path) -> None:
    async with desk(site, hub, tmp_path) as ours:
        await ours.subscribe(hub)
        form = hub.forms[0]

        async def verify(**instead: str) -> int:
            return (await asyncio.to_thread(lambda: hub.verify(form, **instead)))[0]

        assert await verify(**{"hub.topic": "https://other.example.org/"}) == 404
        assert await verify(**{"hub.mode": "unsubscribe"}) == 404
        assert await verify(**{"hub.challenge": ""}) == 404
        base = form["hub.callback"].rsplit("/", 1)[0]
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (
                await client.get(
                    base + "/guess",
                    params={"hub.mode": "subscribe", "hub.topic": ours.feed, "hub.challenge": "x"},
                )
            ).status_code == 404
            assert (await client.post(base + "/guess", content=b"<rss/>")).status_code == 410
            assert (
                await client.post(form["hub.callback"], content=b"x" * (17 * 1024 * 1024))
            ).status_code == 413
        assert await verify(**{"hub.mode": "denied"}) == 200
        denied = ours.store.subscription(feed=ours.feed)
        assert denied is not None
        assert (denied.standing, denied.is_live(time.time())) == ("denied", False)


async def test_a_lease_is_renewed_before_it_ends(site: Site, hub: Hub, tmp_path: Path) -> None:
    async with desk(site, hub, tmp_path) as ours:
        await ours.subscribe(hub)
        await ours.hubs.upkeep()
        assert len(hub.forms) == 1
        one = ours.store.subscription(feed=ours.feed)
        assert one is not None
        late = structs.replace(
            one,
            expires_at=time.time() + 600,
            asked_at=one.asked_at - 3000,
            verified_at=one.verified_at - 3000,
        )
        ours.store.keep_subscription(late)
        await ours.hubs.upkeep()
        await until(lambda: len(hub.verified) == 2)
        renewed = ours.store.subscription(feed=ours.feed)
        assert renewed is not None
        assert (renewed.token, renewed.expires_at > time.time() + 3500) == (one.token, True)


async def test_a_silent_hub_is_no_longer_relied_on(site: Site, hub: Hub, tmp_path: Path) -> None:
    async with desk(site, hub, tmp_path) as ours:
        await ours.subscribe(hub)
        channel = f'<atom:link rel="hub" href="{hub.url}"/><atom:link rel="self" href="{ours.feed}"/>'
        for number in range(2, 6):
            put_feed(site, "/news.xml", entry(site, number, whole=True), channel=channel, etag=f'"{number}"')
            read = await ours.read()
        assert (read.pushed, read.interval_seconds < PUSHED_SECONDS) == (False, True)
        assert await hub.push(rss(entry(site, 9, whole=True))) == 202
        assert (await ours.read()).pushed


async def test_a_hub_that_never_answers_changes_nothing(site: Site, hub: Hub, tmp_path: Path) -> None:
    hub.is_silent = True
    async with desk(site, hub, tmp_path) as ours:
        await ours.read()
        await ours.hubs.upkeep()
        await ours.hubs.upkeep()
        assert len(hub.forms) == 1
        assert not (await ours.read()).pushed


async def test_a_feed_that_is_removed_is_taken_off_its_hub(site: Site, hub: Hub, tmp_path: Path) -> None:
    async with desk(site, hub, tmp_path) as ours:
        await ours.subscribe(hub)
        ours.store.remove(ours.feed)
        await ours.hubs.upkeep()
        await until(lambda: len(hub.verified) == 2)
        assert hub.forms[1]["hub.mode"] == "unsubscribe"
        assert hub.verified[1] == (200, CHALLENGE)
        assert ours.store.subscriptions() == []
        assert await hub.push(rss(entry(site, 9))) == 410


async def test_no_hub_leads_us_into_a_private_network(site: Site, hub: Hub, tmp_path: Path) -> None:
    async with desk(site, hub, tmp_path) as ours:
        await ours.read()
        ours.hubs.fetching = FetchingOptions()
        await ours.hubs.upkeep()
        assert hub.forms == []


async def test_one_producer_serves_and_the_other_goes_without(site: Site, hub: Hub, tmp_path: Path) -> None:
    async with desk(site, hub, tmp_path) as ours:
        port = int((ours.options.callback_url or "").rstrip("/").rpartition(":")[2])
        second = Hubs(ours.store, replace(ours.options, callback_port=port), FETCHING)
        async with callback_server(second) as other:
            assert other is None
