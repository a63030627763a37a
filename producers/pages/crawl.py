"""Many pages at once, from their addresses into Kafka."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from producers.fetching import Fetcher, FetchError
from producers.pages.ledger import Delivered, Known, Ledger
from producers.pages.page import Hints, Page, PageError, fetch_page
from producers.unreadable import Unreadable, dead_letter
from producers.writer import Writer, WriterError
from schemas.dead_letter import DeadLetter
from schemas.identity import canonical_url
from schemas.wire import DEAD_LETTER_PAYLOAD_BYTES

AT_ONCE = 256
"""Pages waited for at a time; each waits for its domain's turn, so most of them are idle."""
BATCH_PAGES = 64
"""Pages that share one wait for Kafka, and at most as many again in memory."""

LASTING = frozenset(
    {
        "gone",
        "refused",
        "forbidden_by_robots",
        "not_a_page",
        "no_text",
        "not_utf8",
        "too_large",
        "undecodable",
    }
)
"""Reasons that are noted, since the same address will likely fail so again tomorrow."""


@dataclass(frozen=True)
class Failure:
    """An address that gave no article. `retry_after_seconds` is set where waiting as long may help; `letter`
    where something came that could not be read.
    """

    url: str
    reason: str
    detail: str
    retry_after_seconds: float | None = None
    letter: DeadLetter | None = None


@dataclass
class Crawled:
    """What a crawl did. `stopped_because` is set where Kafka took no more."""

    delivered: Delivered = field(default_factory=Delivered)
    failures: list[Failure] = field(default_factory=list)
    stopped_because: str | None = None

    @property
    def complete(self) -> bool:
        """Whether every address gave an article that Kafka has, or had."""
        return not self.failures and not self.delivered.failed and self.stopped_because is None


async def crawl(
    targets: Iterable[tuple[str, Hints]],
    fetcher: Fetcher,
    ledger: Ledger,
    writer: Writer,
    tell: Callable[[Page | Failure | str], None] = lambda _: None,
) -> Crawled:
    """Fetch each address once and deliver what is new or changed. `tell` hears of each as it comes: its
    page, its failure, or its address where it hasn't changed. Raises nothing of Kafka's or the web's.
    """
    crawled = Crawled()
    waiting = _once(targets)
    came: asyncio.Queue[Page | Failure | str | None] = asyncio.Queue(BATCH_PAGES)

    async def take() -> None:
        for url, hints in waiting:
            await came.put(await _outcome(fetcher, url, hints, ledger.known(url)))

    async def take_all() -> None:
        await asyncio.gather(*(take() for _ in range(AT_ONCE)))
        await came.put(None)

    async with asyncio.TaskGroup() as group:
        taking = group.create_task(take_all())
        ended = False
        while not ended:
            batch, ended = await _batch(came)
            for each in batch:
                tell(each)
            try:
                await asyncio.to_thread(_deliver, batch, ledger, writer, crawled)
            except (WriterError, sqlite3.OperationalError) as error:
                crawled.stopped_because = str(error)
                taking.cancel()
                ended = True
    return crawled


def _once(targets: Iterable[tuple[str, Hints]]) -> Iterator[tuple[str, Hints]]:
    seen: set[str] = set()
    for url, hints in targets:
        name = canonical_url(url) or url
        if name not in seen:
            seen.add(name)
            yield url, hints


async def _batch(came: asyncio.Queue[Page | Failure | str | None]) -> tuple[list[Page | Failure | str], bool]:
    """What has come, waiting for the first; and whether that was all."""
    batch = [await came.get()]
    while len(batch) < BATCH_PAGES and not came.empty():
        batch.append(came.get_nowait())
    return [each for each in batch if each is not None], batch[-1] is None


async def _outcome(fetcher: Fetcher, url: str, hints: Hints, known: Known) -> Page | Failure | str:
    try:
        return await fetch_page(fetcher, url, hints, known) or url
    except FetchError as error:
        return Failure(url, error.reason, error.detail, error.retry_after_seconds)
    except PageError as error:
        letter = dead_letter(_unreadable(url, error)) if error.payload else None
        return Failure(url, error.reason, error.detail, error.retry_after_seconds, letter)


def _unreadable(url: str, error: PageError) -> Unreadable:
    payload = error.payload[:DEAD_LETTER_PAYLOAD_BYTES]
    return Unreadable(url, 0, error.reason, error.detail, payload, len(error.payload))


def _deliver(batch: list[Page | Failure | str], ledger: Ledger, writer: Writer, crawled: Crawled) -> None:
    pages = [each for each in batch if isinstance(each, Page)]
    failures = [each for each in batch if isinstance(each, Failure)]
    unchanged = [each for each in batch if isinstance(each, str)]
    for failure in failures:
        if failure.letter is not None:
            writer.write_dead_letter(failure.letter)
    writer.flush()
    now_ms = time.time_ns() // 1_000_000
    crawled.delivered += ledger.deliver(pages, writer) + Delivered(unchanged=len(unchanged))
    for url in unchanged:
        known = ledger.known(url)
        ledger.note(url, Known(now_ms, known.etag, known.last_modified))
    for failure in failures:
        if failure.reason in LASTING:
            ledger.note(failure.url, Known(now_ms, failure=failure.reason))
    crawled.failures += failures
