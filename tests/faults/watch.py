"""How far every group has come, asked of the broker itself, past the proxies."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from wirewatch.kafka import admin_options
from wirewatch.lag import Reader, readers
from wirewatch.settings import Settings
from wirewatch.stalls import Position, positions

LOOK_SECONDS = 0.4
ANSWER_MS = 4_000


@dataclass(frozen=True)
class Stand:
    """Where every reader is: committed and end offsets, by partition, in the order of the flow."""

    readers: dict[Reader, dict[TopicPartition, Position]]

    def behind(self) -> dict[str, int]:
        """Records not yet committed, by group and partition, where there are any."""
        return {
            f"{reader.group} {partition.topic}/{partition.partition}": position.end - position.committed
            for reader, found in self.readers.items()
            for partition, position in found.items()
            if position.end > position.committed
        }

    def has_moved_since(self, before: Stand) -> bool:
        """Whether each reader has committed since then, or has nothing before it."""
        return all(
            _committed(found) > _committed(before.readers[reader]) or not _waiting(found)
            for reader, found in self.readers.items()
        )


class Watch:
    """Asks the broker. A context is not kept: the broker may be gone at any time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin: KafkaAdminClient | None = None

    def stand(self) -> Stand:
        """Where every reader is now. Raises `KafkaError` while there is no broker."""
        try:
            if self._admin is None:
                options = admin_options(self._settings.kafka)
                impatient = {"bootstrap_timeout_ms": ANSWER_MS, "request_timeout_ms": ANSWER_MS}
                self._admin = KafkaAdminClient(**(options | impatient))
            return Stand({reader: self._positions(self._admin, reader) for reader in readers("live")})
        except Exception:
            self.close()
            raise

    def wait(self, condition: Callable[[Stand], bool], seconds: float) -> float | None:
        """Seconds until the condition held, `None` where it did not in time."""
        started = time.monotonic()
        while (passed := time.monotonic() - started) < seconds:
            with suppress(KafkaError):
                if condition(self.stand()):
                    return passed
            time.sleep(LOOK_SECONDS)
        return None

    def close(self) -> None:
        """Leave the broker."""
        if self._admin is not None:
            with suppress(Exception):
                self._admin.close()
        self._admin = None

    @staticmethod
    def _positions(admin: KafkaAdminClient, reader: Reader) -> dict[TopicPartition, Position]:
        (topic,) = admin.describe_topics([reader.topic])
        partitions = {TopicPartition(reader.topic, each["partition_index"]) for each in topic["partitions"]}
        return positions(admin, reader.group, partitions)


def _committed(found: dict[TopicPartition, Position]) -> int:
    return sum(position.committed for position in found.values())


def _waiting(found: dict[TopicPartition, Position]) -> int:
    return sum(position.end - position.committed for position in found.values())
