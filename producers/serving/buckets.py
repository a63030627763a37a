"""How often each reader or writer may ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

Holder = TypeVar("Holder")


class Buckets(Generic[Holder]):
    """A bucket of requests for each holder: full it holds a minute's worth, and it fills steadily."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._buckets: dict[Holder, tuple[float, float]] = {}

    def take(self, holder: Holder) -> float:
        """Take one request out. 0, or where the bucket is empty the seconds until there is one again."""
        now = self._clock()
        left, then = self._buckets.get(holder, (float(self.per_minute), now))
        left = min(self.per_minute, left + (now - then) * self.per_minute / 60)
        self._buckets[holder] = (left - 1 if left >= 1 else left, now)
        return 0.0 if left >= 1 else (1 - left) * 60 / self.per_minute
