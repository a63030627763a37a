"""Follows from outside how long each group has stood still in each partition, and says whether all is well.

No worker or sink is asked, so that one that is stopped, or gone, can't hide it. Outside nobody knows whether
it works on something that takes long; so this tells, and whoever has the partition decides: see
`wirewatch.stalls`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Self

import msgspec
import structlog
from kafka.admin import KafkaAdminClient

from schemas.topics import LANES
from wirewatch.kafka import admin_options
from wirewatch.lag import Reader, all_places, readers
from wirewatch.metrics import Sample
from wirewatch.settings import KafkaSettings
from wirewatch.stalls import CHECK_SECONDS, LIMIT_SECONDS, Place, Position, StallClock
from wirewatch.watching.serving import Answer

log = structlog.get_logger(__name__)

UNREAD_SECONDS = 30.0
"""How old the last look may be before Kafka counts as away."""


class Still(msgspec.Struct, frozen=True, kw_only=True):
    """A partition in which a group stands still."""

    group: str
    topic: str
    partition: int
    seconds: float
    records: int


class Standing:
    """A look at all readers of both lanes every few seconds, in a thread of its own. A context manager.

    Of the backfill lane's own groups, which usually nobody runs, seconds are told and no fault is made.
    """

    def __init__(
        self,
        look: Callable[[], Mapping[Place, Position]],
        check_seconds: float = CHECK_SECONDS,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self._look = look
        self._check_seconds = check_seconds
        self._clock: StallClock[Place] = StallClock(limit_seconds)
        self._live = {reader.group for reader in readers("live")}
        self._lock = threading.Lock()
        self._found: Mapping[Place, Position] = {}
        self._read_at: float | None = None
        self._told: set[tuple[str, str, int]] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="standing", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def samples(self) -> Iterator[Sample]:
        """Seconds without a commit of every group in every partition; 0 where nothing waits."""
        now = time.monotonic()
        with self._lock:
            found, still = self._found, self._clock.still(now)
        for group, partition in found:
            labels = {"group": group, "topic": partition.topic, "partition": str(partition.partition)}
            yield Sample("wirewatch_partition_still_seconds", still.get((group, partition), 0.0), labels)

    def standing_still(self) -> list[Still]:
        """Those that have stood still for too long, the longest first."""
        now = time.monotonic()
        with self._lock:
            found, still = self._found, self._clock.still(now)
        faults = [
            Still(
                group=group,
                topic=partition.topic,
                partition=partition.partition,
                seconds=round(seconds, 1),
                records=found[group, partition].waiting,
            )
            for (group, partition), seconds in still.items()
            if seconds > self._clock.limit_seconds and group in self._live
        ]
        return sorted(faults, key=lambda one: -one.seconds)

    def health(self) -> Answer:
        """200 where Kafka tells and nothing stands still, else 503; as JSON, which and since when."""
        is_read = self._read_at is not None and time.monotonic() - self._read_at < UNREAD_SECONDS
        still = self.standing_still()
        is_well = is_read and not still
        told = {
            "status": "ok" if is_well else "fault",
            "kafka": "ok" if is_read else "not read",
            "standing_still": still,
        }
        status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
        return Answer(msgspec.json.encode(told), "application/json", status)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._observe()
            self._ended.wait(self._check_seconds)

    def _observe(self) -> None:
        try:
            found = self._look()
        except Exception as error:
            log.warning("positions_unknown", error=f"{type(error).__name__}: {error}")
            found = {}
        now = time.monotonic()
        with self._lock:
            self._clock.observe(now, found)
            self._found = found or self._found
            self._read_at = now if found else self._read_at
        self._tell(self.standing_still())

    def _tell(self, still: Sequence[Still]) -> None:
        """A line in the log for each that has begun to stand still, once."""
        for one in still:
            if (one.group, one.topic, one.partition) not in self._told:
                log.warning("partition_stands_still", **msgspec.structs.asdict(one))
        self._told = {(one.group, one.topic, one.partition) for one in still}


class Offsets:
    """Where all readers of both lanes are, by an admin client of its own, made anew after a failure."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka
        self._admin: KafkaAdminClient | None = None

    def __call__(self) -> dict[Place, Position]:
        """All positions. Raises `kafka.errors.KafkaError`."""
        if self._admin is None:
            self._admin = KafkaAdminClient(**admin_options(self._kafka))
        try:
            return all_places(self._admin, all_readers())
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Leave the broker."""
        if self._admin is not None:
            with suppress(Exception):
                self._admin.close()
        self._admin = None


def all_readers() -> list[Reader]:
    """Those of both lanes, who share topics from the mentions on."""
    return list(dict.fromkeys(reader for lane in LANES for reader in readers(lane)))
