"""`wirewatch sitemap`: what is new on a site, by its sitemaps, into Kafka."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from schemas.article import Lane
from wirewatch.settings import Settings
from wirewatch.terminal import printable

if TYPE_CHECKING:
    from producers.pages import Hints
    from producers.sitemaps import Chosen, Entry, Walk
    from producers.writer import Writer

DAY_MS = 86_400_000


@click.command()
@click.argument("site", metavar="SITE")
@click.option("--days", type=click.FloatRange(min=0), default=2.0, show_default=True,
              help="Pages published or modified within so many days.")  # fmt: skip
@click.option("--undated", is_flag=True, help="Pages without a date too: on most sites, the archive.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True,
              help="Fetch at most so many pages, the newest first.")  # fmt: skip
@click.option("--list", "only_list", is_flag=True, help="Say what is new, fetch and push nothing.")
@click.option("--source", help="The outlet; without it, the page's registered domain.")
@click.option("--lane", type=click.Choice(["live", "backfill"]), default="live", show_default=True,
              help="The backfill lane delays no live news and sends no alerts.")  # fmt: skip
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - each is an option
    settings: Settings,
    site: str,
    days: float,
    undated: bool,
    limit: int,
    only_list: bool,
    source: str | None,
    lane: Lane,
) -> None:
    """Push what is new on SITE: its address, or that of one sitemap.

    \b
    wirewatch sitemap https://news.example.org
    wirewatch sitemap --list https://news.example.org/news-sitemap.xml

    Sitemaps are those that robots.txt names, else those in the usual places. New is what was not fetched
    yet, or was modified since. What is left over by --limit comes with the next call. Ends with 1 where a
    sitemap or a page could not be read.
    """
    from producers.fetching import FetchError
    from producers.pages import Hints
    from wirewatch.crawling import kafka_writer

    asked = _Asked(
        site if "://" in site else f"https://{site}", days, undated, limit, Hints(source=source, lane=lane)
    )
    try:
        with nullcontext() if only_list else kafka_writer(settings) as writer:
            complete = asyncio.run(_run(settings, asked, writer))
    except FetchError as error:
        raise click.ClickException(printable(f"{site}: {error}")) from None
    sys.exit(0 if complete else 1)


@dataclass(frozen=True)
class _Asked:
    site: str
    days: float
    undated: bool
    limit: int
    hints: Hints


async def _run(settings: Settings, asked: _Asked, writer: Writer | None) -> bool:
    """Whether all could be read and is in Kafka. Without a writer, new pages are only listed."""
    from producers.fetching import Fetcher
    from producers.sitemaps import walk
    from wirewatch.crawling import crawl_into_kafka
    from wirewatch.fetching import fetching_options

    now_ms = time.time_ns() // 1_000_000
    since_ms = now_ms - int(asked.days * DAY_MS)
    async with Fetcher(fetching_options(settings)) as fetcher:
        walked = await walk(asked.site, fetcher, since_ms)
        chosen = _choose(settings, asked, walked, since_ms, now_ms)
        _report_walk(walked, chosen)
        pages = chosen.pages[: asked.limit]
        if writer is None:
            for page in pages:
                click.echo(printable(_line(page)))
            return not walked.failures
        targets = [
            (page.url, replace(asked.hints, published_at=page.news.published if page.news else None))
            for page in pages
        ]
        crawled = await crawl_into_kafka(settings, targets, fetcher, writer)
        return crawled.complete and not walked.failures


def _choose(settings: Settings, asked: _Asked, walked: Walk, since_ms: int, now_ms: int) -> Chosen:
    from producers.pages import Ledger
    from producers.sitemaps import choose
    from wirewatch.crawling import ledger_path

    with Ledger(ledger_path(settings)) as ledger:
        return choose(
            walked.pages.values(),
            lambda url: ledger.known(url).seen_ms,
            since_ms=since_ms,
            now_ms=now_ms,
            undated=asked.undated,
        )


def _report_walk(walked: Walk, chosen: Chosen) -> None:
    for url, why in walked.failures:
        click.echo(printable(f"{url}: {why}"), err=True)
    cut = ", more left out by the limits" if walked.cut else ""
    click.echo(
        f"{len(walked.pages)} pages in {walked.files} sitemaps: {len(chosen.pages)} to fetch, "
        f"{chosen.known} known, {chosen.old} older, {chosen.undated} undated{cut}",
        err=True,
    )


def _line(page: Entry) -> str:
    title = page.news.title if page.news else None
    return f"{page.url}  {title}" if title else page.url
