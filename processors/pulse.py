"""Ends a worker that was stopped for so long that its group has gone on without it.

Its partitions are others' by then, and what it still has in hand they have handled. Kafka refuses such a
worker's commits, but not what it writes: what it remembers would stand on the changelog after what the new
owner has written, and be believed by the next. So whoever wakes up from such a sleep ends before anything
else, and is started again.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import Any

import structlog

log = structlog.get_logger(__name__)

BEAT_SECONDS = 0.5


def end_outright(why: str, **told: Any) -> None:
    """End this process at once, without the farewell that would write what must not be written."""
    log.error("ended_outright", why=why, **told)
    os._exit(1)


class Pulse:
    """Knows whether this process has slept, by a beat of its event loop.

    A loop that computes is late as well, but CPU time passes. `end` is called once a sleep of more than
    `limit_seconds` has been noticed, and does not return in a worker.
    """

    def __init__(
        self,
        limit_seconds: float,
        end: Callable[..., None] = end_outright,
        now: Callable[[], float] = time.monotonic,
        worked: Callable[[], float] = time.process_time,
    ) -> None:
        self._limit_seconds = limit_seconds
        self._end = end
        self._now = now
        self._worked = worked
        self._last: tuple[float, float] | None = None

    async def beat(self) -> None:
        """Beat for ever: a task of the event loop."""
        while True:
            self.check()
            self.note()
            await asyncio.sleep(BEAT_SECONDS)

    def note(self) -> None:
        """The loop is awake."""
        self._last = self._now(), self._worked()

    def check(self) -> None:
        """To be called before anything is written."""
        if self._last is None:
            return
        at, worked = self._last
        slept_seconds = self._now() - at - (self._worked() - worked)
        if slept_seconds > self._limit_seconds:
            self._end("slept", seconds=round(slept_seconds, 1))
