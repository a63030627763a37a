"""What sinks write to Kafka with: alerts for their topic, dead letters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol

import structlog

log = structlog.get_logger(__name__)


class Producer(Protocol):
    """As much of `kafka.KafkaProducer` as sinks need."""

    def send(self, topic: str, value: bytes | None = None, key: bytes | None = None) -> Any:
        """A future of the record's acknowledgement. Raises `kafka.errors.KafkaError`."""
        ...


class Connected(Producer, Protocol):
    """One with a connection to let go of."""

    def close(self, timeout: float | None = None) -> None:
        """Let go of the connection; what is still unanswered after `timeout` seconds fails."""
        ...


class RenewedProducer:
    """A producer that is made anew once it has failed for good.

    An idempotent one that was refused a record (a clock an hour ahead is enough) refuses all that comes
    after it for as long as it lives; the sinks would neither alert nor set anything aside until they were
    started again. Safe to use from several threads.
    """

    def __init__(self, connect: Callable[[], Connected]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._producer = connect()
        self._has_failed = False

    def send(self, topic: str, value: bytes | None = None, key: bytes | None = None) -> Any:
        """Send through the producer, or through a new one. Raises what it raises."""
        with self._lock:
            if self._has_failed:
                self._renew()
            producer = self._producer
        answer = producer.send(topic, value=value, key=key)
        answer.add_errback(lambda error: self._note(producer, error))
        return answer

    def close(self) -> None:
        """Wait for what is on its way, then let go of the connection."""
        self._producer.close()

    def _renew(self) -> None:
        before, self._producer = self._producer, self._connect()
        self._has_failed = False
        before.close(timeout=0)

    def _note(self, producer: Connected, error: BaseException) -> None:
        if getattr(error, "retriable", False) or producer is not self._producer or self._has_failed:
            return
        log.warning("producer_failed", error=f"{type(error).__name__}: {error}")
        self._has_failed = True
