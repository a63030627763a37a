"""`wirewatch warc`: the articles of web archives, into Kafka."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schemas.article import Lane
from wirewatch.settings import Settings
from wirewatch.terminal import printable

if TYPE_CHECKING:
    from producers.warc import Loaded, Loader, Positions

STDIN = "-"
ENDINGS = (".warc", ".warc.gz")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--lane", type=click.Choice(["live", "backfill"]), default="backfill", show_default=True,
              help="The backfill lane delays no live news and sends no alerts.")  # fmt: skip
@click.option("--again", is_flag=True, help="Read files from their beginning, whatever was loaded before.")
@click.pass_obj
def command(settings: Settings, files: tuple[str, ...], lane: Lane, again: bool) -> None:
    """Push the articles of web archives: .warc and .warc.gz files, folders of these, or - for standard input.

    \b
    wirewatch warc CC-NEWS-20260101000000-00001.warc.gz
    curl -s https://archive.example.org/news.warc.gz | wirewatch warc -

    Taken are answers with HTML; an article found again unchanged, in whatever file, is sent once. Broken
    records are kept in the dead letters and the rest goes on. Stopped on the way, it goes on where Kafka
    had acknowledged everything (but for standard input). Ends with 0 if all was read and acknowledged, else
    with 1.
    """
    from producers.pages import Ledger
    from producers.warc import Loader, Positions
    from wirewatch.crawling import kafka_writer

    folder = settings.data_dir / "warc"
    whole = True
    with (
        kafka_writer(settings) as writer,
        Ledger(folder / "ledger.sqlite3") as ledger,
        Positions(folder / "positions.sqlite3") as positions,
    ):
        loader = Loader(ledger, writer, lane)
        for path in _archives(files):
            try:
                loaded = _load(path, loader, positions, again)
            except OSError as error:
                click.echo(printable(f"{path}: {error.strerror or error}"), err=True)
                whole = False
                continue
            _report(path, loaded)
            whole = whole and not loaded.unreadable and loaded.stopped_because is None
            if loaded.stopped_because:
                break
    sys.exit(0 if whole else 1)


def _archives(files: tuple[str, ...]) -> Iterator[str]:
    for name in files:
        if Path(name).is_dir():
            yield from sorted(
                str(path)
                for path in Path(name).rglob("*")
                if path.name.lower().endswith((".warc", ".warc.gz"))
            )
        else:
            yield name


def _load(path: str, loader: Loader, positions: Positions, again: bool) -> Loaded:
    from producers.warc import Source, archive_identity

    if path == STDIN:
        with _progress("standard input", None) as progress:
            return loader.load(Source(sys.stdin.buffer), STDIN, lambda _: None, progress)
    archive = archive_identity(Path(path))
    begin = 0 if again else positions.offset(archive)
    with Path(path).open("rb") as stream, _progress(path, Path(path).stat().st_size) as progress:
        return loader.load(
            Source(stream, begin), path, lambda offset: positions.keep(archive, offset), progress
        )


@contextmanager
def _progress(name: str, size_bytes: int | None) -> Iterator[Callable[[int], None]]:
    """On a terminal, how many bytes of how many have been read, and how long the rest will take."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(printable(Path(name).name), total=size_bytes)
        yield lambda offset: progress.update(task, completed=offset)


def _report(path: str, loaded: Loaded) -> None:
    done = loaded.delivered
    told = [f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged"]
    told += [f"{count} {what}" for what, count in loaded.passed_over.most_common()]
    click.echo(printable(f"{path}: {', '.join(told)}"))
    if loaded.unreadable:
        reasons = ", ".join(f"{count} {reason}" for reason, count in loaded.unreadable.most_common())
        click.echo(printable(f"{path}: not readable, kept in the dead letters: {reasons}"), err=True)
    if loaded.stopped_because:
        click.echo(f"stopped: {loaded.stopped_because}", err=True)
