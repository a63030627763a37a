"""From Kafka into a sink, at least once: offsets are committed only after everything is safe.

A sink is given batches of decoded records and writes them. It may wait as long as it must, through
`hold`, which meanwhile keeps this consumer in its group: polled, nothing consumed, nothing committed.
A record that can't be decoded, or that the sink refuses, goes to the dead-letter topic and its partition
goes on. After a crash, what was not committed is read again; sinks make that harmless by deterministic ids.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

import structlog
from kafka import KafkaConsumer
from kafka.errors import CommitFailedError, KafkaError
from kafka.structs import OffsetAndMetadata, TopicPartition

from schemas.article import Record
from schemas.dead_letter import DeadLetter, Origin
from schemas.hops import UNWATCHED, Fate, StageTime, Watch, fate_of
from schemas.wire import WireError, decode
from sinks.dead_letters import SetAside, article_id_of, dead_letter
from sinks.retries import Hold, delay_seconds

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.2
LULL_SECONDS = 0.1
KEEP_ALIVE_SECONDS = 2.0
AWAY_SECONDS = 0.5
SESSION_SECONDS = 10.0
REJOIN_SECONDS = 40.0
JOIN_SECONDS = REJOIN_SECONDS + SESSION_SECONDS / 2
COMMIT_MS_MAX = 10_000
BATCH_BYTES_MAX = 8 * 1024 * 1024
GROUP_OPTIONS: dict[str, Any] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "session_timeout_ms": int(SESSION_SECONDS * 1000),
    "heartbeat_interval_ms": 3_000,
    "max_poll_interval_ms": int(REJOIN_SECONDS * 1000),
    "metadata_max_age_ms": 10_000,
}
"""On top of the cluster's options: a sink killed is replaced after ten seconds, a topic created late is
found as quickly.

`max_poll_interval_ms` is also for how long a group is waiting for members to join again. Kafka 4.4.0, killed
and started twice in a row, may read its groups without noting when their members were last heard of: those
that died with it are waited for as long as that, five minutes by default.
"""


class Interrupted(Exception):  # noqa: N818 - not an error
    """The sink was asked to stop while it waited; nothing of the batch in hand is committed."""


@dataclass(frozen=True)
class Delivery:
    """One record, where it came from, and its bytes."""

    record: Record
    origin: Origin
    payload: bytes


@dataclass(frozen=True)
class Refused:
    """A delivery the sink can never write. `reason` is a constant word, `detail` a sentence."""

    delivery: Delivery
    reason: str
    detail: str


class Sink(Protocol):
    """Where records end. `topics` says which record type each topic carries."""

    name: str
    topics: Mapping[str, type[Record]]

    def write(self, batch: Sequence[Delivery], hold: Hold) -> list[Refused]:
        """Write all of the batch and return once it is safe, or refuse some of it for good."""
        ...

    def tick(self, hold: Hold) -> None:
        """Called several times a second between batches, for what is due by the clock."""
        ...


class SinkConsumer:
    """Runs one sink on one consumer, in one thread, until `stop` is set.

    While it is `joining` its group it may take `JOIN_SECONDS` to notice, and whoever stops it need not wait:
    nothing is committed meanwhile, so that nothing is lost by ending the process.
    """

    def __init__(  # noqa: PLR0913
        self,
        sink: Sink,
        consumer: KafkaConsumer,
        set_aside: SetAside,
        stop: threading.Event,
        *,
        batch_records: int = 500,
        batch_seconds: float = 1.0,
        watch: Watch = UNWATCHED,
        group: str = "",
    ) -> None:
        self._sink = sink
        self._consumer = consumer
        self._set_aside = set_aside
        self._stop = stop
        self._batch_records = batch_records
        self._batch_seconds = batch_seconds
        self._watch = watch
        self._group = group or sink.name
        self._polled_at = 0.0
        self._uncommitted: dict[TopicPartition, OffsetAndMetadata] = {}
        self._busy = False
        self.joining = False
        self.assigned: frozenset[TopicPartition] = frozenset()

    @property
    def topics(self) -> list[str]:
        """What the sink reads."""
        return list(self._sink.topics)

    @property
    def busy(self) -> bool:
        """Whether a batch is in hand, or waits for the sink's cluster: then nothing else can move."""
        return self._busy

    def run(self) -> None:
        """Consume until stopped; the batch in hand is finished first, unless the sink can't write it.

        Raises what the sink or Kafka raises beyond what is retried; then too nothing is lost.
        """
        self._learn_partitions()
        self._consumer.subscribe(list(self._sink.topics))
        log.info("sink_started", sink=self._sink.name, topics=list(self._sink.topics))
        try:
            while not self._stop.is_set():
                self._sink.tick(self.hold)
                records = self._gather()
                if records:
                    self._busy = True
                    self._handle(records)
                    self._busy = False
                elif self._uncommitted:
                    self._commit(())
        except Interrupted:
            log.info("sink_interrupted", sink=self._sink.name)
        finally:
            self._consumer.close(autocommit=False)
            log.info("sink_stopped", sink=self._sink.name)

    def _learn_partitions(self) -> None:
        """Ask for the topics' partitions before joining the group.

        kafka-python 3.0.12 joins at once otherwise, assigns what it does not know yet, which is nothing, and
        must join a second time; see `_joined`.
        """
        for topic in self._sink.topics:
            self._consumer.partitions_for_topic(topic)

    def hold(self, seconds: float) -> None:
        """Wait without losing the group: polls go on, and what they bring is put back.

        Partitions are not paused: kafka-python 3.0.12 may never hand out what it had fetched of a paused
        partition once a rebalance has come between. Raises `Interrupted` when the sink is to stop.
        """
        deadline = time.monotonic() + seconds
        while True:
            if self._stop.is_set():
                raise Interrupted
            if time.monotonic() - self._polled_at >= KEEP_ALIVE_SECONDS:
                for partition, records in self._poll(POLL_SECONDS, 1).items():
                    self._consumer.seek(partition, records[0].offset)
            left = deadline - time.monotonic()
            if left <= 0:
                return
            self._stop.wait(min(left, POLL_SECONDS))

    def _poll(self, seconds: float, records_max: int) -> dict[TopicPartition, list[Any]]:
        """What has come; nothing while the broker is away, which kafka-python 3.0.12 may raise from here."""
        self._polled_at = time.monotonic()
        try:
            polled: dict[TopicPartition, list[Any]] = (
                self._consumer.poll(timeout_ms=int(seconds * 1000), max_records=records_max)
                if self._joined()
                else {}
            )
        except KafkaError as error:
            if not error.retriable:
                raise
            log.warning("poll_failed", sink=self._sink.name, error=str(error))
            self._stop.wait(AWAY_SECONDS)
            return {}
        self.assigned = frozenset(self._consumer.assignment())
        return polled

    def _joined(self) -> bool:
        """Join the group where the next poll would, at the start or in a rebalance; whether that went well.

        In kafka-python 3.0.12 a poll that times out while the group is being joined may never join, without
        an error (13 of 116 starts with polls of 0.2 s, none of 120 with 5 s). Where all were killed at once,
        the broker answers a join only when the session of the dead has ended, or after `REJOIN_SECONDS`, so
        a poll shorter than that times out for every sink, in this life and the next. A poll that long would
        wait for records too, and `tick` with it; so what joins is the coordinator, of which there is no
        public way.
        """
        coordinator = self._consumer._coordinator  # noqa: SLF001
        self.joining = bool(coordinator.need_rejoin())
        try:
            return not self.joining or coordinator.poll(timeout_ms=int(JOIN_SECONDS * 1000)) is True
        finally:
            self.joining = False

    def _gather(self) -> list[Any]:
        """A batch: full, or as old as it may get, or all there is when nothing has come for a moment.

        So a trickle is not kept waiting for company, and a flood still comes in full batches.
        """
        records: list[Any] = []
        size = 0
        deadline = time.monotonic() + POLL_SECONDS
        while len(records) < self._batch_records and size < BATCH_BYTES_MAX and not self._stop.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                break
            patience = min(left, LULL_SECONDS if records else POLL_SECONDS)
            polled = self._poll(patience, self._batch_records - len(records))
            fresh = [record for some in polled.values() for record in some]
            if records and not fresh:
                break
            if fresh and not records:
                deadline = time.monotonic() + self._batch_seconds
            records += fresh
            size += sum(len(record.value or b"") for record in fresh)
        return records

    def _handle(self, records: Sequence[Any]) -> None:
        started_at, started, cpu = time.time(), time.monotonic(), time.thread_time()
        hop = self._watch.hop(self._group, (self._sink.name,), records)
        batch, letters = self._decode(records)
        refused = self._sink.write(batch, self.hold) if batch else []
        letters += [self._letter_of(one) for one in refused]
        if letters:
            self._put_aside(letters)
        self._commit(records)
        seconds = time.monotonic() - started
        taken = StageTime(started_at, seconds, time.thread_time() - cpu)
        hop.end(_fates(records, batch, letters), {self._sink.name: taken})
        log.debug(
            "batch_written",
            sink=self._sink.name,
            records=len(records),
            dead=len(letters),
            seconds=round(seconds, 3),
        )

    def _decode(self, records: Iterable[Any]) -> tuple[list[Delivery], list[DeadLetter]]:
        batch: list[Delivery] = []
        letters: list[DeadLetter] = []
        for record in records:
            origin, payload = _origin(record), record.value or b""
            try:
                batch.append(Delivery(decode(payload, self._sink.topics[record.topic]), origin, payload))
            except WireError as error:
                letters.append(
                    dead_letter(
                        stage=self._sink.name,
                        reason=error.reason,
                        detail=str(error),
                        origin=origin,
                        payload=payload,
                    )
                )
        return batch, letters

    def _letter_of(self, refused: Refused) -> DeadLetter:
        return dead_letter(
            stage=self._sink.name,
            reason=refused.reason,
            detail=refused.detail,
            origin=refused.delivery.origin,
            payload=refused.delivery.payload,
            record=refused.delivery.record,
        )

    def _put_aside(self, letters: Sequence[DeadLetter]) -> None:
        for attempt in count():
            try:
                self._set_aside(letters)
            except KafkaError as error:
                log.warning("dead_letters_not_acknowledged", sink=self._sink.name, error=str(error))
                self.hold(delay_seconds(attempt))
            else:
                return

    def _commit(self, records: Iterable[Any]) -> None:
        """Commit what is still ours, with what an earlier failure left over."""
        for record in records:
            partition = TopicPartition(record.topic, record.partition)
            self._uncommitted[partition] = OffsetAndMetadata(record.offset + 1, "", -1)
        ours = self._consumer.assignment()
        offsets = {partition: offset for partition, offset in self._uncommitted.items() if partition in ours}
        try:
            self._consumer.commit(offsets, timeout_ms=COMMIT_MS_MAX)
        except CommitFailedError as error:  # no longer in the group: whoever has the partition reads it again
            log.warning("commit_refused", sink=self._sink.name, error=str(error))
        except KafkaError as error:
            log.warning("commit_failed", sink=self._sink.name, error=str(error))
            return
        self._uncommitted.clear()


def _fates(records: Iterable[Any], batch: Iterable[Delivery], letters: Iterable[DeadLetter]) -> list[Fate]:
    """What became of each record, in their order."""
    fates = {_place(one.origin): Fate(article_id_of(one.record)) for one in batch}
    fates |= {_place(letter.origin): fate_of(letter) for letter in letters}
    return [fates[_place(record)] for record in records]


def _place(record: Any) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset


def _origin(record: Any) -> Origin:
    key = record.key.decode("utf-8", "backslashreplace") if record.key is not None else None
    return Origin(topic=record.topic, partition=record.partition, offset=record.offset, key=key)
