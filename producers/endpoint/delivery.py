"""Articles of many requests, into Kafka together; each request hears what became of its own."""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

import structlog

from producers.pages.ledger import Ledger
from producers.pages.page import Page
from producers.writer import Writer
from schemas.article import Article
from schemas.identity import normalise_text

log = structlog.get_logger(__name__)

PROBE_SECONDS = 5.0
DIGEST_BYTES = 16
Failures = dict[str, str]
"""Why the articles of these ids are not in Kafka."""


@dataclass(frozen=True)
class _Order:
    pages: Sequence[Page]
    answer: Future[Failures]


class Delivery:
    """One thread that writes and waits: while Kafka acknowledges, the next requests gather, and then go
    together. The ledger (`producers.pages.Ledger`) knows what is in Kafka already; that isn't sent again.

    `connect` makes the writer, again after every failure. `why_not_ready` is `None` while Kafka answers,
    else a sentence; `delivered` counts articles by what became of them (`Delivered.counts`). Used as a
    context manager: leaving it finishes what was submitted.
    """

    def __init__(self, connect: Callable[[], Writer], open_ledger: Callable[[], Ledger]) -> None:
        self._connect = connect
        self._open_ledger = open_ledger
        self._stack = ExitStack()
        self._orders: queue.Queue[_Order | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._writer: Writer | None = None
        self.delivered: Counter[str] = Counter()
        self.why_not_ready: str | None = "Kafka has not been reached yet"

    def __enter__(self) -> Self:
        self._ledger = self._stack.enter_context(self._open_ledger())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._orders.put(None)
        self._thread.join()
        self._hang_up()
        self._stack.close()

    def submit(self, articles: Sequence[Article]) -> Future[Failures]:
        """Have them written; the answer comes when all have been acknowledged or have failed."""
        order = _Order([_page(article) for article in articles], Future())
        self._orders.put(order)
        return order.answer

    def _run(self) -> None:
        self._probe()
        while (orders := self._next()) is not None:
            self._deliver(orders)

    def _next(self) -> list[_Order] | None:
        """All that is waiting; `None` at the end. While Kafka is away and nobody asks, it is looked for."""
        while True:
            try:
                first = self._orders.get(timeout=PROBE_SECONDS)
            except queue.Empty:
                if self.why_not_ready is not None:
                    self._probe()
                continue
            orders = [] if first is None else [first]
            while first is not None and not self._orders.empty():
                following = self._orders.get()
                if following is None:
                    self._orders.put(None)
                    break
                orders.append(following)
            return orders or None

    def _deliver(self, orders: Sequence[_Order]) -> None:
        """Never raises: whoever waits must hear."""
        pages = sorted((page for order in orders for page in order.pages), key=_revision)
        try:
            delivered = self._ledger.deliver(pages, self._reached())
            self.delivered.update(delivered.counts())
            failed = dict(delivered.failed)
            self._told(next(iter(failed.values()), None))
        except Exception as error:  # a thread that fell would leave every request waiting
            why = f"{type(error).__name__}: {error}"
            failed = {page.asked_url: why for page in pages}
            self.delivered["failed"] += len(pages)
            self._told(why)
        for order in orders:
            ids = {page.article.id for page in order.pages}
            if order.answer.set_running_or_notify_cancel():
                order.answer.set_result({each: why for each, why in failed.items() if each in ids})

    def _probe(self) -> None:
        try:
            self._reached()
            self._told(None)
        except Exception as error:
            self._told(f"{type(error).__name__}: {error}")

    def _reached(self) -> Writer:
        self._writer = self._writer or self._connect()
        return self._writer

    def _told(self, why_not: str | None) -> None:
        """A writer that has failed is let go of: an idempotent one may go on failing."""
        if why_not is not None:
            log.warning("delivery_failed", why=why_not)
            self._hang_up()
        self.why_not_ready = why_not

    def _hang_up(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close(timeout_seconds=0)


def _revision(page: Page) -> int:
    return page.article.revision


def _page(article: Article) -> Page:
    """The article as the ledger keeps it: known by its id, and unchanged only where the text it was sent
    with is the same (the sender decides what belongs to it).
    """
    text = normalise_text(article.raw.content).encode("utf-8", "replace")
    return Page(article, blake2b(text, digest_size=DIGEST_BYTES).digest(), asked_url=article.id)
