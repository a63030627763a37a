"""Notices a partition that has stopped moving: records wait, and the committed offset stands still.

A consumer can stall without an error (users of Faust and aiokafka report it), so what counts is what the
broker knows: the group's committed offset against the end offset, and not what the consumer believes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

LIMIT_SECONDS = 90.0
"""Longer than any batch takes: a stage gives up on a hostile article after seconds."""
CHECK_SECONDS = 10.0


@dataclass(frozen=True)
class Position:
    """Where a group is in a partition; before its first commit, `committed` is the first offset there is."""

    committed: int
    end: int


@dataclass
class StallClock:
    """Remembers since when each partition has stood still with records before it."""

    limit_seconds: float = LIMIT_SECONDS
    _still: dict[TopicPartition, tuple[int, float]] = field(default_factory=dict)

    def observe(
        self, now_seconds: float, positions: Mapping[TopicPartition, Position]
    ) -> list[TopicPartition]:
        """The partitions that have stood still for longer than the limit. Those not seen are forgotten."""
        waiting = {
            partition: position
            for partition, position in positions.items()
            if position.end > position.committed
        }
        self._still = {
            partition: (position.committed, self._since(partition, position, now_seconds))
            for partition, position in waiting.items()
        }
        return sorted(
            partition
            for partition, (_, since) in self._still.items()
            if now_seconds - since > self.limit_seconds
        )

    def _since(self, partition: TopicPartition, position: Position, now_seconds: float) -> float:
        committed, since = self._still.get(partition, (None, now_seconds))
        return since if committed == position.committed else now_seconds


def positions(
    admin: KafkaAdminClient, group: str, partitions: set[TopicPartition]
) -> dict[TopicPartition, Position]:
    """Where a group is in some partitions, as the broker has it. Raises `kafka.errors.KafkaError`."""
    committed = admin.list_group_offsets(group)[group]
    ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    starts = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
    return {
        partition: Position(
            committed[partition].offset if partition in committed else starts[partition].offset, end.offset
        )
        for partition, end in ends.items()
    }
