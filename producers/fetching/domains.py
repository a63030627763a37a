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

DAY_SECONDS = 86_400


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
    """Spacing, concurrency, pause and daily budget of one registered domain, in one event loop.

    `now_seconds` is epoch time, for the budget's day (UTC); spacing goes by the loop's own clock.
    """

    def __init__(
        self, name: str, options: FetchingOptions, now_seconds: Callable[[], float] = time.time
    ) -> None:
        self.name = name
        self.robots_turn = asyncio.Lock()
        self._options = options
        self._now_seconds = now_seconds
        self._places = asyncio.Semaphore(options.concurrency_per_domain)
        self._start_turn = asyncio.Lock()
        self._asked_seconds: dict[str, float] = {}
        self._last_start = float("-inf")
        self._paused_until = float("-inf")
        self._day = 0
        self._requests = 0

    @asynccontextmanager
    async def visit(self, first: Callable[[], Awaitable[object]] | None = None) -> AsyncIterator[None]:
        """Wait for a turn and hold it; nobody else's begins before `first` is done, which may widen the
        spacing. Raises `FetchError` (`asked_to_wait`) while the domain is paused, and what `first` raises.
        """
        async with self._places:
            async with self._start_turn:
                self._refuse_while_paused()
                await self._until_spaced()
                self._refuse_while_paused()
                self._last_start = _clock()
                if first is not None:
                    await first()
            yield

    def spend(self) -> None:
        """Count one request. Raises `FetchError` (`budget_spent`) when the day's are used up."""
        now = self._now_seconds()
        if self._day != (day := int(now // DAY_SECONDS)):
            self._day, self._requests = day, 0
        if self._requests >= self._options.requests_per_day:
            detail = f"{self.name} has had its {self._requests} requests of today"
            raise FetchError("budget_spent", detail, DAY_SECONDS - now % DAY_SECONDS)
        self._requests += 1

    def widen(self, origin: str, interval_seconds: float) -> None:
        """Space visits as far apart as the robots.txt of one of its hosts asks, within the options' bound."""
        self._asked_seconds[origin] = min(interval_seconds, self._options.spacing_seconds_max)

    def pause(self, seconds: float | None) -> None:
        """Stay away for as long as an answer asked; `None` where it did not say how long."""
        asked = self._options.pause_seconds if seconds is None else seconds
        until = _clock() + min(asked, self._options.pause_seconds_max)
        self._paused_until = max(self._paused_until, until)

    async def _until_spaced(self) -> None:
        while (wait := self._last_start + self._interval_seconds() - _clock()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(wait)  # the visit before may learn meanwhile that it must be longer

    def _interval_seconds(self) -> float:
        return max(self._options.spacing_seconds, *self._asked_seconds.values(), 0.0)

    def _refuse_while_paused(self) -> None:
        if (left := self._paused_until - _clock()) > 0:
            raise FetchError("asked_to_wait", f"{self.name} asked to be left alone for a while", left)


def _clock() -> float:
    return asyncio.get_running_loop().time()
