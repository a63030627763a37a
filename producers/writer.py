"""The one way into Kafka: records written once, counted when the cluster has acknowledged them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from kafka import KafkaProducer
from kafka.errors import KafkaError

from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD_LETTERS, RAW
from schemas.wire import encode

IN_FLIGHT_BYTES_MAX = 64 * 1024 * 1024
CLOSE_SECONDS = 10.0


@dataclass(frozen=True)
class NotAcknowledged:
    """A record that the cluster did not take."""

    topic: str
    key: str
    why: str


class WriterError(Exception):
    """Writing can't go on: no broker answers, or a topic is missing. The message says which."""


class Writer:
    """Writes records through one kafka-python producer, and knows what became of each.

    `options` are the producer's (`wirewatch.kafka.producer_options`: idempotent, acks=all, compressed).
    `acknowledged` counts records by topic, `not_acknowledged` lists those that failed for good.
    `write` returns at once while fewer than `in_flight_bytes_max` bytes await acknowledgement, and waits
    otherwise. Used as a context manager it flushes at the end. Writing is safe from one thread at a time.
    """

    def __init__(self, options: Mapping[str, Any], in_flight_bytes_max: int = IN_FLIGHT_BYTES_MAX) -> None:
        try:
            self._producer = KafkaProducer(**options)
        except KafkaError as error:
            raise WriterError(f"no Kafka broker can be reached: {error}") from error
        self._in_flight_bytes_max = in_flight_bytes_max
        self._in_flight_bytes = 0
        self._changed = threading.Condition()
        self.acknowledged: Counter[str] = Counter()
        self.not_acknowledged: list[NotAcknowledged] = []

    def write(self, article: Article) -> None:
        """Send an article on its way, to the raw topic of its lane, keyed by its id.

        Raises `schemas.wire.WireError` for one that can't travel, `WriterError` as `send` does.
        """
        self.send(RAW.for_lane(article.lane), article.id.encode(), encode(article))

    def write_dead_letter(self, letter: DeadLetter) -> None:
        """Send a dead letter. Raises as `write` does."""
        self.send(DEAD_LETTERS.name, letter.id.encode(), encode(letter))

    def send(self, topic: str, key: bytes | None, value: bytes) -> None:
        """Send bytes as they are.

        Raises `WriterError` where the producer can't take them in: the topic is missing, or the cluster
        has been away for longer than `max_block_ms`. What it took and could not deliver is counted in
        `not_acknowledged`.
        """
        self._reserve(len(value))
        try:
            future = self._producer.send(topic, value=value, key=key)
        except KafkaError as error:
            self._settle(topic, len(value), NotAcknowledged(topic, _text(key), str(error)))
            raise WriterError(f"topic {topic} does not take records: {error}") from error
        future.add_callback(lambda _: self._settle(topic, len(value)))
        future.add_errback(
            lambda error: self._settle(topic, len(value), NotAcknowledged(topic, _text(key), _why(error)))
        )

    def flush(self, timeout_seconds: float | None = None) -> list[NotAcknowledged]:
        """Wait until every record has been acknowledged or has failed; those that have failed.

        Raises `WriterError` where some are still on their way after `timeout_seconds`.
        """
        try:
            self._producer.flush(timeout=timeout_seconds)
        except KafkaError as error:
            raise WriterError(f"records are still on their way: {error}") from error
        return list(self.not_acknowledged)

    def close(self, timeout_seconds: float = CLOSE_SECONDS) -> None:
        """Give what is on its way `timeout_seconds`, then let go of the connection."""
        self._producer.close(timeout=timeout_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self.close()

    def _reserve(self, size_bytes: int) -> None:
        """Wait for room. A record larger than all the room there is goes when nothing else is on its way."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    not self._in_flight_bytes
                    or self._in_flight_bytes + size_bytes <= self._in_flight_bytes_max
                )
            )
            self._in_flight_bytes += size_bytes

    def _settle(self, topic: str, size_bytes: int, failure: NotAcknowledged | None = None) -> None:
        with self._changed:
            self._in_flight_bytes -= size_bytes
            if failure is None:
                self.acknowledged[topic] += 1
            else:
                self.not_acknowledged.append(failure)
            self._changed.notify_all()


def _text(key: bytes | None) -> str:
    return (key or b"").decode("utf-8", "backslashreplace")


def _why(error: BaseException) -> str:
    return str(error) or type(error).__name__
