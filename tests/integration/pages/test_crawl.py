"""`wirewatch crawl` from a real site into real Kafka."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from producers.fetching import Fetcher, FetchingOptions
from producers.pages import Crawled, Hints, Known, Ledger, crawl
from producers.writer import Writer
from schemas.article import Article
from schemas.identity import article_id
from tests.site.site import Answer, Asked, Site
from wirewatch.dead_letters import read_dead_letters
from wirewatch.kafka import consumer_options, producer_options
from wirewatch.settings import KafkaSettings

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[bytes]]
Articles = Callable[[], list[Article]]

KILLED = """
import asyncio, os, signal, sys
from producers.fetching import Fetcher
from producers.pages import Hints, Ledger, crawl
from producers.writer import Writer
from wirewatch.crawling import ledger_path
from wirewatch.fetching import fetching_options
from wirewatch.kafka import producer_options
from wirewatch.settings import load_settings

class Killed(Writer):
    def write(self, article):
        super().write(article)
        os.kill(os.getpid(), signal.SIGKILL)

async def main(settings):
    async with Fetcher(fetching_options(settings)) as fetcher:
        with Ledger(ledger_path(settings)) as ledger:
            await crawl([(sys.argv[1], Hints())], fetcher, ledger, Killed(producer_options(settings.kafka)))

asyncio.run(main(load_settings()))
"""


def _page(text: str, head: str = "", token: int = 0) -> str:
    body = "".join(
        f"<p>{text} Der Kran am Kai {n} wurde am Dienstag untersucht und stillgelegt.</p>" for n in range(6)
    )
    return f"<html><head><title>{text}</title><meta name=csrf content={token}>{head}</head><body><nav>Start Sport Wetter</nav><article><h1>{text}</h1>{body}</article><footer>Aufruf Nr. {token}</footer></body></html>"


def test_pages_become_articles_under_their_own_address(site: Site, run: Run, articles: Articles) -> None:
    url = site.url + "/2024/kran"
    site.put("/2024/kran", _page("Kran stillgelegt"))
    site.put("/amp/kran", _page("Kran stillgelegt", f'<link rel=canonical href="{url}">'))
    site.put("/ru", _page("Кран остановлен", "<meta charset=windows-1251>").encode("cp1251"))
    site.put("/note", "Der Hafen bleibt geschlossen.", "text/plain; charset=utf-8")
    done = run(
        *("crawl", url, site.url + "/amp/kran", "-", "--source", "hafen"),
        stdin=f"{site.url}/ru\n\n{site.url}/note\n",
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "3 new, 0 changed, 1 unchanged"), (
        done.stderr
    )
    found = {article.url: article for article in articles()}
    assert set(found) == {url, site.url + "/ru", site.url + "/note"}
    assert found[url].id == article_id(url, "hafen", "")
    assert found[url].source == "hafen"
    assert found[site.url + "/ru"].raw.content.count("Кран остановлен") == 8
    assert found[site.url + "/note"].raw.format == "text"


def test_an_unchanged_page_costs_nothing_and_a_changed_one_is_a_revision(
    site: Site, run: Run, articles: Articles
) -> None:
    visits = 0
    text = "Kran stillgelegt"

    def page(_: Asked) -> Answer:
        nonlocal visits
        visits += 1
        return Answer(_page(text, token=visits), headers={"content-type": "text/html; charset=utf-8"})

    url = site.serve("/kran", page)
    told = []
    for number in range(4):
        text = "Kran wieder frei" if number >= 2 else text
        told.append(run("crawl", url).stdout.splitlines()[-1])
    assert told == [
        "1 new, 0 changed, 0 unchanged", "0 new, 0 changed, 1 unchanged", "0 new, 1 changed, 0 unchanged", "0 new, 0 changed, 1 unchanged",
    ]  # fmt: skip
    first, second = articles()
    assert first.id == second.id
    assert second.revision > first.revision
    assert "wieder frei" in second.raw.content


def test_a_page_that_says_it_has_not_changed_is_not_sent_again(site: Site, run: Run) -> None:
    url = site.url + "/tagged"
    assert run("crawl", url).stdout.splitlines()[-1] == "1 new, 0 changed, 0 unchanged"
    again = run("crawl", url)
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "0 new, 0 changed, 1 unchanged")
    assert [asked.headers.get("if-none-match") for asked in site.asked("/tagged")] == [None, '"v1"']


def test_what_is_no_article_is_told_with_its_reason(site: Site, run: Run, kafka: str) -> None:
    site.put("/picture", b"\x89PNG", "image/png")
    site.put("/empty", "  ")
    site.put("/riddle", b"\xff\xfe\xfd" * 11, "text/html")
    paths = ["/gone", "/forbidden", "/failing", "/limited", "/picture", "/empty", "/cut-gzip"]
    urls = [site.url + path for path in paths]
    done = run("crawl", *urls, "http://169.254.169.254:1/", "ftp://example.com/")
    assert done.returncode == 1
    reasons = {line.split(": ")[0]: line.split(": ")[1] for line in done.stderr.splitlines() if ": " in line}
    for path, reason in zip(
        paths, ["gone", "refused", "failing", "failing", "not_a_page", "no_text", "undecodable"], strict=True
    ):
        assert reasons[site.url + path] in (reason, "asked_to_wait")
    assert reasons["ftp://example.com/"] == "bad_url"
    assert "failed" in done.stdout


def test_bytes_that_can_not_be_read_go_to_the_dead_letters(site: Site, run: Run, kafka: str) -> None:
    url = site.put("/riddle", b"\xff\xfe" + b"\xd8" * 101)
    done = run("crawl", url)
    assert done.returncode == 1
    letters = [
        each
        for each in read_dead_letters(consumer_options(KafkaSettings(bootstrap_servers=kafka)))
        if each.origin.topic == url
    ]
    assert [letter.payload for letter in letters] == [b"\xff\xfe" + b"\xd8" * 101]


def test_two_at_once_give_one_article(site: Site, start: Start, articles: Articles) -> None:
    """Both are held at the page until both have asked for it."""

    async def both(_: Asked) -> AsyncIterator[bytes]:
        while len(site.asked("/kran")) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        body = _page("Kran stillgelegt").encode()
        yield b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: %d\r\n\r\n" % len(body) + body

    url = site.serve("/kran", both)
    running = [start("-m", "wirewatch", "crawl", url) for _ in range(2)]
    told = sorted(process.communicate(timeout=120)[0].decode().splitlines()[-1] for process in running)
    assert told == ["0 new, 0 changed, 1 unchanged", "1 new, 0 changed, 0 unchanged"]
    assert [article.url for article in articles()] == [url]


def test_killed_between_fetch_and_acknowledgement_loses_nothing(
    site: Site, start: Start, run: Run, articles: Articles
) -> None:
    url = site.put("/kran", _page("Kran stillgelegt"))
    killed = start("-c", KILLED, url)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert len(site.asked("/kran")) == 1
    again = run("crawl", url)
    assert again.stdout.splitlines()[-1] == "1 new, 0 changed, 0 unchanged"
    assert {article.url for article in articles()} == {url}


def test_killed_while_the_page_comes_loses_nothing(
    site: Site, start: Start, run: Run, articles: Articles
) -> None:
    url = site.url + "/hang"
    killed = start("-m", "wirewatch", "crawl", url)
    site.wait_for("/hang")
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    site.put("/hang", _page("Kran stillgelegt"))
    assert run("crawl", url).stdout.splitlines()[-1] == "1 new, 0 changed, 0 unchanged"
    assert [article.url for article in articles()] == [url]


def test_kafka_that_takes_no_more_ends_the_crawl_and_notes_nothing(
    site: Site, cluster: KafkaSettings, tmp_path: Path
) -> None:
    urls = [site.put(f"/{n}", _page(f"Kran {n}")) for n in range(5)]
    options = producer_options(cluster.model_copy(update={"bootstrap_servers": cluster.bootstrap_servers}))
    writer = Writer(options | {"max_block_ms": 500})
    writer._producer.close()

    async def run(ledger: Ledger) -> Crawled:
        options = FetchingOptions(spacing_seconds=0, allow_private_addresses=True)
        async with Fetcher(options) as fetcher:
            return await crawl([(url, Hints()) for url in urls], fetcher, ledger, writer)

    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        crawled = asyncio.run(run(ledger))
        assert not crawled.complete
        assert crawled.stopped_because
        assert [ledger.known(url) for url in urls] == [Known()] * 5


@pytest.mark.parametrize("count", [300])
def test_many_pages_all_arrive(site: Site, run: Run, articles: Articles, count: int) -> None:
    urls = [site.put(f"/{n}", _page(f"Kran {n}")) for n in range(count)]
    done = run("crawl", "-", stdin="\n".join(urls))
    assert done.stdout.splitlines()[-1] == f"{count} new, 0 changed, 0 unchanged", done.stderr
    assert sorted(article.url or "" for article in articles()) == sorted(urls)
