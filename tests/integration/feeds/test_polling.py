"""Feeds that move, die, come back, lie and are too much, over real HTTP."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from producers.feeds.adding import NoFeedError, find_feed
from producers.feeds.feed import FEED_BYTES_MAX
from producers.feeds.options import FeedsOptions
from producers.feeds.polling import poll
from producers.feeds.state import FeedState
from producers.feeds.store import Store
from producers.fetching import Fetcher, FetchingOptions
from tests.integration.feeds.outlet import entry, put_feed, rss
from tests.site.site import Answer, Site

pytestmark = pytest.mark.anyio
HOST = "127.0.0.1"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Reader:
    store: Store
    fetcher: Fetcher
    options: FeedsOptions

    async def read(self, url: str) -> FeedState:
        """One reading, as if it were due."""
        state = self.store.feed(url)
        assert state is not None
        return await poll(self.store, self.fetcher, state, self.options)

    def follow(self, url: str) -> str:
        self.store.add(FeedState(url=url, added_at=time.time(), next_at=time.time()))
        return url

    def waiting(self) -> list[str]:
        later = time.time() + 1
        found = self.store.waiting(HOST, later, whole=True, count=99_999) + self.store.waiting(
            HOST, later, whole=False, count=99_999
        )
        return sorted(one.item.id for one in found)


@asynccontextmanager
async def reader(
    folder: Path, options: FeedsOptions | None = None, **fetching: float
) -> AsyncIterator[Reader]:
    manners = FetchingOptions(spacing_seconds=0, allow_private_addresses=True, **fetching)  # type: ignore[arg-type]
    with Store(folder) as store:
        async with Fetcher(manners) as fetcher:
            yield Reader(store, fetcher, options or FeedsOptions())


async def test_unchanged_costs_a_304_and_the_same_bytes_cost_no_parsing(site: Site, tmp_path: Path) -> None:
    async with reader(tmp_path) as ours:
        url = ours.follow(put_feed(site, "/news.xml", entry(site, 1)))
        first, second = await ours.read(url), await ours.read(url)
        assert (first.http_status, second.http_status, second.status) == (200, 304, "ok")
        assert site.asked("/news.xml")[1].headers["if-none-match"] == '"one"'
        put_feed(site, "/news.xml", entry(site, 1), etag='"forgotten"')  # without an etag we know
        assert (await ours.read(url)).etag == '"forgotten"'
        assert ours.waiting() == ["s-1"]


async def test_a_feed_that_moves_is_followed_to_where_it_went(site: Site, tmp_path: Path) -> None:
    async with reader(tmp_path) as ours:
        new = put_feed(site, "/new.xml", entry(site, 1))
        url = ours.follow(site.serve("/old.xml", Answer("", 301, {"location": "/new.xml"})))
        for _ in range(2):
            assert (await ours.read(url)).url == url
        assert (await ours.read(url)).url == new
        assert [one.url for one in ours.store.feeds()] == [new]
        assert (await ours.read(new)).status == "ok"
        assert (len(site.asked("/old.xml")), ours.waiting()) == (3, ["s-1"])


async def test_one_that_moves_to_a_feed_we_follow_is_kept_as_gone(site: Site, tmp_path: Path) -> None:
    async with reader(tmp_path) as ours:
        new = ours.follow(put_feed(site, "/new.xml", entry(site, 1)))
        url = ours.follow(site.serve("/old.xml", Answer("", 308, {"location": "/new.xml"})))
        for _ in range(3):
            await ours.read(url)
        old = ours.store.feed(url)
        assert old is not None
        assert (old.status, old.reason, ours.store.feed(new) is not None) == ("gone", "moved", True)


async def test_a_passing_redirect_moves_nothing(site: Site, tmp_path: Path) -> None:
    async with reader(tmp_path) as ours:
        put_feed(site, "/new.xml", entry(site, 1))
        url = ours.follow(site.serve("/old.xml", Answer("", 302, {"location": "/new.xml"})))
        for _ in range(5):
            assert (await ours.read(url)).url == url


async def test_a_feed_that_dies_and_comes_back(site: Site, tmp_path: Path) -> None:
    async with reader(tmp_path) as ours:
        url = ours.follow(put_feed(site, "/news.xml", entry(site, 1)))
        await ours.read(url)
        site.put("/news.xml", "down", status=500)
        failed = [await ours.read(url) for _ in range(3)][-1]
        assert (failed.status, failed.reason, failed.failures) == ("failing", "http_500", 3)
        assert failed.next_at - failed.attempt_at > 2 * 3600
        site.put("/news.xml", "gone", status=410)
        gone = await ours.read(url)
        assert (gone.status, ours.store.due_feed(HOST, time.time() + 10**8)) == ("gone", None)
        put_feed(site, "/news.xml", entry(site, 1), entry(site, 2), etag='"new"')
        assert (await ours.read(url)).status == "ok"
        assert ours.waiting() == ["s-1", "s-2"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/hang", "timeout"), ("/drip", "timeout"), ("/huge", "too_large"), ("/bomb/gzip", "too_large"), ("/loop", "too_many_redirects"),
     ("/landing", "not_a_feed"), ("/garbage", "connection_failed"), ("/nothing", "http_404"), ("/unavailable", "http_503")],
)  # fmt: skip
async def test_whatever_is_wrong_is_a_state_and_keeps_the_feed(
    site: Site, tmp_path: Path, path: str, reason: str
) -> None:
    async with reader(tmp_path, total_seconds=2.0, read_seconds=1.0) as ours:
        state = await ours.read(ours.follow(site.url + path))
        assert (state.status, state.reason, state.failures) == ("failing", reason, 1)
        assert ours.store.feed(state.url) == state


async def test_private_addresses_are_refused_also_behind_a_redirect(site: Site, tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        async with Fetcher(FetchingOptions(spacing_seconds=0)) as fetcher:
            ours = Reader(store, fetcher, FeedsOptions())
            for url in (site.url + "/news.xml", "http://169.254.169.254/feed", "http://[::1]/feed"):
                assert (await ours.read(ours.follow(url))).reason == "private_address"
            with pytest.raises(NoFeedError, match="private_address"):
                await find_feed(fetcher, site.url + "/news.xml")
    assert site.requests == []


async def test_robots_that_forbid_are_heeded(site: Site, tmp_path: Path) -> None:
    site.robots("User-agent: wirewatch\nDisallow: /news.xml")
    async with reader(tmp_path) as ours:
        state = await ours.read(ours.follow(put_feed(site, "/news.xml", entry(site, 1))))
        assert (state.reason, site.asked("/news.xml")) == ("forbidden_by_robots", [])


async def test_an_archive_of_ten_thousand_is_no_news(site: Site, tmp_path: Path) -> None:
    items = [entry(site, number, days_old=number * 0.01) for number in range(10_000)]
    async with reader(tmp_path, FeedsOptions(first_items=50), total_seconds=60.0) as ours:
        url = ours.follow(site.put("/news.xml", rss(*reversed(items)), "application/rss+xml"))
        await ours.read(url)
        assert ours.waiting() == sorted(f"s-{number}" for number in range(50))
        site.put("/news.xml", rss(*items, entry(site, 10_001, days_old=300)), "application/rss+xml")
        await ours.read(url)
        assert "s-10001" in ours.waiting()  # new to us, however old it says it is
        assert len(ours.waiting()) == 51


async def test_a_first_reading_that_failed_makes_no_news_of_an_archive(site: Site, tmp_path: Path) -> None:
    async with reader(tmp_path) as ours:
        url = ours.follow(site.put("/news.xml", "down", status=500))
        await ours.read(url)
        site.put("/news.xml", rss(entry(site, 1), entry(site, 2, days_old=300)), "application/rss+xml")
        await ours.read(url)
        assert ours.waiting() == ["s-1"]


async def test_the_server_and_the_feed_say_how_often(site: Site, tmp_path: Path) -> None:
    async with reader(tmp_path) as ours:
        asked = ours.follow(
            site.put("/a.xml", rss(entry(site, 1)), "text/xml", headers={"cache-control": "max-age=50000"})
        )
        told = ours.follow(site.put("/b.xml", rss(entry(site, 2), channel="<ttl>600</ttl>"), "text/xml"))
        for url, seconds in ((asked, 50_000), (told, 36_000)):
            state = await ours.read(url)
            assert seconds <= state.next_at - state.attempt_at <= seconds * 1.1
        own = ours.follow(site.put("/c.xml", rss(channel="<ttl>600</ttl>"), "text/xml"))
        ours.store.wish(own, max_seconds=1200.0)
        assert (await ours.read(own)).interval_seconds == 1200


async def test_one_story_in_two_feeds_waits_once(site: Site, tmp_path: Path) -> None:
    async with reader(tmp_path) as ours:
        for path in ("/a.xml", "/b.xml"):
            await ours.read(
                ours.follow(put_feed(site, path, entry(site, 1).replace("Read more", f"Read more at {path}")))
            )
        assert ours.waiting() == ["s-1"]


async def test_finding_a_feed(site: Site, tmp_path: Path) -> None:
    async with reader(tmp_path) as ours:
        put_feed(site, "/b.xml", entry(site, 1))
        link = '<link rel="alternate" type="application/rss+xml" href="/{}.xml">'
        page = site.put(
            "/", f"<html><head>{link.format('broken')}{link.format('b')}{link.format('c')}</head></html>"
        )
        site.put("/broken.xml", "<p>sorry</p>")
        found = await find_feed(ours.fetcher, page)
        assert (found.url, [one.url for one in found.others]) == (
            site.url + "/b.xml",
            [site.url + "/broken.xml", site.url + "/c.xml"],
        )
        assert [len(site.asked(path)) for path in ("/", "/broken.xml", "/b.xml", "/c.xml")] == [1, 1, 1, 0]
        with pytest.raises(NoFeedError, match="404"):
            await find_feed(ours.fetcher, site.put("/page", "<html>nothing</html>"))
        site.put("/big.xml", b" " * (FEED_BYTES_MAX + 1))
        with pytest.raises(NoFeedError, match="too_large"):
            await find_feed(ours.fetcher, site.url + "/big.xml")
