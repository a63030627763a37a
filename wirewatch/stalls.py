"""Notices a partition that has stopped moving: records wait, and the committed offset stands still.

A consumer can stall without an error (users of Faust and aiokafka report it), so what counts is what the
broker knows: the group's committed offset against the end offset, and not what the consumer believes.
What stands still is not always stalled. Whoever has the partition may have work in hand that takes long: an
article of two million characters, a sink that holds for a node that is away. It shows by a sign of life,
which its process knows and nobody outside; so outside, seconds are told, and inside, stalls are ended.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import structlog
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.structs import OffsetAndMetadata

log = structlog.get_logger(__name__)

LIMIT_SECONDS = 45.0
"""Without a commit and without a sign of life: with the checks and a query or two, noticed within 60 s."""
CHECK_SECONDS = 5.0
WORKING_SECONDS = 3600.0
"""How long a worker may compute on one batch: sixteen of the longest articles, on a slow machine."""

TASKS = Path("/proc/self/task")

Place = tuple[str, TopicPartition]
"""A consumer group in a partition."""

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Position:
    """Where a group is in a partition; before its first commit, `committed` is the first offset there is.

    `sign` is any number that changes while whoever has the partition works: CPU seconds, offsets recovered.
    """

    committed: int
    end: int
    sign: float = 0.0

    @property
    def waiting(self) -> int:
        """How many records are before the group."""
        return max(0, self.end - self.committed)


@dataclass(frozen=True)
class _Still:
    """Since when a partition stands at an offset, and since when without a sign of life."""

    committed: int
    since: float
    sign: float
    silent_since: float


@dataclass
class StallClock(Generic[K]):
    """Remembers since when each partition has stood still with records before it.

    A sign of life puts a stall off, for `working_seconds` since the last commit at most.
    """

    limit_seconds: float = LIMIT_SECONDS
    working_seconds: float = math.inf
    _still: dict[K, _Still] = field(default_factory=dict)

    def observe(self, now_seconds: float, positions: Mapping[K, Position]) -> list[K]:
        """The partitions that are stalled, in the order given. Those not seen are forgotten."""
        self._still = {
            partition: self._stands(partition, position, now_seconds)
            for partition, position in positions.items()
            if position.waiting
        }
        return [
            partition
            for partition, still in self._still.items()
            if now_seconds - still.silent_since > self.limit_seconds
            or now_seconds - still.since > self.working_seconds
        ]

    def still(self, now_seconds: float) -> dict[K, float]:
        """For how many seconds each partition has stood still that has records before it."""
        return {partition: now_seconds - still.since for partition, still in self._still.items()}

    def _stands(self, partition: K, position: Position, now: float) -> _Still:
        before = self._still.get(partition)
        if before is None or before.committed != position.committed:
            return _Still(position.committed, now, position.sign, now)
        silent_since = before.silent_since if before.sign == position.sign else now
        return _Still(position.committed, before.since, position.sign, silent_since)


class StallWatch(threading.Thread):
    """Looks every few seconds, in a thread of its own, since what stalls may be the event loop.

    `look` gives the positions, and may raise: while the broker is away nothing is known, and no time is
    counted. `tell` hears what is wrong with each group after each look, or `None`. `stalled` is called once,
    with what is stalled, and ends the watch.
    """

    def __init__(
        self,
        look: Callable[[], Mapping[Place, Position]],
        stalled: Callable[[list[Place]], None],
        clock: StallClock[Place],
        tell: Callable[[str, str | None], None] = lambda group, fault: None,  # noqa: ARG005
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        super().__init__(name="stalls", daemon=True)
        self._look = look
        self._stalled = stalled
        self._clock = clock
        self._tell = tell
        self._check_seconds = check_seconds
        self._ended = threading.Event()

    def run(self) -> None:
        """Until something is stalled, or `end`."""
        while not self._ended.wait(self._check_seconds):
            try:
                found = self._look()
            except Exception as error:  # whatever it is, the next look may know more
                log.warning("positions_unknown", error=f"{type(error).__name__}: {error}")
                found = {}
            stalled = self._clock.observe(time.monotonic(), found)
            for group in dict.fromkeys(group for group, _ in found):
                self._tell(group, self._fault(group, time.monotonic()))
            if stalled:
                self._stalled(stalled)
                return

    def end(self) -> None:
        """Look no more."""
        self._ended.set()

    def _fault(self, group: str, now: float) -> str | None:
        still = {place: seconds for place, seconds in self._clock.still(now).items() if place[0] == group}
        place = max(still, key=lambda one: still[one], default=None)
        if place is None or still[place] <= self._clock.limit_seconds:
            return None
        return f"{place[1].topic} partition {place[1].partition} has stood still for {still[place]:.0f} s"


def positions(
    admin: KafkaAdminClient, group: str, partitions: set[TopicPartition]
) -> dict[TopicPartition, Position]:
    """Where a group is in some partitions, as the broker has it. Raises `kafka.errors.KafkaError`."""
    return {partition: found for (_, partition), found in all_positions(admin, {group: partitions}).items()}


def all_positions(
    admin: KafkaAdminClient, wanted: Mapping[str, Collection[TopicPartition]]
) -> dict[Place, Position]:
    """Where groups are in some partitions each, with few requests: commits first, then the ends.

    Records that retention has deleted are not before a group, though it never read them. Raises
    `kafka.errors.KafkaError`.
    """
    partitions = {partition for some in wanted.values() for partition in some}
    if not partitions:
        return {}
    committed = {group: admin.list_group_offsets(group)[group] for group in wanted}
    ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    starts = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
    return {
        (group, partition): Position(
            max(_offset(committed[group].get(partition)), starts[partition].offset), ends[partition].offset
        )
        for group, some in wanted.items()
        for partition in sorted(some)
    }


def _offset(committed: OffsetAndMetadata | None) -> int:
    return committed.offset if committed is not None else 0


def partitions_of(admin: KafkaAdminClient, topics: Iterable[str]) -> set[TopicPartition]:
    """All partitions of some topics. Raises `kafka.errors.KafkaError`."""
    return {
        TopicPartition(topic["name"], partition["partition_index"])
        for topic in admin.describe_topics(list(topics))
        for partition in topic["partitions"]
    }


def cpu_seconds(thread: threading.Thread | None) -> float:
    """CPU time of a thread, by Linux: one that hangs uses none. Elsewhere that of the whole process."""
    if not TASKS.exists():
        return time.process_time()
    if thread is None or thread.native_id is None:
        return 0.0
    try:
        return int((TASKS / str(thread.native_id) / "schedstat").read_text().split()[0]) / 1e9
    except (OSError, IndexError):  # ended just now; a kernel that does not tell
        return 0.0
