"""`wirewatch crawl`: pages from the web, into Kafka."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from schemas.article import Lane
from wirewatch.settings import Settings

if TYPE_CHECKING:
    from producers.pages import Crawled
    from producers.writer import Writer

STDIN = "-"


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option("--source", help="The outlet; without it, the page's registered domain.")
@click.option("--lane", type=click.Choice(["live", "backfill"]), default="live", show_default=True,
              help="The backfill lane delays no live news and sends no alerts.")  # fmt: skip
@click.pass_obj
def command(settings: Settings, urls: tuple[str, ...], source: str | None, lane: Lane) -> None:
    """Fetch the pages at URLs and push their articles; - reads addresses from standard input, one a line.

    \b
    wirewatch crawl https://news.example.org/2024/bridges
    wirewatch crawl - < addresses.txt

    Politely: robots.txt, a pause between visits to a domain, a named user agent ([fetching] in the
    settings). A page that hasn't changed since it was fetched last is not pushed again. Ends with 0 if every
    address gave an article and Kafka has it, else with 1.
    """
    from wirewatch.crawling import kafka_writer

    with kafka_writer(settings) as writer:
        crawled = asyncio.run(_crawl(settings, _addresses(urls), source, lane, writer))
    sys.exit(0 if crawled.complete else 1)


async def _crawl(
    settings: Settings, urls: list[str], source: str | None, lane: Lane, writer: Writer
) -> Crawled:
    from producers.fetching import Fetcher
    from producers.pages import Hints
    from wirewatch.crawling import crawl_into_kafka
    from wirewatch.fetching import fetching_options

    targets = [(url, Hints(source=source, lane=lane)) for url in urls]
    async with Fetcher(fetching_options(settings)) as fetcher:
        return await crawl_into_kafka(settings, targets, fetcher, writer)


def _addresses(urls: tuple[str, ...]) -> list[str]:
    lines = sys.stdin.read().splitlines() if STDIN in urls else []
    return [url.strip() for url in [*urls, *lines] if url.strip() not in {"", STDIN}]
