"""How a backfill gives way to live news: by the system's priority, and by a pace that follows live lag.

Its processes run at the lowest priority, so live workers have the cores whenever they want them. Broker,
cluster and sinks serve both lanes alike; what they can't do for both shows in live lag, and then the
backfill waits longer before each batch, until live news have caught up. It never stops altogether, so a
partition of it that stands still is still a stall.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Self

import structlog
from kafka.admin import KafkaAdminClient

from wirewatch.kafka import admin_options
from wirewatch.lag import all_places, readers
from wirewatch.settings import KafkaSettings

log = structlog.get_logger(__name__)

LOWEST_PRIORITY = 19
LOOK_SECONDS = 2.0
LATE_SECONDS = 8.0
"""How late live news may be before a backfill slows down. Half of it is the groups' commits, one a second."""
FEW_RECORDS = 20
"""So few live records on their way say nothing about how late they are."""
PAUSE_SECONDS_MIN = 0.02
PAUSE_SECONDS_MAX = 1.0
WAIT_SECONDS_MAX = 15.0
"""Before one batch, however large: well below what a partition may stand still."""
REMEMBERED = 0.8
"""What the rate of live news keeps of its last value at each look: it follows within half a minute."""


def step_back() -> None:
    """Take the lowest priority, as all of a backfill's own processes should, where the system has one."""
    with suppress(AttributeError, OSError):  # Windows has no such call; a container may forbid it
        os.nice(LOWEST_PRIORITY)


@dataclass(frozen=True)
class LiveFlow:
    """How live news were at one look: articles ever taken in, and records on their way."""

    at_seconds: float
    taken_in: int
    under_way: int


@dataclass
class Pace:
    """How long a backfill waits before each article: doubled while live news are late, halved when not.

    Late is by Little's law: what is on its way, over what comes a second.
    """

    pause_seconds: float = 0.0
    _rate: float = 0.0
    _before: LiveFlow | None = None

    def follow(self, flow: LiveFlow) -> None:
        """Take in a look."""
        if self._before is not None and flow.at_seconds > self._before.at_seconds:
            seconds = flow.at_seconds - self._before.at_seconds
            rate = max(0, flow.taken_in - self._before.taken_in) / seconds
            self._rate = REMEMBERED * self._rate + (1 - REMEMBERED) * rate if self._rate else rate
        self._before = flow
        if self._is_late(flow):
            self.pause_seconds = min(PAUSE_SECONDS_MAX, max(PAUSE_SECONDS_MIN, 2 * self.pause_seconds))
        else:
            halved = self.pause_seconds / 2
            self.pause_seconds = halved if halved >= PAUSE_SECONDS_MIN else 0.0

    def _is_late(self, flow: LiveFlow) -> bool:
        return flow.under_way > max(FEW_RECORDS, LATE_SECONDS * self._rate)


class Governor:
    """Makes the agents of a backfill wait by a pace that follows live news. A context manager.

    Where the broker does not tell, the pace stays as it is.
    """

    def __init__(self, look: Callable[[], LiveFlow], look_seconds: float = LOOK_SECONDS) -> None:
        self._look = look
        self._look_seconds = look_seconds
        self._pace = Pace()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="governor", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    async def __call__(self, articles: int) -> None:
        """Wait before as many articles."""
        if self._pace.pause_seconds:
            await asyncio.sleep(min(WAIT_SECONDS_MAX, articles * self._pace.pause_seconds))

    def _run(self) -> None:
        while not self._ended.wait(self._look_seconds):
            before = self._pace.pause_seconds
            try:
                self._pace.follow(self._look())
            except Exception as error:
                log.warning("live_lag_unknown", error=f"{type(error).__name__}: {error}")
            if bool(before) != bool(self._pace.pause_seconds):
                log.info("backfill_slowed" if self._pace.pause_seconds else "backfill_at_full_pace")


@contextmanager
def governed(kafka: KafkaSettings) -> Iterator[Governor]:
    """A governor that looks at the live lane of a cluster."""
    admin = KafkaAdminClient(**admin_options(kafka))
    try:
        with Governor(lambda: live_flow(admin)) as governor:
            yield governor
    finally:
        admin.close()


def live_flow(admin: KafkaAdminClient) -> LiveFlow:
    """How live news are now. Raises `kafka.errors.KafkaError`."""
    first, *_ = flow = readers("live")
    found = all_places(admin, flow)
    return LiveFlow(
        at_seconds=time.monotonic(),
        taken_in=sum(position.committed for (group, _), position in found.items() if group == first.group),
        under_way=sum(position.waiting for position in found.values()),
    )
