"""From items that wait to articles that Kafka has."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from producers.feeds.articles import item_page
from producers.feeds.store import Store
from producers.feeds.waiting import Waiting
from producers.fetching import Fetcher, FetchError
from producers.pages import Delivered, Hints, Ledger, Page, PageError, fetch_page
from producers.pages.crawl import LASTING
from producers.unreadable import ReadError
from producers.writer import Writer

log = structlog.get_logger(__name__)

ATTEMPTS_MAX = 5
RETRY_SECONDS = 300.0
WAITED_FOR = frozenset({"asked_to_wait", "budget_spent"})
"""Reasons that are no fault of the page: they don't count as attempts."""


@dataclass
class Delivery:
    """Writes articles through one Kafka writer, one batch at a time, and notes what was acknowledged.

    An item is done only then. `connect` makes a writer, anew after a failure. `delivered` counts articles by
    what became of them (`Delivered.counts`); `why_not_ready` says why the last could not be written.
    """

    store: Store
    ledger: Ledger
    connect: Callable[[], Writer]
    delivered: Counter[str] = field(default_factory=Counter)
    why_not_ready: str | None = None
    _writer: Writer | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def deliver_whole(self, waiting: Sequence[Waiting]) -> None:
        """Deliver items by what their feeds say. Raises `producers.writer.WriterError`."""
        pages: list[tuple[Waiting, Page]] = []
        for one in waiting:
            try:
                pages.append((one, await asyncio.to_thread(item_page, one.item, one.feed, _now_ms())))
            except ReadError as error:
                self.store.done([one], error.reason)
        await self._deliver(pages)

    async def deliver_page(self, one: Waiting, fetcher: Fetcher) -> None:
        """Deliver the page behind an item; where it can't be had for good, what the feed says of it.

        Raises `producers.writer.WriterError`.
        """
        url = one.item.url or ""
        try:
            hints = Hints(external_id=one.item.id, published_at=one.item.published)
            page = await fetch_page(fetcher, url, hints, self.ledger.known(url))
        except (FetchError, PageError) as error:
            await self._without_page(one, error)
        else:
            if page is None:
                self.store.done([one], "delivered")
            else:
                await self._deliver([(one, page)])

    async def _without_page(self, one: Waiting, error: FetchError | PageError) -> None:
        attempts = one.attempts + (error.reason not in WAITED_FOR)
        wait = error.retry_after_seconds
        if (error.reason in LASTING and wait is None) or attempts >= ATTEMPTS_MAX:
            log.info("page_not_had", url=one.item.url, reason=error.reason, detail=error.detail)
            await self.deliver_whole([one])
            return
        retry_at = time.time() + max(
            wait or 0.0, RETRY_SECONDS * 2 ** max(0, attempts - 1) if attempts else 0.0
        )
        self.store.later(one, retry_at, attempts)

    async def _deliver(self, pages: Sequence[tuple[Waiting, Page]]) -> None:
        if not pages:
            return
        async with self._turn:
            delivered = await asyncio.to_thread(self._write, [page for _, page in pages])
        self.delivered.update(delivered.counts())
        refused = dict(delivered.failed)
        self.store.done([one for one, page in pages if page.asked_url not in refused], "delivered")
        for one, page in pages:
            if page.asked_url in refused:
                log.warning("article_refused", url=page.asked_url, why=refused[page.asked_url])
                self._try_again(one)

    def _try_again(self, one: Waiting) -> None:
        if one.attempts + 1 >= ATTEMPTS_MAX:
            self.store.done([one], "refused_by_kafka")
        else:
            self.store.later(one, time.time() + RETRY_SECONDS, one.attempts + 1)

    def _write(self, pages: list[Page]) -> Delivered:
        try:
            if self._writer is None:
                self._writer = self.connect()
            delivered = self.ledger.deliver(pages, self._writer)
        except BaseException as error:
            self.why_not_ready = f"{type(error).__name__}: {error}"
            self.close()
            raise
        self.why_not_ready = None
        return delivered

    def close(self) -> None:
        """Let go of Kafka."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
