"""From addresses to Kafka, and what is said of it: `wirewatch crawl` and `wirewatch sitemap`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wirewatch.settings import Settings
from wirewatch.terminal import printable

if TYPE_CHECKING:
    from producers.fetching import Fetcher
    from producers.pages import Crawled, Failure, Hints, Page
    from producers.writer import Writer


def ledger_path(settings: Settings) -> Path:
    """Where it is kept which pages are known, and as what."""
    return settings.data_dir / "pages" / "ledger.sqlite3"


@contextmanager
def kafka_writer(settings: Settings) -> Iterator[Writer]:
    """The way into Kafka. Raises `click.ClickException` where there is none."""
    from producers.writer import Writer, WriterError
    from wirewatch.kafka import producer_options, reachable_kafka
    from wirewatch.logs import mute_kafka
    from wirewatch.watching.producing import stamping

    mute_kafka()
    with stamping(settings) as stamp:
        try:
            writer = Writer(producer_options(reachable_kafka(settings)), stamp=stamp)
        except WriterError as error:
            raise click.ClickException(str(error)) from None
        try:
            yield writer
        finally:
            writer.close()


async def crawl_into_kafka(
    settings: Settings, targets: Iterable[tuple[str, Hints]], fetcher: Fetcher, writer: Writer
) -> Crawled:
    """Fetch each address, write what is new, tell each as it comes and in the end what was done."""
    from producers.pages import Ledger, crawl

    with Ledger(ledger_path(settings), settings.known_days) as ledger:
        crawled = await crawl(targets, fetcher, ledger, writer, _tell)
    _report(crawled)
    return crawled


def _report(crawled: Crawled) -> None:
    done = crawled.delivered
    failed = len(crawled.failures) + len(done.failed)
    told = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged"
    click.echo(told + (f", {failed} failed" if failed else ""))
    for url, why in done.failed:
        click.echo(printable(f"{url}: not acknowledged: {why}"), err=True)
    if crawled.stopped_because:
        click.echo(f"stopped: {crawled.stopped_because}", err=True)


def _tell(outcome: Page | Failure | str) -> None:
    from producers.pages import Failure, Page

    if isinstance(outcome, Failure):
        wait = outcome.retry_after_seconds
        later = f" (again in {wait:.0f} s)" if wait is not None else ""
        click.echo(printable(f"{outcome.url}: {outcome.reason}: {outcome.detail}{later}"), err=True)
    elif isinstance(outcome, Page):
        click.echo(printable(f"fetched  {outcome.article.url}"))
    else:
        click.echo(printable(f"unchanged  {outcome}"))
