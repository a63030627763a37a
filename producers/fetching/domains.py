"""One registered domain's turn: how often it is visited, by how many at once, and when not at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache

import tldextract

from producers.fetching.exchange import FetchError
from producers.fetching.options import FetchingOptions
from producers.fetching.turns import DAY_SECONDS, Turns


@cache
def _extract() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list in the package, no network


def registered_domain(host: str) -> str:
    """The domain that was registered (`example.co.uk` of `news.example.co.uk`), by the public suffix list
    as it came with tldextract; the host itself where there is none. Sites of one host's customers
    (`x.blogspot.com`) are one domain: one operator's servers answer for all of them.
    """
    host = host.lower().rstrip(".")
    return (
        _extract().extract_str(host, include_psl_private_domains=False).top_domain_under_public_suffix or host
    )


class Domain:
    """Spacing, concurrency, pause and daily budget of one registered domain, for one event loop.

    What other processes must know is in `turns`; the number of visits at once holds within this one.
    """

    def __init__(self, name: str, options: FetchingOptions, turns: Turns) -> None:
        self.name = name
        self.robots_turn = asyncio.Lock()
        self._options = options
        self._turns = turns
        self._places = asyncio.Semaphore(options.concurrency_per_domain)
        self._start_turn = asyncio.Lock()
        self._asked_seconds: dict[str, float] = {}

    @asynccontextmanager
    async def visit(self, first: Callable[[], Awaitable[object]] | None = None) -> AsyncIterator[None]:
        """Wait for a turn and hold it; nobody else's begins before `first` is done, which may widen the
        spacing. Raises `FetchError` (`asked_to_wait`) while the domain is paused, and what `first` raises.
        """
        async with self._places:
            async with self._start_turn:
                self._refuse_while_paused()
                now = time.time()
                await asyncio.sleep(self._turns.book(self.name, self._interval_seconds(), now) - now)
                self._refuse_while_paused()
                if first is not None:
                    await first()
            yield

    def spend(self) -> None:
        """Count one request. Raises `FetchError` (`budget_spent`) when the day's are used up."""
        now = time.time()
        if not self._turns.spend(self.name, self._options.requests_per_day, now):
            detail = f"{self.name} has had its {self._options.requests_per_day} requests of today"
            raise FetchError("budget_spent", detail, DAY_SECONDS - now % DAY_SECONDS)

    def widen(self, origin: str, interval_seconds: float) -> None:
        """Space visits as far apart as the robots.txt of one of its hosts asks, within the options' bound."""
        self._asked_seconds[origin] = min(interval_seconds, self._options.spacing_seconds_max)

    def pause(self, seconds: float | None) -> None:
        """Stay away for as long as an answer asked; `None` where it did not say how long."""
        asked = self._options.pause_seconds if seconds is None else seconds
        self._turns.pause(self.name, time.time() + min(asked, self._options.pause_seconds_max))

    def _interval_seconds(self) -> float:
        return max(self._options.spacing_seconds, *self._asked_seconds.values(), 0.0)

    def _refuse_while_paused(self) -> None:
        if (left := self._turns.paused_until(self.name) - time.time()) > 0:
            raise FetchError("asked_to_wait", f"{self.name} asked to be left alone for a while", left)
