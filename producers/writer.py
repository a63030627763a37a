"""The one way into Kafka: records written once, counted when the cluster has acknowledged them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from kafka import KafkaProducer
from kafka.errors import InvalidRecordError, KafkaError, MessageSizeTooLargeError

from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.hops import Headers
from schemas.topics import DEAD_LETTERS, RAW
from schemas.wire import encode

IN_FLIGHT_BYTES_MAX = 64 * 1024 * 1024
CLOSE_SECONDS = 10.0
RECORD_FAULTS = (MessageSizeTooLargeError, InvalidRecordError)


@dataclass(frozen=True)
class NotAcknowledged:
    """A record that the cluster did not take; `article_id` where it is an article."""

    topic: str
    key: str
    why: str
    article_id: str | None = None


class WriterError(Exception):
    """Writing can't go on: no broker answers, a topic is missing, or the cluster forbids it."""


@dataclass(frozen=True)
class _Sent:
    topic: str
    key: bytes | None
    value: bytes
    article_id: str | None = None
    headers: Headers | None = None


class Writer:
    """Writes records through one kafka-python producer, and knows what became of each.

    `options` are the producer's (`wirewatch.kafka.producer_options`: idempotent, acks=all, compressed).
    `acknowledged` counts records by topic, `not_acknowledged` lists those that failed for good. `write`
    returns at once while fewer than `in_flight_bytes_max` bytes await acknowledgement, and waits
    otherwise. Used as a context manager it flushes at the end. For one thread at a time. `stamp` is told of
    each article, and says which headers go with it.

    An idempotent producer that has had one record refused fails everything else on its way, and goes on
    failing. So what it refused goes once more, one by one, through a new producer, and only the records
    that are at fault are lost.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        in_flight_bytes_max: int = IN_FLIGHT_BYTES_MAX,
        stamp: Callable[[Article], Headers | None] | None = None,
    ) -> None:
        self._options = dict(options)
        self._stamp = stamp
        self._producer = self._connect()
        self._in_flight_bytes_max = in_flight_bytes_max
        self._in_flight_bytes = 0
        self._awaited = 0
        self._changed = threading.Condition()
        self._refused: list[_Sent] = []
        self._forbidden: BaseException | None = None
        self.acknowledged: Counter[str] = Counter()
        self.not_acknowledged: list[NotAcknowledged] = []

    def write(self, article: Article) -> None:
        """Send an article on its way, to the raw topic of its lane, keyed by its source: what a source says
        again and again is learned where all of it comes.

        Raises `schemas.wire.WireError` for one that can't travel, `WriterError` as `send` does.
        """
        value = encode(article)
        headers = self._stamp(article) if self._stamp is not None else None
        self.send(RAW.for_lane(article.lane), article.source.encode(), value, article.id, headers)

    def write_dead_letter(self, letter: DeadLetter) -> None:
        """Send a dead letter. Raises as `write` does."""
        self.send(DEAD_LETTERS.name, letter.id.encode(), encode(letter))

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes,
        article_id: str | None = None,
        headers: Headers | None = None,
    ) -> None:
        """Send bytes as they are.

        Raises `WriterError` where the producer can't take them in: the topic is missing, the cluster has
        been away for longer than `max_block_ms`, or it has forbidden an earlier record. What was taken in
        and not delivered is in `not_acknowledged`.
        """
        while not self._reserve(len(value)):
            self._retry_refused()
        if self._forbidden is not None:
            raise WriterError(f"the cluster takes no more records: {self._forbidden}")
        sent = _Sent(topic, key, value, article_id, headers)
        try:
            future = self._producer.send(topic, value=value, key=key, headers=headers)
        except KafkaError as error:
            self._settle(sent, error)
            raise WriterError(f"topic {topic} does not take records: {error}") from error
        future.add_callback(lambda _: self._settle(sent))
        future.add_errback(lambda error: self._fail(sent, error))

    def flush(self) -> list[NotAcknowledged]:
        """Wait until every record has been acknowledged or has failed; those that have failed so far.

        A record fails when the cluster has been away for the producer's `delivery_timeout_ms`.
        """
        self._wait_for_all()
        while self._refused:
            self._retry_refused()
        return list(self.not_acknowledged)

    def close(self, timeout_seconds: float = CLOSE_SECONDS) -> None:
        """Give what is on its way `timeout_seconds`, then let go of the connection."""
        with suppress(KafkaError):  # what was not delivered in time
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

    def _connect(self) -> KafkaProducer:
        try:
            return KafkaProducer(**self._options)
        except KafkaError as error:
            raise WriterError(f"no Kafka broker can be reached: {error}") from error

    def _reserve(self, size_bytes: int) -> bool:
        """Wait for room; false where refused records must be seen to first.

        A record larger than all the room there is goes when nothing else is on its way.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._refused
                    or not self._in_flight_bytes
                    or self._in_flight_bytes + size_bytes <= self._in_flight_bytes_max
                )
            )
            if self._refused:
                return False
            self._in_flight_bytes += size_bytes
            self._awaited += 1
            return True

    def _wait_for_all(self) -> None:
        """Until every record has been acknowledged, has failed, or was refused.

        kafka-python's own flush raises when a batch is split, as one is that holds too large a record.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._awaited == len(self._refused))

    def _settle(self, sent: _Sent, error: BaseException | None = None) -> None:
        with self._changed:
            self._in_flight_bytes -= len(sent.value)
            self._awaited -= 1
            if error is None:
                self.acknowledged[sent.topic] += 1
            else:
                key = (sent.key or b"").decode("utf-8", "backslashreplace")
                why = str(error) or type(error).__name__
                self.not_acknowledged.append(NotAcknowledged(sent.topic, key, why, sent.article_id))
            self._changed.notify_all()

    def _fail(self, sent: _Sent, error: BaseException) -> None:
        if not isinstance(error, RECORD_FAULTS):
            if not getattr(error, "retriable", False):
                self._forbidden = error
            self._settle(sent, error)
            return
        with self._changed:
            self._refused.append(sent)
            self._changed.notify_all()

    def _retry_refused(self) -> None:
        """Send what was refused again, one by one, through new producers."""
        self._wait_for_all()
        with self._changed:
            refused, self._refused = self._refused, []
        self._reconnect()
        for sent in refused:
            try:
                self._producer.send(sent.topic, value=sent.value, key=sent.key, headers=sent.headers).get()
            except RECORD_FAULTS as error:
                self._settle(sent, error)
                self._reconnect()
            except KafkaError as error:
                self._settle(sent, error)
            else:
                self._settle(sent)

    def _reconnect(self) -> None:
        self.close(timeout_seconds=0)
        self._producer = self._connect()
