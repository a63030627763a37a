"""Feeds at work: what the settings say of them, and the producer that reads them and pushes what is new."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path
from typing import get_args

from producers.feeds.delivery import Delivery
from producers.feeds.options import FeedsOptions
from producers.feeds.rounds import Rounds
from producers.feeds.schedule import Bounds
from producers.feeds.state import Status
from producers.feeds.store import STORE_FILE, Store
from producers.fetching import Fetcher
from producers.pages import Ledger
from producers.writer import Writer
from wirewatch.crawling import ledger_path
from wirewatch.fetching import fetching_options
from wirewatch.kafka import producer_options
from wirewatch.metrics import Sample
from wirewatch.settings import Settings
from wirewatch.watching.health import Health
from wirewatch.watching.own import serving_own
from wirewatch.watching.producing import produced_samples, stamping

FOLDER = PRODUCER = "feeds"


def feeds_folder(settings: Settings) -> Path:
    """Where it is kept which feeds are followed, and what of theirs is on its way."""
    return settings.data_dir / FOLDER


def follows_feeds(settings: Settings) -> bool:
    """Whether any feed is followed. Cheap, and creates nothing."""
    file = feeds_folder(settings) / STORE_FILE
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            return database.execute("SELECT 1 FROM feeds LIMIT 1").fetchone() is not None
    except sqlite3.Error:  # being made just now
        return False


def feeds_options(settings: Settings) -> FeedsOptions:
    """The options of a feed producer."""
    told = settings.feeds.model_dump()
    bounds = Bounds(told.pop("min_interval_seconds"), told.pop("max_interval_seconds"))
    return FeedsOptions(
        bounds=bounds,
        spacing_seconds=settings.fetching.spacing_seconds,
        known_days=settings.known_days,
        **told,
    )


async def run_feeds(settings: Settings, *, once: bool) -> Rounds:
    """Read feeds and push what is new: until SIGTERM or SIGINT, or `once` until nothing is due. What was
    done. `settings` name the Kafka cluster.
    """
    from producers.feeds.callback import callback_server
    from producers.feeds.hubs import Hubs

    options = feeds_options(settings)
    async with AsyncExitStack() as opened:
        store = opened.enter_context(Store(feeds_folder(settings)))
        ledger = opened.enter_context(Ledger(ledger_path(settings), settings.known_days))
        stamp = opened.enter_context(stamping(settings))
        delivery = Delivery(store, ledger, lambda: Writer(producer_options(settings.kafka), stamp=stamp))
        opened.callback(delivery.close)
        fetcher = await opened.enter_async_context(Fetcher(fetching_options(settings)))
        rounds = Rounds(store, fetcher, delivery, options)
        if not once:
            opened.enter_context(_watched(settings, rounds))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, rounds.stop)
        if options.callback_url and not once:
            hubs = Hubs(store, options, fetching_options(settings))
            if await opened.enter_async_context(callback_server(hubs)) is not None:
                rounds.chores.append(hubs.upkeep)
        await rounds.run(once=once)
    return rounds


@contextmanager
def _watched(settings: Settings, rounds: Rounds) -> Iterator[None]:
    """Serves what is done, where a port is set. Rounds that say nothing for a minute are not well."""
    health = Health()
    health.expect(PRODUCER)

    async def tell() -> None:
        health.tell(PRODUCER, rounds.delivery.why_not_ready)

    def samples() -> list[Sample]:
        read = [
            Sample("wirewatch_feed_readings_total", rounds.polled[status], {"status": status})
            for status in get_args(Status)
        ]
        return read + produced_samples(PRODUCER, rounds.delivery.delivered)

    rounds.chores.append(tell)
    with serving_own(settings.metrics, samples, health.faults):
        yield
