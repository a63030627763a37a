"""`wirewatch produce`: articles from files, folders, JSON Lines and standard input, into Kafka."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING

import click

from schemas.article import Article, Lane
from wirewatch.settings import Settings
from wirewatch.terminal import printable

if TYPE_CHECKING:
    from producers.files import Format
    from producers.push import Pushed
    from producers.resuming import Bookmark
    from producers.unreadable import Unreadable


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--source", help="The outlet, where neither a JSON object nor its URL tells it.")
@click.option("--lane", type=click.Choice(["live", "backfill"]), default="live", show_default=True,
              help="The backfill lane delays no live news and sends no alerts.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "html", "jsonl"]),
              help="Of standard input, and of files whose names don't tell.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), help="Stop after as many articles and reports.")
@click.option("--again", is_flag=True, help="Send all of it, whatever an interrupted run had sent.")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - each is an option
    settings: Settings,
    paths: tuple[str, ...],
    source: str | None,
    lane: Lane,
    form: Format | None,
    limit: int | None,
    again: bool,
) -> None:
    """Push articles from PATHs: text and HTML files, JSON Lines, folders of these, each also gzipped, or
    - for standard input.

    \b
    wirewatch produce news/*.txt
    wirewatch produce --source example.org --lane backfill archive/
    zcat feed.jsonl.gz | wirewatch produce -

    A backfill of files that was interrupted goes on where Kafka had acknowledged everything, if the files
    are the same.

    A JSON Lines object is {"id", "text" or "html", "source", "url", "fetched_at"}; text or html is enough.
    What can't be read is reported, kept in the dead letters, and the rest goes on. Ends with 0 if
    everything was read and acknowledged by Kafka, else with 1.
    """
    from producers.files import STDIN, read_articles
    from producers.push import push
    from wirewatch.crawling import kafka_writer

    items = islice(read_articles(paths, source=source, lane=lane, form=form), limit)
    is_resumed = lane == "backfill" and STDIN not in paths and limit is None
    how = f"{settings.kafka.bootstrap_servers} {lane} {source} {form}"
    with (
        kafka_writer(settings) as writer,
        _bookmark(settings, paths, how, again=again) if is_resumed else nullcontext() as bookmark,
        _progress(items) as watched,
    ):
        pushed = push(watched, writer, bookmark)
    _report(pushed)
    sys.exit(0 if pushed.complete else 1)


@contextmanager
def _bookmark(
    settings: Settings, paths: Sequence[str], how: str, *, again: bool
) -> Iterator[Bookmark | None]:
    """Where an interrupted run of the same input had come to; none where the input can't be looked at."""
    from producers.positions import Positions
    from producers.resuming import Bookmark, input_identity

    try:
        identity = input_identity(paths, how)
    except OSError:  # told when it is read
        yield None
        return
    with Positions(settings.data_dir / "produce" / "positions.sqlite3") as positions:
        bookmark = Bookmark(positions, identity)
        if again:
            bookmark.forget()
        if bookmark.items:
            click.echo(f"going on after {bookmark.items} that were acknowledged before", err=True)
        yield bookmark


@contextmanager
def _progress(items: Iterable[Article | Unreadable]) -> Iterator[Iterator[Article | Unreadable]]:
    """The same items; each unreadable one is told, and on a terminal the articles are counted as they go."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} read"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)

        def watched() -> Iterator[Article | Unreadable]:
            for item in items:
                progress.advance(task)
                if not isinstance(item, Article):
                    line = printable(f"{item.place}: {item.reason}: {item.detail}")
                    console.print(line, markup=False)
                yield item

        yield watched()


def _report(pushed: Pushed) -> None:
    click.echo(f"{pushed.acknowledged} of {pushed.articles} articles acknowledged")
    if pushed.unreadable:
        click.echo(
            f"{pushed.unreadable} not readable, {pushed.letters} of them in the dead letters", err=True
        )
    for failure in pushed.not_acknowledged[:20]:
        click.echo(
            f"{failure.article_id or failure.key}: not acknowledged by {failure.topic}: {failure.why}",
            err=True,
        )
    if pushed.stopped_because:
        click.echo(f"stopped: {pushed.stopped_because}", err=True)
