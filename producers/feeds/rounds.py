"""Round after round: whatever is due, a domain at a time, by as many hands as are allowed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from producers.feeds.delivery import Delivery
from producers.feeds.options import FeedsOptions
from producers.feeds.polling import poll
from producers.feeds.store import DAY_SECONDS, Store
from producers.fetching import Fetcher
from producers.writer import WriterError

log = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
ONCE_SECONDS = 0.05
KAFKA_AWAY_SECONDS = 5.0
BATCH_ITEMS = 64
CHORE_SECONDS = 30.0


@dataclass
class Rounds:
    """Reads feeds and delivers their items. Producers that share the store share the work.

    One domain is visited by one hand at a time, of whichever producer, with the fetcher's spacing between.
    `chores` run now and then, as the upkeep of subscriptions does. `polled` counts readings by the state that
    a feed was left in.
    """

    store: Store
    fetcher: Fetcher
    delivery: Delivery
    options: FeedsOptions
    chores: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    polled: Counter[str] = field(default_factory=Counter)
    stopped_because: str | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: int = 0
    _forgot_at: float = 0.0

    def stop(self) -> None:
        """End after what is being done; what waits goes on at the next start."""
        self._stop.set()

    async def run(self, *, once: bool = False) -> None:
        """Until `stop`; or `once`, until nothing is due. Raises nothing of the web's or Kafka's: it waits for
        Kafka to come back, or once, says in `stopped_because` why it could not deliver.
        """
        places = asyncio.Semaphore(self.options.at_once)
        async with asyncio.TaskGroup() as group:
            for chore in () if once else self.chores:
                group.create_task(self._repeat(chore))
            while not self._stop.is_set():
                self._forget_daily()
                await places.acquire()
                domain = self.store.take_turn(time.time())
                if domain is not None:
                    self._busy += 1
                    group.create_task(self._visit(domain, places, once=once))
                    continue
                places.release()
                if once and not self._busy and not self._due_soon():
                    return
                await self._pause(ONCE_SECONDS if once else IDLE_SECONDS)

    async def _visit(self, domain: str, places: asyncio.Semaphore, *, once: bool) -> None:
        asked = False
        try:
            asked = await self._work(domain)
        except WriterError as error:
            log.warning("kafka_away", why=str(error))
            if once:
                self.stopped_because = str(error)
                self.stop()
            await self._pause(KAFKA_AWAY_SECONDS)
        except Exception:
            log.exception("feeds_turn_failed", domain=domain)
            self.store.postpone_domain(domain, time.time() + self.options.bounds.min_seconds)
        finally:
            self._busy -= 1
            self.store.end_turn(domain, time.time() + self.options.spacing_seconds * asked)
            places.release()

    async def _work(self, domain: str) -> bool:
        """Read a feed or fetch a page, and deliver what needs no visit. Whether the domain was visited."""
        now = time.time()
        state = self.store.due_feed(domain, now)
        if state is not None:
            read = await poll(self.store, self.fetcher, state, self.options)
            self.polled[read.status] += 1
        if whole := self.store.waiting(domain, time.time(), whole=True, count=BATCH_ITEMS):
            await self.delivery.deliver_whole(whole)
        if state is None and (pages := self.store.waiting(domain, now, whole=False, count=1)):
            await self.delivery.deliver_page(pages[0], self.fetcher)
            return True
        return state is not None

    def _forget_daily(self) -> None:
        now = time.time()
        if now - self._forgot_at >= DAY_SECONDS:
            self._forgot_at = now
            self.store.forget_old(now - self.options.known_days * DAY_SECONDS)

    def _due_soon(self) -> bool:
        now = time.time()
        return self.store.due_domain(now, free_by=now + 2 * self.options.spacing_seconds) is not None

    async def _repeat(self, chore: Callable[[], Awaitable[None]]) -> None:
        while not self._stop.is_set():
            try:
                await chore()
            except Exception:
                log.exception("feeds_chore_failed")
            await self._pause(CHORE_SECONDS)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
