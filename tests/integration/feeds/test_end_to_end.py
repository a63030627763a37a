"""From feeds to Kafka, with real processes, a real broker and a real site."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from schemas.article import Article
from tests.integration.feeds.conftest import Wirewatch
from tests.integration.feeds.hub import CHALLENGE, Hub
from tests.integration.feeds.outlet import entry, put_feed, rss, story
from tests.site.site import Answer, Asked, Site
from wirewatch.local import LocalServices

Came = Callable[[], list[Article]]


def _wait(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)


def test_a_page_leads_to_its_feed_and_nothing_is_fetched_twice(
    wirewatch: Wirewatch, site: Site, came: Came
) -> None:
    feed = put_feed(
        site, "/news.xml", entry(site, 1), entry(site, 2, whole=True), entry(site, 3, days_old=30)
    )
    site.put("/story/1", story(1))
    home = site.put(
        "/", '<html><head><link rel="alternate" type="application/rss+xml" href="/news.xml"></head></html>'
    )
    added = wirewatch.run("feeds", "add", home, "--category", "World/Asia")
    assert added.returncode == 0, added.stderr
    assert f"{feed}: Outlet: RSS 2.0, 3 items" in added.stdout
    assert (len(site.asked("/")), len(site.asked("/news.xml"))) == (1, 1)
    ran = wirewatch.run("feeds", "run", "--once")
    assert ran.stdout == "0 feeds read: 2 new, 0 changed, 0 unchanged\n", ran.stderr
    first, second = sorted(came(), key=lambda article: article.external_id or "")
    assert all(
        "T" in (article.feed_published_at or "") for article in (first, second)
    )  # as the page, so the feed
    assert (first.external_id, first.url, "Part 3 of story 1" in first.raw.content) == (
        "s-1",
        f"{site.url}/story/1",
        True,
    )
    assert (second.url, "Whole 3 of story 2" in second.raw.content) == (f"{site.url}/story/2", True)
    assert (len(site.asked("/story/1")), len(site.asked("/story/2")), len(site.asked("/story/3"))) == (
        1,
        0,
        0,
    )
    assert wirewatch.run("feeds", "check").returncode == 0
    assert wirewatch.run("feeds", "run", "--once").stdout.endswith("0 new, 0 changed, 0 unchanged\n")
    assert len(came()) == 2
    row = wirewatch.feeds()[feed]
    assert (row["state"], row["categories"], row["failures"]) == ("ok", ["World/Asia"], 0)


def test_what_is_new_and_what_changed_comes_and_nothing_else(
    wirewatch: Wirewatch, site: Site, came: Came
) -> None:
    feed = put_feed(site, "/news.xml", entry(site, 1, whole=True), entry(site, 2, whole=True))
    wirewatch.run("feeds", "add", feed)
    wirewatch.run("feeds", "run", "--once")
    changed = entry(site, 2, whole=True).replace("Whole 3", "Corrected 3")
    put_feed(site, "/news.xml", entry(site, 3, whole=True), entry(site, 1, whole=True), changed, etag='"two"')
    wirewatch.run("feeds", "check", feed)
    wirewatch.run("feeds", "run", "--once")
    assert Counter(article.external_id for article in came()) == {"s-1": 1, "s-2": 2, "s-3": 1}
    newest = max(
        (article for article in came() if article.external_id == "s-2"), key=lambda one: one.revision
    )
    assert "Corrected 3" in newest.raw.content


def test_two_producers_on_the_same_feeds_bring_each_article_once(
    wirewatch: Wirewatch, site: Site, came: Came
) -> None:
    stories = range(12)
    for number in stories:
        site.put(f"/story/{number}", story(number), delay_seconds=0.05)
    feeds = [
        put_feed(site, f"/feed/{n}", *(entry(site, each, whole=each % 3 == 0) for each in stories[n : n + 6]))
        for n in range(6)
    ]
    opml = "<opml><body>" + "".join(f'<outline xmlUrl="{url}"/>' for url in feeds) + "</body></opml>"
    imported = wirewatch.run("feeds", "import", "-", stdin=opml)
    assert imported.stdout == "6 added, 0 were followed already\n"
    both = [wirewatch.start("feeds", "run") for _ in range(2)]
    try:
        _wait(lambda: len({article.id for article in came()}) == 11, "all stories are in Kafka")
        time.sleep(1.0)
    finally:
        for process in both:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(30) for process in both] == [0, 0]
    assert Counter(article.external_id for article in came()) == {f"s-{number}": 1 for number in range(11)}
    assert [len(site.asked(f"/feed/{n}")) for n in range(6)] == [1] * 6
    assert all(len(site.asked(f"/story/{number}")) == (number % 3 > 0) for number in range(11))


def test_killed_before_the_page_came(wirewatch: Wirewatch, site: Site, came: Came) -> None:
    feed = put_feed(site, "/news.xml", entry(site, 1), entry(site, 2))
    site.put("/story/1", story(1), delay_seconds=30.0)
    site.put("/story/2", story(2), delay_seconds=30.0)
    wirewatch.run("feeds", "import", "-", stdin=f'<opml><body><outline xmlUrl="{feed}"/></body></opml>')
    producer = wirewatch.start("feeds", "run")
    site.wait_for("/story/1")
    producer.kill()
    producer.wait()
    site.put("/story/1", story(1))
    site.put("/story/2", story(2))
    assert wirewatch.run("feeds", "run", "--once").returncode == 0
    assert sorted(article.external_id or "" for article in came()) == ["s-1", "s-2"]
    assert len(site.asked("/news.xml")) == 1


def test_killed_before_kafka_acknowledged(
    wirewatch: Wirewatch, site: Site, came: Came, services: LocalServices
) -> None:
    assert services.kafka is not None
    feed = put_feed(site, "/news.xml", entry(site, 1))
    site.put("/story/1", story(1), delay_seconds=1.0)
    wirewatch.run("feeds", "import", "-", stdin=f'<opml><body><outline xmlUrl="{feed}"/></body></opml>')
    producer = wirewatch.start("feeds", "run")
    try:
        site.wait_for("/story/1")
        services.kafka.kill()
        time.sleep(2.5)
        producer.kill()
        producer.wait()
    finally:
        services.kafka.start()
    assert wirewatch.run("feeds", "run", "--once").returncode == 0
    assert [article.external_id for article in came()] == ["s-1"]


def test_a_page_that_can_not_be_had_gives_what_its_feed_says(
    wirewatch: Wirewatch, site: Site, came: Came
) -> None:
    feed = put_feed(site, "/news.xml", entry(site, 1), entry(site, 2))
    site.put("/story/1", "gone", status=404)
    site.serve("/story/2", lambda _: Answer("later", 503))
    wirewatch.run("feeds", "add", feed)
    assert wirewatch.run("feeds", "run", "--once").returncode == 0
    (only,) = came()
    assert (only.external_id, "<h1>Story 1</h1>" in only.raw.content, "Read more" in only.raw.content) == (
        "s-1",
        True,
        True,
    )


def test_without_kafka_it_is_said_before_anything_is_fetched(wirewatch: Wirewatch, site: Site) -> None:
    feed = put_feed(site, "/news.xml", entry(site, 1))
    wirewatch.run("feeds", "import", "-", stdin=f'<opml><body><outline xmlUrl="{feed}"/></body></opml>')
    nowhere = Wirewatch(wirewatch.environment | {"WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1"})
    ran = nowhere.run("feeds", "run", "--once")
    assert (ran.returncode, "Traceback" in ran.stderr, site.requests) == (1, False, [])


def test_the_list_goes_out_as_it_came_in(wirewatch: Wirewatch, site: Site) -> None:
    opml = '<opml version="2.0"><body><outline text="World"><outline text="Asia"><outline text="A" xmlUrl="https://a.example.org/f"/></outline></outline><outline title="B" xmlUrl="feed://b.example.org/f"/></body></opml>'
    wirewatch.run("feeds", "import", "-", stdin=opml)
    exported = wirewatch.run("feeds", "export")
    again = Wirewatch(
        wirewatch.environment | {"WIREWATCH_DATA_DIR": wirewatch.environment["WIREWATCH_DATA_DIR"] + "-2"}
    )
    assert (
        again.run("feeds", "import", "-", stdin=exported.stdout).stdout
        == "2 added, 0 were followed already\n"
    )
    assert again.run("feeds", "export").stdout == exported.stdout
    assert {url: row["categories"] for url, row in again.feeds().items()} == {
        "https://a.example.org/f": ["World/Asia"],
        "http://b.example.org/f": [],
    }
    assert (
        again.run("feeds", "remove", "http://b.example.org/f", "https://nowhere.example.org/").returncode == 1
    )
    assert list(again.feeds()) == ["https://a.example.org/f"]
    assert wirewatch.run("feeds", "import", "-", stdin="<html></html>").returncode == 1


def test_what_is_no_feed_is_said(wirewatch: Wirewatch, site: Site) -> None:
    page = site.put("/page", "<html><body><p>No feeds here.</p></body></html>")
    site.put("/rss.xml", rss())
    refused = wirewatch.run(
        "feeds", "add", site.url + "/nothing", "http://169.254.169.254/feed", "http://localhost.invalid/"
    )
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "answered 404" in refused.stderr
    assert wirewatch.run("feeds", "add", page).returncode == 0  # found where feeds often are
    assert list(wirewatch.feeds()) == [site.url + "/rss.xml"]
    assert "text/html" in str(site.asked("/page")[0].headers["accept"])


def test_an_outlet_that_asks_to_wait_is_left_alone_with_all_its_feeds(
    wirewatch: Wirewatch, site: Site
) -> None:
    def limited(_: Asked) -> Answer:
        return Answer("", 429, {"retry-after": "1200"})

    urls = [site.serve(f"/feed/{n}", limited) for n in range(3)]
    opml = "<opml><body>" + "".join(f'<outline xmlUrl="{url}"/>' for url in urls) + "</body></opml>"
    wirewatch.run("feeds", "import", "-", stdin=opml)
    wirewatch.run("feeds", "run", "--once")
    wirewatch.run("feeds", "run", "--once")
    assert sum(len(site.asked(f"/feed/{n}")) for n in range(3)) == 1
    assert Counter(str(row["state"]) for row in wirewatch.feeds().values()) == {"rate_limited": 1, "new": 2}


def test_what_a_hub_pushes_is_in_kafka_without_a_reading(
    wirewatch: Wirewatch, site: Site, came: Came
) -> None:
    hub = Hub(site).open()
    channel = f'<atom:link rel="hub" href="{hub.url}"/><atom:link rel="self" href="{site.url}/news.xml"/>'
    wirewatch.run("feeds", "add", put_feed(site, "/news.xml", entry(site, 1, whole=True), channel=channel))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    producer = wirewatch.start(
        "feeds", "run",
        WIREWATCH_FEEDS__CALLBACK_PORT=port, WIREWATCH_FEEDS__CALLBACK_URL=f"http://127.0.0.1:{port}",
    )  # fmt: skip
    try:
        _wait(lambda: hub.verified == [(200, CHALLENGE)], "the hub has verified")
        assert asyncio.run(hub.push(rss(entry(site, 2, whole=True)))) == 202
        _wait(lambda: sorted(one.external_id or "" for one in came()) == ["s-1", "s-2"], "both are in Kafka")
        assert wirewatch.feeds()[site.url + "/news.xml"]["pushed"] is True
    finally:
        producer.send_signal(signal.SIGTERM)
        assert producer.wait(30) == 0
    assert len(site.asked("/news.xml")) == 1


def test_up_follows_feeds_from_the_moment_there_is_one(
    wirewatch: Wirewatch, site: Site, came: Came, elasticsearch: str
) -> None:
    site.put("/story/1", story(1))
    here = Wirewatch(
        wirewatch.environment
        | {"WIREWATCH_ELASTICSEARCH__URL": elasticsearch, "WIREWATCH_ELASTICSEARCH__INDEX_PREFIX": "up-feeds"}
    )
    up = here.start("up")
    try:
        here.run("feeds", "add", put_feed(site, "/news.xml", entry(site, 1)))
        _wait(lambda: [one.external_id for one in came()] == ["s-1"], "up has followed the feed", 120)
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(60)
    lock = list((Path(here.environment["WIREWATCH_DATA_DIR"]) / "feeds" / "producers").iterdir())
    assert lock == []  # the producer ended in order


def test_producers_killed_again_and_again_lose_nothing(wirewatch: Wirewatch, site: Site, came: Came) -> None:
    for number in range(60):
        site.put(f"/story/{number}", story(number), delay_seconds=0.05)
    hosts = ("127.0.0.1", "localhost")
    urls = [
        put_feed(site, f"/feed/{n}", *(entry(site, each, whole=each % 2 == 0) for each in range(n * 8, n * 8 + 12))).replace(hosts[0], hosts[n % 2])
        for n in range(7)
    ]  # fmt: skip
    opml = "<opml><body>" + "".join(f'<outline xmlUrl="{url}"/>' for url in urls) + "</body></opml>"
    wirewatch.run("feeds", "import", "-", stdin=opml)
    for pause in (0.9, 1.3, 1.1, 1.6, 1.2):
        pair = [wirewatch.start("feeds", "run") for _ in range(2)]
        time.sleep(pause)
        for process in pair:
            process.kill()
            process.wait()
    assert wirewatch.run("feeds", "run", "--once").returncode == 0
    assert {article.external_id for article in came()} == {f"s-{number}" for number in range(60)}
    assert len({article.id for article in came()}) == 60
