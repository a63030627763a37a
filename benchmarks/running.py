"""A whole pipeline of `wirewatch up`, fed and timed, for the benchmarks that need one."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from producers.files import read_articles
from producers.writer import Writer
from schemas.article import Article
from wirewatch.kafka import producer_options
from wirewatch.local import ConsoleProgress
from wirewatch.logs import configure_logs
from wirewatch.settings import PREFIX, Settings, load_settings
from wirewatch.up import Up

WARM_ARTICLES = 60
WARM_SEED = 99
CHECK_SECONDS = 0.5


def arguments(description: str | None, articles: int) -> argparse.ArgumentParser:
    """What every benchmark takes."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", nargs="?", type=int, default=articles)
    parser.add_argument("--model", default="builtin", choices=("builtin", "gazetteer"), help="names.model")
    return parser


def set_for_children(**settings: object) -> None:
    """Settings by their names with two underscores, for this process and those it starts."""
    for name, value in settings.items():
        os.environ[f"{PREFIX}{name.upper()}"] = str(value)


def records(lines: Iterator[bytes]) -> list[Article]:
    """The articles of JSON Lines, as the producer reads them."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "articles.jsonl")
        inputs.write_bytes(b"\n".join(lines))
        return [item for item in read_articles([inputs]) if isinstance(item, Article)]


@contextmanager
def pipeline(model: str, warm: Sequence[Article]) -> Iterator[Up]:
    """`wirewatch up` on a fresh folder, once the articles that warm it up are through."""
    configure_logs("warning")
    set_for_children(names__model=model, alerts__console="false")
    with (
        tempfile.TemporaryDirectory() as folder,
        Up(load_settings(data_dir=Path(folder, "data")), ConsoleProgress()) as up,
    ):
        through(up, warm)
        yield up


def through(up: Up, articles: Sequence[Article]) -> float:
    """Produce articles as fast as Kafka takes them; seconds until all are indexed and alerted on."""
    started = time.monotonic()
    write(up.settings, articles)
    while up.records_behind():
        up.children.restart_fallen()
        time.sleep(CHECK_SECONDS)
    return time.monotonic() - started


def write(settings: Settings, articles: Sequence[Article]) -> None:
    with Writer(producer_options(settings.kafka)) as writer:
        for article in articles:
            writer.write(article)
